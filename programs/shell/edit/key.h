/* Bytes that a terminal sends, as keys (ECMA-48; what xterm and its like send). */
#ifndef PROGRAMS_SHELL_EDIT_KEY_H
#define PROGRAMS_SHELL_EDIT_KEY_H

#include <stddef.h>
#include <stdint.h>

enum key {
    KEY_NONE, /* not complete yet, or none that is known */
    KEY_TEXT, /* a character: its bytes are in the reader */
    KEY_ENTER,
    KEY_TAB,
    KEY_END_OF_INPUT, /* ^D */
    KEY_CANCEL,       /* ^G, or the escape key twice */
    KEY_INTERRUPT,    /* ^C, where it comes as a byte */
    KEY_LEFT,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_WORD_LEFT,
    KEY_WORD_RIGHT,
    KEY_DELETE,
    KEY_BACKSPACE,
    KEY_KILL_END,
    KEY_KILL_START,
    KEY_KILL_WORD,
    KEY_KILL_WORD_LEFT,
    KEY_KILL_WORD_RIGHT,
    KEY_YANK,
    KEY_TRANSPOSE,
    KEY_SEARCH,
    KEY_CLEAR,
    KEY_QUOTE,
    KEY_PASTE_BEGIN,
    KEY_PASTE_END,
};

/* From zero. */
struct key_reader {
    char bytes[32];
    size_t size;
};

/* The key that this byte completes. After KEY_TEXT the reader's bytes are the character. */
enum key key_read(struct key_reader *reader, char byte);

#endif
