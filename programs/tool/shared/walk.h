/* Goes through the processes or silos that this program sees, in the order of their numbers, a page of
 * the system's list at a time. One walk of each kind at once: what a step gives stays until the next
 * page is asked for. */
#ifndef PROGRAMS_TOOL_SHARED_WALK_H
#define PROGRAMS_TOOL_SHARED_WALK_H

#include "interface/system_program.h"

enum { WALK_PAGE = 256 }; /* as many as the system tells at once */

struct process_walk {
    uint64_t from; /* where it begins */
    uint32_t at;
    struct system_process_status_list page;
    enum weft_status status; /* after the last step: WEFT_OK, or why not all were seen */
};

struct silo_walk {
    uint64_t from;
    uint32_t at;
    struct system_silo_status_list page;
    enum weft_status status;
};

/* NULL: there are no more. */
const struct system_process_status *walk_process(struct process_walk *walk);
const struct system_silo_status *walk_silo(struct silo_walk *walk);

/* One of them by its number; false: there is none, or it is not to be seen. Its texts stay until the
 * next call. */
bool walk_find_process(uint64_t process, struct system_process_status *found);
bool walk_find_silo(uint64_t silo, struct system_silo_status *found);
/* The silo that all others are in which this program sees: the session, say. 0: the system does not
 * answer. */
uint64_t walk_top(void);
/* 0: none that is to be seen. */
uint64_t walk_parent(uint64_t silo);
/* The silo is `above`, or below it. */
bool walk_is_within(uint64_t silo, uint64_t above);

/* Which silo is in which, of all, by number: little for each, so that all can be kept. */
struct silo_place {
    uint64_t silo;
    uint64_t parent;
};

struct silo_places {
    struct silo_place *data;
    uint32_t count;
    uint32_t capacity;
};

/* Anew, in the place of what was there. */
enum weft_status walk_places(struct silo_places *places);

#endif
