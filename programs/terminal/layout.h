/* Keyboard layouts: tables that tools/keymap makes. */
#ifndef PROGRAMS_TERMINAL_LAYOUT_H
#define PROGRAMS_TERMINAL_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LAYOUT_KEYS = 0x65, /* usages of page 7 of "HID Usage Tables for USB" */
    LAYOUT_DEAD = 0xE000, /* from here on: no character, but a key that waits for another */
    LAYOUT_SHIFT = 1,     /* bits of a level */
    LAYOUT_LEVEL_3 = 2,   /* AltGr */
    LAYOUT_CAPS = 4,
    LAYOUT_LEVELS = 8,
};

struct layout {
    const char *name;
    bool has_level_3; /* the right Alt key is AltGr */
    uint16_t decimal; /* of the keypad */
    uint16_t keys[LAYOUT_KEYS][LAYOUT_LEVELS]; /* code points and dead keys; 0: nothing */
};

/* What a dead key, or the compose key's first character, makes of the next. */
struct composition {
    uint16_t first;
    uint16_t second;
    uint16_t result;
};

extern const struct layout layouts[];
extern const uint32_t layout_count;
extern const struct composition compositions[]; /* in order of first and second */
extern const uint32_t composition_count;

#endif
