/* The tokens of the language. Private to the language. */
#ifndef PROGRAMS_SHELL_LANGUAGE_LEX_H
#define PROGRAMS_SHELL_LANGUAGE_LEX_H

#include "programs/shell/language/parse.h"

enum token {
    TOKEN_END,
    TOKEN_NEWLINE,
    TOKEN_WORD,
    TOKEN_NUMBER, /* digits in front of < or > */
    TOKEN_SEMICOLON,
    TOKEN_AND,       /* & */
    TOKEN_AND_AND,   /* && */
    TOKEN_PIPE,      /* | */
    TOKEN_OR_OR,     /* || */
    TOKEN_CASE_END,  /* ;; */
    TOKEN_OPEN,      /* ( */
    TOKEN_CLOSE,     /* ) */
    TOKEN_REDIRECTS, /* and from here on: TOKEN_REDIRECTS + enum redirect_kind */
    TOKEN_HERE_STRIP = TOKEN_REDIRECTS + 64, /* <<- */
};
#define LEX_REDIRECT(kind) ((int)TOKEN_REDIRECTS + (int)(kind))

/* Looks at the next token: it stays at hand until it is taken. */
enum token lex_peek(struct parser *parser);
void lex_take(struct parser *parser);
/* Whether the token at hand is this word, unquoted. */
bool lex_is_word(struct parser *parser, const char *word);
/* Puts an alias in the place of the word at hand, if it is one: then there is another token. */
bool lex_expand_alias(struct parser *parser);
/* Whether the word at hand is the first behind an alias that ends with a blank. */
bool lex_follows_blank(struct parser *parser);
/* Reads the texts of here-documents, behind the newline that was just read. */
void lex_read_here_documents(struct parser *parser);
void lex_fail(struct parser *parser, enum parse_result result, const char *message,
              const char *word);

/* Skips the quoted part or substitution at `at`; 0: it does not end. */
size_t lex_skip_part(const char *text, size_t at, uint32_t depth);
/* Where the arithmetic ends whose text begins at `at`, past both parentheses; 0: it is none. */
size_t lex_skip_arithmetic(const char *text, size_t at);
/* Removes quotes, without expanding anything. */
void lex_unquote(const char *word, struct text *text);

#endif
