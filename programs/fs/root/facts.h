/* Files whose contents are made when they are read: `/proc` and `/sys`. */
#ifndef PROGRAMS_FS_ROOT_FACTS_H
#define PROGRAMS_FS_ROOT_FACTS_H

#include "interface/system.h"
#include "programs/fs/root/text.h"
#include "programs/fs/root/volume.h"

struct fact {
    const char *name;
    const char *needs; /* hash of an interface that the reader must be allowed; or NULL */
    bool (*write)(struct text *text); /* false: it was not to be had */
};

/* Whether the reader may open it: 0, or a failure. */
int facts_check(const struct fact *fact);
/* What a part of the contents is. 0, or a failure. */
int facts_read(const struct fact *fact, uint64_t offset, struct volume_span *span);

/* How long they are now; 0 for who may not read them. Some programs go by a file's size. */
uint64_t facts_size(const struct fact *fact);
extern struct volume processes_volume; /* processes.c */
extern struct volume system_volume;    /* system.c */
extern const struct fact system_log;

#endif
