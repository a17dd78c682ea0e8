/* What is remembered: for a program, by its CID, and an interface. Kept in a file where there is one
 * (store.c), and in memory otherwise. */
#ifndef PROGRAMS_PERMISSION_RULES_H
#define PROGRAMS_PERMISSION_RULES_H

#include "programs/permission/subject.h"

enum { RULES_MAX = 1024 };

struct rule {
    struct subject subject;
    enum permissions_choice choice;
    uint64_t since;
};

struct rules {
    uint32_t count;
    struct rule list[RULES_MAX];
};

extern struct rules rules;

/* NULL: nothing is remembered. */
const struct rule *rules_find(const struct subject *subject);
/* False: there is no room for one more. */
bool rules_set(const struct subject *subject, enum permissions_choice choice, uint64_t since);
/* Whether there was one. */
bool rules_forget(const struct subject *subject);

/* Whether there is one for a folder that is in this one, or this in it; but not for itself. */
bool rules_overlap(const struct subject *subject);

/* As lines of text: CHOICE SINCE CID HASH PROGRAM INTERFACE . , bytes in hexadecimal digits; those of a
 * folder have it before the end. Adds those
 * of the text; whether all lines were understood. What is not understood is left out. */
bool rules_read(const char *text, size_t size);
/* The text's size; what does not fit is not written. */
size_t rules_write(char *text, size_t capacity);

#endif
