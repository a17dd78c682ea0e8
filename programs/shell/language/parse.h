/* Reads one command, or one line of them, of the shell's language (POSIX.1-2017, XCU 2). */
#ifndef PROGRAMS_SHELL_LANGUAGE_PARSE_H
#define PROGRAMS_SHELL_LANGUAGE_PARSE_H

#include "programs/shell/language/tree.h"

enum parse_result {
    PARSE_COMMAND,    /* `node`, which is NULL for an empty line */
    PARSE_END,        /* there is nothing more */
    PARSE_INCOMPLETE, /* the text ends within a command: with more of it, it may be one */
    PARSE_ERROR,      /* `message` says what is wrong, `line` where */
};

/* Nesting of commands, and of substitutions: each level takes some of the stack. */
enum { PARSE_DEPTH_MAX = 100 };

struct parser {
    /* Set by the caller. */
    struct text source; /* what is read; aliases are put in place there */
    size_t at;          /* where the next command begins */
    uint32_t line;      /* of that place; from 1 */
    bool is_all;        /* nothing follows the text: its end is that of a here-document, too */
    const char *(*alias)(void *context, const char *name); /* NULL: there are none */
    void *context;
    /* The result. */
    struct region *region; /* of the tree */
    struct node *node;
    char message[160];
    /* The parser's own. */
    enum parse_result result;
    uint32_t depth;
    size_t begin;             /* of the token that is at hand */
    uint32_t begin_line;      /* the line that it begins in */
    int token;                /* one of lex.h's, -1: none is at hand */
    struct text word;         /* the token's text */
    size_t alias_end;         /* up to here the text comes from aliases */
    uint32_t alias_count;     /* ... and from how many */
    size_t alias_blank;       /* where an alias's text ends with a blank: the next word may be an
                                 alias as well; 0: none does */
    struct redirect *waiting; /* here-documents whose text is still to come */
    struct redirect *waiting_last;
};

/* The next line of commands. */
enum parse_result parse_next(struct parser *parser);
/* Where the text ends that `$(` or a backquote begins at `at`, past its end; 0: it does not.
 * The first needs to be read as commands to know. */
size_t parse_skip_substitution(const char *text, size_t at, uint32_t depth);
void parser_free(struct parser *parser);

#endif
