/* A line that is being edited on a terminal: keys in, bytes for the screen out. It calls nothing;
 * whoever owns it reads the keys and writes the screen. */
#ifndef PROGRAMS_SHELL_EDIT_EDIT_H
#define PROGRAMS_SHELL_EDIT_EDIT_H

#include "programs/shell/edit/history.h"
#include "programs/shell/edit/key.h"

enum edit_result {
    EDIT_MORE,
    EDIT_LINE,      /* the line is done */
    EDIT_END,       /* the end of the input, on an empty line */
    EDIT_INTERRUPT, /* the line is given up */
    EDIT_COMPLETE,  /* the owner is to complete the word at the cursor */
};

struct editor {
    /* Set by the owner. */
    const char *prompt;
    uint32_t columns;
    struct history *history;
    /* For the owner to read; the screen's bytes to be written and cleared. */
    struct text line;
    size_t at; /* of the cursor, in bytes */
    struct text screen;
    /* The editor's own. */
    struct key_reader keys;
    struct text killed, draft, query;
    size_t history_at;   /* of the line that is shown; the number of lines: the draft */
    uint32_t cursor_row; /* below the prompt's first */
    bool searching, pasting, quoting, found;
};

/* An empty line, behind the prompt. */
void edit_begin(struct editor *editor);
enum edit_result edit_byte(struct editor *editor, char byte);
/* Puts the text in the place of what is between `from` and the cursor. */
void edit_replace(struct editor *editor, size_t from, const struct text *text);
/* Shows the line anew, below what was written meanwhile. */
void edit_show_again(struct editor *editor);
/* Shows the line anew in its place, as after a change of the size. */
void edit_draw(struct editor *editor);
/* The same, when all that changed is `size` bytes that were added before the cursor. */
void edit_draw_added(struct editor *editor, size_t size);
/* Leaves the line on the screen, with the cursor below it. */
void edit_leave(struct editor *editor, const char *mark);
void editor_free(struct editor *editor);

#endif
