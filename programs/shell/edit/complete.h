/* What Tab completes: the word at the cursor, and what is put in its place. */
#ifndef PROGRAMS_SHELL_EDIT_COMPLETE_H
#define PROGRAMS_SHELL_EDIT_COMPLETE_H

#include "programs/shell/language/text.h"

enum complete_kind {
    COMPLETE_COMMAND,
    COMPLETE_PATH,
    COMPLETE_VARIABLE,
    COMPLETE_ARGUMENT, /* of a command: what follows its words, or a path */
};

struct completion {
    enum complete_kind kind;
    size_t begin;       /* in the line: of what is replaced, up to the cursor */
    char quote;         /* that the word began with; 0: none */
    bool in_braces;     /* of a variable */
    struct text prefix; /* what was typed of it, without quotes */
    struct words typed; /* of an argument: the command's words before it, without quotes */
};

/* Looks at the line up to the cursor. */
void complete_find(const char *line, size_t at, struct completion *completion);
/* The candidates' longest common start, as it is to be typed; with what ends a whole word if there
 * is one candidate only. Candidates begin with the prefix; directories end with a slash. */
void complete_text(const struct completion *completion, const struct words *candidates,
                   struct text *text);
void completion_free(struct completion *completion);

#endif
