/* What the bytes that programs write make of the screen: libvterm's reading of them, on our own cells.
 * Memory is all given at the start; no bytes make it need more. */
#ifndef PROGRAMS_TERMINAL_EMULATOR_H
#define PROGRAMS_TERMINAL_EMULATOR_H

#include "programs/terminal/grid.h"
#include "programs/terminal/history.h"
#include "programs/terminal/utf8.h"

#include <stddef.h>

enum { EMULATOR_MEMORY = 1 << 16 }; /* for libvterm */

enum cursor_shape { CURSOR_BLOCK, CURSOR_UNDERLINE, CURSOR_BAR };

/* Keys that are no characters. */
enum emulator_key {
    KEY_NONE,
    KEY_ENTER,
    KEY_TAB,
    KEY_BACKSPACE,
    KEY_ESCAPE,
    KEY_UP,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_INSERT,
    KEY_DELETE,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_F1,
    KEY_F12 = KEY_F1 + 11,
};

/* Held down with a key. */
enum { WITH_SHIFT = 1, WITH_ALT = 2, WITH_CONTROL = 4 };

/* How far a control sequence has come. */
struct sequence {
    bool is_escaped;    /* nothing but characters beyond ASCII, and bells, since an escape */
    uint8_t parameters; /* that have begun; 0: it is no sequence with parameters */
};

struct emulator {
    struct grid screens[2]; /* the second is the one without history */
    struct grid *screen;    /* that is seen */
    struct history *history;
    struct cell pen; /* no character */
    uint32_t cursor_row;
    uint32_t cursor_column; /* within the screen */
    bool cursor_hidden;
    enum cursor_shape cursor_shape;
    bool reversed;   /* all of it */
    bool wants_mouse; /* a program asked for what is done with the mouse */
    bool is_secret;  /* what is written now is for the person alone; the caller says so */
    uint64_t pushed; /* lines into the history, so far */
    uint64_t erased; /* how often the whole screen was, so far */
    /* What the terminal answers by itself, and keys: input for programs. */
    void (*typed)(void *context, const uint8_t *bytes, size_t size);
    void *context;
    /* The rest is its own. */
    struct utf8 utf8;
    bool returns; /* nothing is erased */
    struct cell *marked; /* what was written last, if it is still there: combining marks go to it */
    struct sequence sequence;
    void *terminal;
    void *state;
    _Alignas(16) uint8_t memory[EMULATOR_MEMORY];
    uint32_t memory_used;
};

/* `cells` are columns times rows times two; `history` is ready; both are borrowed. `typed` and
 * `context` are the caller's, from before the call. */
void emulator_init(struct emulator *emulator, struct history *history, struct cell *cells,
                   uint32_t columns, uint32_t rows);
void emulator_write(struct emulator *emulator, const uint8_t *bytes, size_t size);
/* The same of modes only (screen_text_return): the other screen comes back with what is on it. */
void emulator_return(struct emulator *emulator, const uint8_t *bytes, size_t size);
/* A key, as the modes that programs have set want it told. */
void emulator_press(struct emulator *emulator, enum emulator_key key, uint32_t held);
/* The mouse points at a place of the screen, and a button goes down or up there: 0 left, 1 right, 2
 * middle. The wheel turns, away from the person or back. Told only if it is wanted. */
void emulator_point(struct emulator *emulator, uint32_t row, uint32_t column);
void emulator_click(struct emulator *emulator, uint32_t button, bool pressed);
void emulator_turn(struct emulator *emulator, bool away);

#endif
