/* Variables, functions' local ones included; and other tables of names. */
#ifndef PROGRAMS_SHELL_LANGUAGE_VARIABLES_H
#define PROGRAMS_SHELL_LANGUAGE_VARIABLES_H

#include "programs/shell/language/text.h"

enum variable_flags {
    VARIABLE_EXPORTED = 1 << 0,
    VARIABLE_READONLY = 1 << 1,
};

struct variable {
    struct variable *next;
    char *name;
    char *value; /* NULL: not set, but it has flags */
    uint32_t flags;
};

/* What a variable was before a function made it its own. */
struct shadow {
    struct shadow *next;
    struct variable old; /* the name is the shadow's own */
    uint32_t level;
};

enum { VARIABLES_BUCKETS = 256 };

struct variables {
    struct variable *buckets[VARIABLES_BUCKETS];
    struct shadow *shadows;
    uint32_t level; /* of functions that are running */
};

/* NULL: there is none. */
struct variable *variables_find(struct variables *variables, const char *name);
/* NULL: it is not set. */
const char *variables_get(struct variables *variables, const char *name);
/* False: it is read-only. Adds the flags. */
bool variables_set(struct variables *variables, const char *name, const char *value,
                   uint32_t flags);
/* Adds flags to one that may not be set. */
void variables_flag(struct variables *variables, const char *name, uint32_t flags);
bool variables_unset(struct variables *variables, const char *name);
/* Makes it the running function's own; it keeps its value. False: no function is running. */
bool variables_make_local(struct variables *variables, const char *name);
void variables_enter(struct variables *variables);
void variables_leave(struct variables *variables);
/* The names of those that have all these flags, in order. */
void variables_list(struct variables *variables, uint32_t flags, struct words *names);

#endif
