/* What is in force: an answer for one silo, with the right to answer otherwise, which the kernel gave
 * with the question. */
#ifndef PROGRAMS_PERMISSION_GRANTS_H
#define PROGRAMS_PERMISSION_GRANTS_H

#include "interface/permission.h"
#include "programs/permission/subject.h"

enum { GRANTS_MAX = 1 << 12, GRANTS_LISTED_MAX = 256 };

struct grant {
    struct subject subject;
    enum permissions_choice choice;
    uint64_t since;
    uint64_t process; /* that asked */
    uint64_t silo;
    uint64_t tag;     /* a hash of it: each row of a silo is asked about by itself */
    bool is_starter;  /* of who has started a program; allowed: nothing is said against it */
    int32_t decision; /* a slot */
};

/* What was answered to the same question about the same row of the same silo. False: nothing was. */
bool grants_find(const struct grant *like, enum permissions_choice *choice);
/* The same program and interface, with their names, as what is in force has them, or NULL. */
const struct subject *grants_subject(const struct subject *like);
/* Writes what is in force from that number on, in order, but not of starters against whom nothing is said,
 * GRANTS_LISTED_MAX at most; how many those are. Texts are lent until the next change. */
uint32_t grants_list(uint64_t from, struct permissions_grant *rows);
/* Takes over its slot; in the place of one that is the same. False: there is no room, even without
 * silos that have gone. */
bool grants_add(const struct grant *grant);
/* Whether anything is in force for the program and the interface. */
bool grants_has(const struct subject *subject);
/* Another choice wherever the program has the interface now. */
void grants_change(const struct subject *subject, enum permissions_choice choice,
                   int32_t substitute, uint64_t since);
/* Another thing in the place of what those have that are denied it. */
void grants_renew(const struct subject *subject, int32_t substitute);
/* Those of silos that are no more go. */
void grants_sweep(void);

/* What `decision.change` and the kernel's question are answered with, in `writer`'s gifts as a copy
 * of the slot, which stays. A substitute for what is denied is as much of it as is allowed. */
struct permission_answer grants_answer(enum permissions_choice choice, int32_t substitute);

#endif
