/* What a decision is about: a program and an interface, or one folder of `files`. */
#ifndef PROGRAMS_PERMISSION_SUBJECT_H
#define PROGRAMS_PERMISSION_SUBJECT_H

#include "interface/permissions.h"
#include "programs/permission/folder.h"

enum { SUBJECT_CID_MAX = 64, SUBJECT_NAME_MAX = 64, SUBJECT_HASH = 32 };

struct subject_name {
    uint8_t bytes[SUBJECT_NAME_MAX];
    uint32_t size; /* what is longer is cut */
};

struct subject {
    uint8_t cid[SUBJECT_CID_MAX];
    uint32_t cid_size;
    uint8_t hash[SUBJECT_HASH];
    struct subject_name program;
    struct subject_name interface;
    struct folder folder; /* none: all of the interface */
};

/* False: it is no CID, no hash, or no folder of `files`. A name of the system's own is put in the place
 * of another. */
bool subject_take(const struct permissions_subject *from, struct subject *subject);
struct permissions_subject subject_give(const struct subject *subject);
/* The same program, interface and folder, whether to be read only or not. */
bool subject_equal(const struct subject *a, const struct subject *b);
/* The same program and interface. */
bool subject_is_akin(const struct subject *a, const struct subject *b);

#endif
