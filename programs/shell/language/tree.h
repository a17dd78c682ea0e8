/* What a command is when it was read: a tree. Words are as they were written, quotes and all;
 * expansion reads them again. */
#ifndef PROGRAMS_SHELL_LANGUAGE_TREE_H
#define PROGRAMS_SHELL_LANGUAGE_TREE_H

#include "programs/shell/language/text.h"

enum node_kind {
    NODE_SIMPLE,     /* assignments, words */
    NODE_PIPELINE,   /* children */
    NODE_NOT,        /* first */
    NODE_AND,        /* first, second */
    NODE_OR,         /* first, second */
    NODE_SEQUENCE,   /* children */
    NODE_BACKGROUND, /* first */
    NODE_GROUP,      /* first */
    NODE_SUBSHELL,   /* first */
    NODE_IF,         /* first, second, third or NULL */
    NODE_WHILE,      /* first, second */
    NODE_UNTIL,      /* first, second */
    NODE_FOR,        /* name, words or the positional parameters, first */
    NODE_CASE,       /* name: the word; items */
    NODE_FUNCTION,   /* name, first */
};

enum redirect_kind {
    REDIRECT_INPUT,       /* < */
    REDIRECT_OUTPUT,      /* > */
    REDIRECT_CLOBBER,     /* >| */
    REDIRECT_APPEND,      /* >> */
    REDIRECT_BOTH,        /* <> */
    REDIRECT_COPY_INPUT,  /* <& */
    REDIRECT_COPY_OUTPUT, /* >& */
    REDIRECT_HERE,        /* << */
    REDIRECT_TEXT,        /* <<< */
};

struct redirect {
    struct redirect *next;
    enum redirect_kind kind;
    int number;                    /* of the descriptor */
    const char *word;              /* the target; of a here-document its delimiter, as written */
    const char *body;              /* of a here-document: its text */
    bool is_expanded;              /* whether that is expanded */
    bool strips;                   /* <<-: tabs at the start of its lines are no part of it */
    struct redirect *next_waiting; /* the parser's: whose text is still to come */
};

struct word {
    struct word *next;
    const char *text;
};

struct case_item {
    struct case_item *next;
    struct word *patterns;
    struct node *body; /* NULL: none */
};

struct child {
    struct child *next;
    struct node *node;
};

struct node {
    enum node_kind kind;
    uint32_t line;
    bool has_in; /* NODE_FOR: words are given */
    const char *name;
    struct word *assignments;
    struct word *words;
    struct redirect *redirects;
    struct child *children;
    struct case_item *items;
    struct node *first, *second, *third;
};

#endif
