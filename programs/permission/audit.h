/* What was decided, and by whom: the newest AUDIT_MAX of it. */
#ifndef PROGRAMS_PERMISSION_AUDIT_H
#define PROGRAMS_PERMISSION_AUDIT_H

#include "programs/permission/subject.h"

enum { AUDIT_MAX = 512 };

struct audit_event {
    struct subject subject;
    enum permissions_choice choice;
    enum permissions_source source;
    uint64_t process;
    uint64_t time;
    uint64_t sequence;
};

/* Also as a line of the system's log, unless it is the usual. */
void audit_add(const struct subject *subject, enum permissions_choice choice,
               enum permissions_source source, uint64_t process, uint64_t time);
/* The event with that sequence number, which counts up from 1; NULL: it is not kept any more, or
 * has not been. */
const struct audit_event *audit_find(uint64_t sequence);
uint64_t audit_first(void);
/* How often the person has refused this in a row, as far as is kept. */
uint32_t audit_refusals(const struct subject *subject);

#endif
