/* Processes by their names, for pgrep and pkill. */
#ifndef PROGRAMS_TOOL_SHARED_MATCH_H
#define PROGRAMS_TOOL_SHARED_MATCH_H

#include "programs/tool/shared/system.h"

struct match {
    uint64_t process;
    char name[64]; /* without `.wasm` */
};

struct match_list {
    struct match *data; /* NULL: nothing matches */
    uint32_t count;
    uint32_t capacity;
};

/* Those whose name the extended regular expression finds something in, or, `whole`, is; but for this
 * program's own process. 0, or what to exit with: why is told. */
int match_processes(const char *help, const char *pattern, bool whole, struct match_list *found);

#endif
