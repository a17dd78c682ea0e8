/* The interface `permission`, which the kernel asks on, and what follows from answers. */
#ifndef PROGRAMS_PERMISSION_DECIDE_H
#define PROGRAMS_PERMISSION_DECIDE_H

#include "programs/permission/person.h"

/* By the person, in a row: then nobody is bothered any more, until something is decided anew. */
enum { DECIDE_REFUSALS_MAX = 3 };

enum weft_status decide_take(const struct weft_event *event, struct body_reader *reader);
/* Of a question of the kernel's, or of a command that was to be confirmed. */
person_replied decide_replied;

/* What would be answered to this subject now. A folder's is `ask` unless it is remembered. */
enum permissions_choice decide_foresee(const struct subject *subject);
/* From now on, wherever it is used, and remembered (ask: as if it never was decided, unless
 * `is_kept`). WEFT_LIMIT: no more can be remembered, and nothing has changed. */
/* The subject is no folder. */
enum weft_status decide_set(const struct subject *subject, enum permissions_choice choice,
                            bool is_kept);

/* A folder is allowed from now on, or (`is_kept` false) not any more; all that a program had of the
 * others is closed, too, where it is denied the rest. */
enum weft_status decide_set_folder(const struct subject *subject, bool is_kept);

/* Nanoseconds since 1970; 0: unknown. */
uint64_t decide_now(void);

#endif
