/* What a PS/2 keyboard sends, as keys: scan code set 1, which is what the controller makes of set 2
 * and what every controller, real or imitated, can be relied on to give (Microsoft's "Keyboard Scan
 * Code Specification", revision 1.3a).
 *
 *   00..7F         a key goes down            80..FF         it comes up: the same, and 80
 *   E0 and a code  a key of the second table  E1 1D 45       Pause goes down, E1 9D C5 comes up
 *
 * Any bytes are taken: what is no key is nothing. */
#ifndef PROGRAMS_DRIVER_PS2_KEYBOARD_H
#define PROGRAMS_DRIVER_PS2_KEYBOARD_H

#include "interface/input.h"

enum keyboard_meaning {
    KEYBOARD_NOTHING, /* a part of something, or no key of ours */
    KEYBOARD_KEY,
    KEYBOARD_LOST, /* the keyboard's own buffer was full: what is held down is not known any more */
};

struct keyboard {
    uint8_t prefix;   /* E0 or E1; 0: none */
    uint8_t second;   /* behind E1 */
    uint8_t held[32]; /* a bit for each usage */
};

/* A key that is held repeats itself; that is not told again. */
enum keyboard_meaning keyboard_take(struct keyboard *keyboard, uint8_t byte, struct input_key *key);

#endif
