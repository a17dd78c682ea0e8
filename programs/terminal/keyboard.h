/* From keys that are pressed and let go to what they mean: characters by a layout, with dead and
 * composed ones, other keys, and the terminal's own commands. */
#ifndef PROGRAMS_TERMINAL_KEYBOARD_H
#define PROGRAMS_TERMINAL_KEYBOARD_H

#include "programs/terminal/emulator.h"
#include "programs/terminal/layout.h"

enum { KEYBOARD_USAGES = 256 };

enum keyboard_command {
    COMMAND_NONE,
    COMMAND_BACK, /* into the history */
    COMMAND_FORWARD,
};

/* What a key means; all zero: nothing. */
struct stroke {
    uint32_t characters[2];
    uint32_t count;
    enum emulator_key key;
    uint32_t held; /* WITH_...; of characters WITH_ALT only */
    enum keyboard_command command;
};

struct keyboard {
    const struct layout *layout;
    bool caps_lock;
    bool num_lock;
    /* The rest is its own, from zero. */
    bool down[KEYBOARD_USAGES];
    uint32_t begun; /* a dead key, or the compose key (and its first character); 0: nothing */
    bool composing;
    uint32_t repeated; /* the key that is held down; 0: none */
    uint64_t repeat_at; /* nanoseconds */
};

/* The layout of that name; NULL: there is none. */
const struct layout *layout_find(const char *name, uint32_t size);
/* `now` is monotonic, in nanoseconds. */
struct stroke keyboard_key(struct keyboard *keyboard, uint32_t usage, bool pressed, uint64_t now);
/* The key that is held down, again, if it is time for that. */
struct stroke keyboard_repeat(struct keyboard *keyboard, uint64_t now);
/* When that will be; UINT64_MAX: no key is held down. */
uint64_t keyboard_deadline(const struct keyboard *keyboard);
/* What is held down is not repeated, and a character that was begun is forgotten. */
void keyboard_rest(struct keyboard *keyboard);
/* Nothing is held down any more. */
void keyboard_lose(struct keyboard *keyboard);

#endif
