/* What is known of a word in the middle of its expansion: each byte with where it comes from.
 * Private to the language. */
#ifndef PROGRAMS_SHELL_LANGUAGE_PIECES_H
#define PROGRAMS_SHELL_LANGUAGE_PIECES_H

#include "programs/shell/language/expand.h"

enum mark {
    MARK_LITERAL = 'l',  /* written so */
    MARK_QUOTED = 'q',   /* quoted: it stands for itself */
    MARK_EXPANDED = 's', /* from an expansion: fields are split here */
    MARK_BREAK = 'b',    /* between two positional parameters; the byte means nothing */
    MARK_NOTHING = 'n',  /* quotes with nothing in them: a field, though an empty one */
};

struct pieces {
    struct text bytes, marks; /* of one size */
};

static inline void pieces_add(struct pieces *pieces, char byte, enum mark mark)
{
    text_add_char(&pieces->bytes, byte);
    text_add_char(&pieces->marks, (char)mark);
}

static inline void pieces_free(struct pieces *pieces)
{
    text_free(&pieces->bytes);
    text_free(&pieces->marks);
}

/* Expands what is written from `at` to `end`. Bytes that are neither quoted nor expanded get the
 * mark. */
void expand_range(struct expander *expander, const char *at, const char *end, enum mark mark);
/* A parameter, `${..}` or `$x`: where it ends. `at` is at the dollar sign. */
const char *expand_parameter(struct expander *expander, const char *at, const char *end,
                             bool quoted);
/* The number that the arithmetic from `at` to `end` gives; 0, and a mistake, if it is none. */
int64_t expand_number(struct expander *expander, const char *at, const char *end);
void expand_fail(struct expander *expander, const char *what, const char *message);
/* Adds a value with the mark. */
void expand_value(struct expander *expander, const char *value, enum mark mark);
/* A tilde at `at`: adds the directory and gives where it ends; `at` if it is none. */
const char *expand_tilde(struct expander *expander, const char *at, const char *end);

void pieces_split(struct expander *expander, const struct pieces *pieces, struct words *fields);
void pieces_join(const struct pieces *pieces, struct text *text);
/* Bytes from `from` to `to` as a pattern. */
void pieces_pattern(const struct pieces *pieces, size_t from, size_t to, struct text *pattern);

#endif
