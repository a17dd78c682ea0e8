/* What the commands about permissions share: which program a person means, and which interface. */
#ifndef PROGRAMS_PERMISSION_TOOL_PROGRAM_H
#define PROGRAMS_PERMISSION_TOOL_PROGRAM_H

#include "interface/permissions_program.h"
#include "lib/client.h"
#include "programs/tool/shared/usage.h"

enum { PROGRAM_CID_MAX = 64, PROGRAM_NAME_SHOWN = 20 };

/* What is decided so far; lists live until the program ends. */
struct decisions {
    struct permissions_rule_list rules;
    struct permissions_event_list events;
};

/* A client of `permissions` with a buffer of its own for each list. */
struct weft_client decisions_client(void);
/* False: why is told on standard error. */
bool decisions_get(struct decisions *decisions);

/* Goes through what is in force, a page at a time; from zero. */
struct grant_walk {
    uint64_t from;
    uint32_t at;
    struct permissions_grant_list page;
    enum weft_status status; /* after the last step: WEFT_OK, or why not all were seen */
};

/* NULL: there are no more. It stays until the next step, of any walk. */
const struct permissions_grant *grant_next(struct grant_walk *walk);

struct program_id {
    uint8_t cid[PROGRAM_CID_MAX];
    uint32_t size;
    char name[64]; /* that people know it by */
};

static inline struct weft_bytes program_cid_of(const struct program_id *program)
{
    return (struct weft_bytes){ program->cid, program->size };
}

/* By a CID or the beginning of one, as a command in PATH or the boot bundle, or by the name that a
 * decision was about. `decisions` may be NULL. False: why is told. */
bool program_by_name(const char *name, const struct decisions *decisions,
                     struct program_id *program);

/* Says why nobody could be asked, or what was answered: EXIT_FAILED. */
int tell_permissions(const char *what, enum weft_status status);

/* Prints a text of others harmlessly, `width` wide at least. */
void print_harmless(struct weft_bytes text, int width);
void print_cid(struct weft_bytes cid, uint32_t digits);

#endif
