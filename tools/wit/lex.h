/* Words and signs of a WIT file. Private to tools/wit. */
#ifndef TOOLS_WIT_LEX_H
#define TOOLS_WIT_LEX_H

#include "tools/wit/wit.h"

#include <stdarg.h>

enum token_kind {
    TOKEN_END,  /* also after every mistake, so loops over tokens end */
    TOKEN_NAME, /* a name or a word of the language */
    TOKEN_SIGN, /* `->`, `@` with its version, or any other single character */
};

struct token {
    enum token_kind kind;
    bool escaped;               /* a name with `%` before it, which is not in `text` */
    struct bytes text;          /* what stands in the file */
    struct bytes documentation; /* from the first `///` before it to the end of the last */
    struct wit_place place;
};

struct lexer {
    const u8 *at;
    const u8 *end;
    struct wit_place place;  /* of `at` */
    struct wit_error *error; /* the first mistake sticks */
    enum status status;
};

/* Fails at once if the text is too large, is not UTF-8 or holds control characters. */
void lexer_init(struct lexer *lexer, struct bytes text, struct wit_error *error);
struct token lexer_next(struct lexer *lexer);

static inline bool lexer_ok(const struct lexer *lexer)
{
    return lexer->status == STATUS_OK;
}

/* The verbs of `format` are those of print.h. */
void lexer_fail(struct lexer *lexer, struct wit_place place, const char *format, ...);
void lexer_fail_values(struct lexer *lexer, struct wit_place place, const char *format,
                       va_list values);
void lexer_fail_memory(struct lexer *lexer);

#endif
