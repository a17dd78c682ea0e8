/* What may be asked of a parameter in braces. Private to parameter.c and slice.c. */
#ifndef PROGRAMS_SHELL_LANGUAGE_PARAMETER_H
#define PROGRAMS_SHELL_LANGUAGE_PARAMETER_H

#include "programs/shell/language/pieces.h"

/* `${name OPERATOR word}` */
struct parameter {
    char *name;
    bool wants_size;  /* ${#name} */
    char sign;        /* 0, - = ? + % # : / */
    bool is_double;   /* %% ## // */
    bool minds_empty; /* :- and so on */
    const char *word, *word_end;
    bool quoted;
};

/* What is written from `word` to `end`, as text or as a pattern; quotes mean what they mean outside
 * of double quotes. */
void parameter_text(struct expander *expander, const char *word, const char *end, bool as_pattern,
                    struct text *text);
/* ${name:OFFSET} and ${name:OFFSET:LENGTH}, in characters; those below zero count from the end. */
void parameter_slice(struct expander *expander, const struct parameter *parameter,
                     const char *value);
/* ${name/PATTERN/TEXT}: the first part that matches, // all of them; with # only one at the start,
 * with % only one at the end. */
void parameter_replace(struct expander *expander, const struct parameter *parameter,
                       const char *value);

#endif
