#include "programs/driver/ps2/keyboard.h"

enum {
    PREFIX = 0xE0,
    PREFIX_OF_PAUSE = 0xE1,
    RELEASED = 0x80,
    OVERRUN_OLD = 0x00,
    OVERRUN = 0xFF,
    PAUSE_SECOND = 0x1D,
    PAUSE_THIRD = 0x45,
    USAGE_PAUSE = 0x48,
};

/* Usages by scan code; 0: none. Rows of eight. */
static const uint8_t plain[128] = {
    0x00, 0x29, 0x1E, 0x1F, 0x20, 0x21, 0x22, 0x23, /* -, escape, 1 to 6 */
    0x24, 0x25, 0x26, 0x27, 0x2D, 0x2E, 0x2A, 0x2B, /* 7 to 0, -, =, backspace, tab */
    0x14, 0x1A, 0x08, 0x15, 0x17, 0x1C, 0x18, 0x0C, /* Q W E R T Y U I */
    0x12, 0x13, 0x2F, 0x30, 0x28, 0xE0, 0x04, 0x16, /* O P [ ] enter, left control, A S */
    0x07, 0x09, 0x0A, 0x0B, 0x0D, 0x0E, 0x0F, 0x33, /* D F G H J K L ; */
    0x34, 0x35, 0xE1, 0x31, 0x1D, 0x1B, 0x06, 0x19, /* ' `, left shift, \ Z X C V */
    0x05, 0x11, 0x10, 0x36, 0x37, 0x38, 0xE5, 0x55, /* B N M , . /, right shift, keypad * */
    0xE2, 0x2C, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, /* left alt, space, caps lock, F1 to F5 */
    0x3F, 0x40, 0x41, 0x42, 0x43, 0x53, 0x47, 0x5F, /* F6 to F10, num lock, scroll lock, keypad 7 */
    0x60, 0x61, 0x56, 0x5C, 0x5D, 0x5E, 0x57, 0x59, /* keypad 8 9 - 4 5 6 + 1 */
    0x5A, 0x5B, 0x62, 0x63, 0x46, 0x00, 0x64, 0x44, /* keypad 2 3 0 .; print, -, <>, F11 */
    0x45, 0x67, 0x00, 0x00, 0x8C, 0x00, 0x00, 0x00, /* F12, keypad =, -, -, international 6 */
    0x00, 0x00, 0x00, 0x00, 0x68, 0x69, 0x6A, 0x6B, /* F13 to F16 */
    0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x72, 0x00, /* F17 to F23 */
    0x88, 0x00, 0x00, 0x87, 0x00, 0x00, 0x73, 0x00, /* kana, -, -, ro, -, -, F24 */
    0x00, 0x8A, 0x00, 0x8B, 0x00, 0x89, 0x85, 0x00, /* -, henkan, -, muhenkan, -, yen, keypad , */
};

/* Behind E0. Shifts there (2A, 36) are what a keyboard adds for programs that know no such keys. */
static const struct {
    uint8_t code;
    uint8_t usage;
} extended[] = {
    { 0x1C, 0x58 }, /* keypad enter */
    { 0x1D, 0xE4 }, /* right control */
    { 0x20, 0x7F }, /* mute */
    { 0x2E, 0x81 }, /* volume down */
    { 0x30, 0x80 }, /* volume up */
    { 0x35, 0x54 }, /* keypad / */
    { 0x37, 0x46 }, /* print */
    { 0x38, 0xE6 }, /* right alt */
    { 0x46, 0x48 }, /* pause, while control is held */
    { 0x47, 0x4A }, /* home */
    { 0x48, 0x52 }, /* up */
    { 0x49, 0x4B }, /* page up */
    { 0x4B, 0x50 }, /* left */
    { 0x4D, 0x4F }, /* right */
    { 0x4F, 0x4D }, /* end */
    { 0x50, 0x51 }, /* down */
    { 0x51, 0x4E }, /* page down */
    { 0x52, 0x49 }, /* insert */
    { 0x53, 0x4C }, /* delete */
    { 0x5B, 0xE3 }, /* left logo */
    { 0x5C, 0xE7 }, /* right logo */
    { 0x5D, 0x65 }, /* menu */
    { 0x5E, 0x66 }, /* power */
};

static uint8_t extended_usage(uint8_t code)
{
    for (uint32_t i = 0; i < sizeof(extended) / sizeof(extended[0]); i++)
        if (extended[i].code == code)
            return extended[i].usage;
    return 0;
}

/* The second and third byte behind E1. */
static uint8_t pause_usage(struct keyboard *keyboard, uint8_t code)
{
    if (keyboard->second == 0) {
        keyboard->second = code;
        return 0;
    }
    bool is_pause = keyboard->second == PAUSE_SECOND && code == PAUSE_THIRD;
    keyboard->prefix = keyboard->second = 0;
    return is_pause ? USAGE_PAUSE : 0;
}

static uint8_t usage_of(struct keyboard *keyboard, uint8_t code)
{
    if (keyboard->prefix == PREFIX_OF_PAUSE)
        return pause_usage(keyboard, code);
    bool is_extended = keyboard->prefix == PREFIX;
    keyboard->prefix = 0;
    return is_extended ? extended_usage(code) : plain[code];
}

/* Whether that is news. */
static bool note(struct keyboard *keyboard, const struct input_key *key)
{
    uint8_t *byte = &keyboard->held[key->usage / 8];
    uint8_t bit = (uint8_t)(1 << key->usage % 8);
    bool was_pressed = (*byte & bit) != 0;
    *byte = (uint8_t)(key->pressed ? *byte | bit : *byte & ~bit);
    return was_pressed != key->pressed;
}

enum keyboard_meaning keyboard_take(struct keyboard *keyboard, uint8_t byte, struct input_key *key)
{
    if (byte == OVERRUN_OLD || byte == OVERRUN) {
        *keyboard = (struct keyboard){ 0 };
        return KEYBOARD_LOST;
    }
    if (byte == PREFIX || byte == PREFIX_OF_PAUSE) {
        keyboard->prefix = byte;
        keyboard->second = 0;
        return KEYBOARD_NOTHING;
    }
    uint8_t usage = usage_of(keyboard, byte & (RELEASED - 1));
    *key = (struct input_key){ .usage = usage, .pressed = (byte & RELEASED) == 0 };
    return usage != 0 && note(keyboard, key) ? KEYBOARD_KEY : KEYBOARD_NOTHING;
}
