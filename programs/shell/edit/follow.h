/* What may follow the words of a command, by its usage. A form is words as they are typed, in small
 * letters, and places for others, in capitals, with bars between those of which one is given,
 * brackets around what may be left out, and dots behind what may come again: "silo stop|kill SILO". */
#ifndef PROGRAMS_SHELL_EDIT_FOLLOW_H
#define PROGRAMS_SHELL_EDIT_FOLLOW_H

#include "programs/shell/edit/usage.h"

struct following {
    struct words words;  /* that are typed as they are */
    struct words places; /* their names: SILO */
};

/* `typed` begins with the command's name. */
void follow_find(const struct usage *usage, const struct words *typed, struct following *following);
/* Options of several letters, --like-this, wherever they are mentioned. */
void follow_options(const struct usage *usage, struct words *options);
void following_free(struct following *following);

#endif
