/* Which rows of which silos are traced: a message that comes belongs to one of them. */
#ifndef PROGRAMS_TOOL_MESSAGE_ROWS_H
#define PROGRAMS_TOOL_MESSAGE_ROWS_H

#include "programs/tool/shared/system.h"
#include "programs/tool/shared/wire.h"

struct row {
    uint64_t silo;
    uint64_t interface; /* as in an event */
    char name[72];
    int32_t below; /* where its messages go on */
    bool is_known;
    struct wire_interface definition;
};

/* One interface of a silo, or of all silos right below this program's own (0). 0, or why not is told. */
int rows_trace(uint64_t silo, const char *name, const char *tag);
/* All interfaces of a silo that can be traced. */
int rows_trace_all(uint64_t silo);
/* Whether they are of several interfaces. */
bool rows_are_several(void);
/* Which there are, on standard error. */
void rows_tell(void);

/* The row by which a message came; NULL: its silo is no more. */
const struct row *row_of(const struct weft_event *event);

#endif
