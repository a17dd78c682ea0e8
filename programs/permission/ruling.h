/* What the system's manifest says of single programs: init tells it before anybody asks. It is by CID,
 * as what is remembered is. */
#ifndef PROGRAMS_PERMISSION_RULING_H
#define PROGRAMS_PERMISSION_RULING_H

#include "interface/rulings.h"
#include "programs/permission/subject.h"

enum { RULED_MAX = 64, RULINGS_MAX = 1024 };

struct ruling {
    struct subject subject;
    enum permissions_choice choice;
};

/* Of a program, besides its rules. */
struct ruled {
    uint8_t cid[SUBJECT_CID_MAX];
    uint32_t cid_size;
    struct permissions_terms terms;
};

struct rulings {
    uint32_t count;
    struct ruling list[RULINGS_MAX];
    uint32_t program_count;
    struct ruled programs[RULED_MAX];
};

extern struct rulings rulings;

/* False: something of it is not understood, there is no room, or this program was there before; what
 * is understood of it holds, unless it was there before. */
bool ruling_add(const struct rulings_program *program);

/* NULL: the manifest does not say. */
const struct ruling *ruling_find(const struct subject *subject);
const struct ruled *ruling_program(struct weft_bytes cid);
/* Whether it is denied for good: no person's answer goes before that. */
bool ruling_denies(const struct subject *subject);

#endif
