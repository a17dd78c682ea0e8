/* Jobs: programs that come to the front together (abi/front.h), with what is theirs of the terminal.
 * Calls nobody. */
#ifndef PROGRAMS_TERMINAL_JOB_H
#define PROGRAMS_TERMINAL_JOB_H

#include "abi/front.h"
#include "abi/screen_text.h"

#include <stdbool.h>
#include <stdint.h>

enum { JOBS_MAX = 256 };

struct job {
    struct front front; /* the first member */
    uint64_t number;    /* 0: those that are of no job, who have the first place; or a free place */
    bool raw, no_echo;  /* the mode while it is not in front */
    struct screen_text text; /* what it has made of the screen */
};

/* All zero: nobody has a job. */
struct jobs {
    struct job list[JOBS_MAX];
    uint64_t last_number;
};

/* A job of whoever is in front, behind; NULL: there is no room. */
struct job *jobs_add(struct jobs *jobs);
/* NULL: there is none, or not any more. */
struct job *jobs_find(struct jobs *jobs, uint64_t number);
struct job *jobs_in_front(struct jobs *jobs);
/* Before whom it is; NULL: nobody, or not any more. */
struct job *jobs_parent(const struct job *job);
/* False: nobody is left before whom it could be. */
bool jobs_take_front(struct job *job);
void jobs_go_behind(struct job *job);
void jobs_remove(struct jobs *jobs, struct job *job);

#endif
