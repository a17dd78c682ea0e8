/* From words as they were written to the words that a command gets (POSIX.1-2017, XCU 2.6): tilde,
 * parameters, command substitution, arithmetic, field splitting, path names, quote removal. */
#ifndef PROGRAMS_SHELL_LANGUAGE_EXPAND_H
#define PROGRAMS_SHELL_LANGUAGE_EXPAND_H

#include "programs/shell/language/text.h"

/* Who knows what words only name. */
struct expand_host {
    /* The value of a variable, or of a special parameter by its sign or number; NULL: not set. It
     * need not outlive the next call of any of these. */
    const char *(*get)(void *context, const char *name);
    /* False: it cannot be changed. */
    bool (*set)(void *context, const char *name, const char *value);
    size_t (*parameter_count)(void *context);
    const char *(*parameter)(void *context, size_t index);
    /* Runs the commands; what they print is added. */
    void (*substitute)(void *context, const char *commands, struct text *output);
    /* Adds the paths that match, in order. */
    void (*paths)(void *context, const char *pattern, struct words *found);
};

struct expander {
    const struct expand_host *host;
    void *context;
    bool fails_unset;    /* set -u */
    bool no_paths;       /* set -f */
    struct text mistake; /* not empty: what is wrong; the result means nothing then */
    /* The expander's own. */
    struct pieces *out;
};

/* The fields that the word gives, which may be none. */
void expand_word(struct expander *expander, const char *word, struct words *fields);
/* As one word, without field splitting and path names. */
void expand_single(struct expander *expander, const char *word, struct text *result);
/* The same, of the value of an assignment: a tilde may also come behind a colon. */
void expand_assigned(struct expander *expander, const char *word, struct text *result);
/* As a pattern: what was quoted stands for itself. */
void expand_pattern(struct expander *expander, const char *word, struct text *pattern);
/* The text of a here-document. */
void expand_here(struct expander *expander, const char *body, struct text *result);

/* The escapes of $'..' up to `end`. */
void expand_escapes(const char *at, const char *end, struct text *result);
/* Splits text at IFS into at most `count_max` fields, the last with all the rest, as `read` does; a
 * character with a backslash before it is none of IFS's, unless `raw`. */
void expand_split(const char *text, const char *separators, bool raw, size_t count_max,
                  struct words *fields);

#endif
