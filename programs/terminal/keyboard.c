#include "programs/terminal/keyboard.h"

#include "lib/memory.h"

/* Usages of page 7 (HID Usage Tables for USB, chapter 10). */
enum {
    USAGE_ENTER = 0x28,
    USAGE_TAB = 0x2B,
    USAGE_CAPS_LOCK = 0x39,
    USAGE_F1 = 0x3A,
    USAGE_PRINT = 0x46,
    USAGE_PAGE_UP = 0x4B,
    USAGE_PAGE_DOWN = 0x4E,
    USAGE_NUM_LOCK = 0x53,
    USAGE_KEYPAD = 0x54,
    USAGE_KEYPAD_1 = 0x59,
    USAGE_KEYPAD_END = 0x64,
    USAGE_COMPOSE = 0x65, /* the key between the right Windows and Control keys */
    USAGE_LEFT_CONTROL = 0xE0,
    USAGE_LEFT_SHIFT,
    USAGE_LEFT_ALT,
    USAGE_RIGHT_CONTROL = 0xE4,
    USAGE_RIGHT_SHIFT,
    USAGE_RIGHT_ALT,
    USAGE_MODIFIERS_END = 0xE8,
};

enum { COMPOSE = 1 }; /* `begun`: the compose key, without a character yet */

static const uint64_t REPEAT_AFTER_NS = 500000000;
static const uint64_t REPEAT_NS = 1000000000 / 30;

const struct layout *layout_find(const char *name, uint32_t size)
{
    for (uint32_t i = 0; i < layout_count; i++)
        if (strlen(layouts[i].name) == size && memcmp(layouts[i].name, name, size) == 0)
            return &layouts[i];
    return NULL;
}

/* ---- What is held down ---- */

static bool has_shift(const struct keyboard *keyboard)
{
    return keyboard->down[USAGE_LEFT_SHIFT] || keyboard->down[USAGE_RIGHT_SHIFT];
}

static bool has_level_3(const struct keyboard *keyboard)
{
    return keyboard->layout->has_level_3 && keyboard->down[USAGE_RIGHT_ALT];
}

static uint32_t held(const struct keyboard *keyboard)
{
    bool alt = keyboard->down[USAGE_LEFT_ALT] ||
               (keyboard->down[USAGE_RIGHT_ALT] && !keyboard->layout->has_level_3);
    bool control = keyboard->down[USAGE_LEFT_CONTROL] || keyboard->down[USAGE_RIGHT_CONTROL];
    return (has_shift(keyboard) ? (uint32_t)WITH_SHIFT : 0) | (alt ? (uint32_t)WITH_ALT : 0) |
           (control ? (uint32_t)WITH_CONTROL : 0);
}

/* ---- Keys that are no characters ---- */

/* The keypad without Num Lock: of its digits 1 to 9, 0 and the point. */
static enum emulator_key keypad_key(uint32_t usage)
{
    static const uint8_t keys[] = { KEY_END,  KEY_DOWN, KEY_PAGE_DOWN, KEY_LEFT,   KEY_NONE, KEY_RIGHT,
                                    KEY_HOME, KEY_UP,   KEY_PAGE_UP,   KEY_INSERT, KEY_DELETE };
    return (enum emulator_key)keys[usage - USAGE_KEYPAD_1];
}

static enum emulator_key plain_key(uint32_t usage)
{
    static const uint8_t first[] = { KEY_ENTER, KEY_ESCAPE, KEY_BACKSPACE, KEY_TAB };
    static const uint8_t cursor[] = { KEY_INSERT,    KEY_HOME,  KEY_PAGE_UP, KEY_DELETE, KEY_END,
                                      KEY_PAGE_DOWN, KEY_RIGHT, KEY_LEFT,    KEY_DOWN,   KEY_UP };
    enum { USAGE_INSERT = 0x49, USAGE_KEYPAD_ENTER = 0x58 };
    if (usage >= USAGE_ENTER && usage <= USAGE_TAB)
        return (enum emulator_key)first[usage - USAGE_ENTER];
    if (usage >= USAGE_F1 && usage < USAGE_PRINT)
        return (enum emulator_key)((uint32_t)KEY_F1 + usage - USAGE_F1);
    if (usage >= USAGE_INSERT && usage < USAGE_NUM_LOCK)
        return (enum emulator_key)cursor[usage - USAGE_INSERT];
    return usage == USAGE_KEYPAD_ENTER ? KEY_ENTER : KEY_NONE;
}

/* ---- Characters ---- */

static uint32_t keypad_character(const struct layout *layout, uint32_t usage)
{
    static const char characters[] = "/*-+\r1234567890";
    uint32_t index = usage - USAGE_KEYPAD;
    return index < sizeof(characters) - 1 ? (uint8_t)characters[index] : layout->decimal;
}

static uint32_t layout_character(const struct keyboard *keyboard, uint32_t usage)
{
    uint32_t level = (has_shift(keyboard) ? (uint32_t)LAYOUT_SHIFT : 0) |
                     (has_level_3(keyboard) ? (uint32_t)LAYOUT_LEVEL_3 : 0) |
                     (keyboard->caps_lock ? (uint32_t)LAYOUT_CAPS : 0);
    return usage < LAYOUT_KEYS ? keyboard->layout->keys[usage][level] : 0;
}

/* As terminals have them since the VT220: letters, the signs beside them, and some digits. */
static uint32_t with_control(uint32_t character)
{
    static const char digits[] = { 0, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x7F }; /* 2 to 8 */
    if ((character >= '@' && character <= '_') || (character >= 'a' && character <= 'z'))
        return character & 0x1F;
    if (character >= '2' && character <= '8')
        return (uint8_t)digits[character - '2'];
    if (character == '?')
        return 0x7F;
    if (character == ' ')
        return 0;
    return character == '/' ? 0x1F : character;
}

static uint32_t composition(uint32_t first, uint32_t second)
{
    uint32_t low = 0, high = composition_count, key = first << 16 | second;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const struct composition *row = &compositions[middle];
        uint32_t here = (uint32_t)row->first << 16 | row->second;
        if (here == key)
            return row->result;
        if (here < key)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

static bool is_dead(uint32_t character)
{
    return character >= LAYOUT_DEAD && character < 0xF000;
}

/* The accent alone; 0: there is none. */
static uint32_t alone(uint32_t character)
{
    if (!is_dead(character))
        return character == COMPOSE ? 0 : character;
    uint32_t accent = composition(character, ' ');
    return accent != 0 ? accent : composition(character, character);
}

/* What was begun, and what comes now: one character if they make one, both if they do not. */
static void join(struct keyboard *keyboard, uint32_t character, struct stroke *stroke)
{
    uint32_t before = keyboard->begun;
    uint32_t both = composition(before, character);
    keyboard->begun = 0;
    keyboard->composing = false;
    if (both != 0) {
        stroke->characters[stroke->count++] = both;
        return;
    }
    if (alone(before) != 0)
        stroke->characters[stroke->count++] = alone(before);
    if (is_dead(character))
        keyboard->begun = character;
    else
        stroke->characters[stroke->count++] = character;
}

static void take_character(struct keyboard *keyboard, uint32_t character, struct stroke *stroke)
{
    uint32_t modifiers = held(keyboard);
    if (character == 0)
        return;
    if ((modifiers & WITH_CONTROL) != 0) {
        keyboard->begun = 0;
        keyboard->composing = false;
        if (is_dead(character))
            return;
        stroke->characters[stroke->count++] = with_control(character);
    } else if (keyboard->composing && keyboard->begun == COMPOSE) {
        keyboard->begun = character;
    } else if (keyboard->begun != 0) {
        join(keyboard, character, stroke);
    } else if (is_dead(character)) {
        keyboard->begun = character;
    } else {
        stroke->characters[stroke->count++] = character;
    }
    stroke->held = modifiers & WITH_ALT;
}

/* ---- Keys ---- */

static struct stroke press(struct keyboard *keyboard, uint32_t usage)
{
    struct stroke stroke = { 0 };
    bool is_keypad = usage >= USAGE_KEYPAD && usage < USAGE_KEYPAD_END;
    bool is_digit = is_keypad && usage >= USAGE_KEYPAD_1;
    if (usage == USAGE_COMPOSE) {
        keyboard->begun = COMPOSE;
        keyboard->composing = true;
        return stroke;
    }
    stroke.key = plain_key(usage);
    if (is_digit && keyboard->num_lock == has_shift(keyboard))
        stroke.key = keypad_key(usage);
    if (stroke.key == KEY_NONE) {
        take_character(keyboard,
                       is_keypad ? keypad_character(keyboard->layout, usage)
                                 : layout_character(keyboard, usage),
                       &stroke);
        return stroke;
    }
    keyboard->begun = 0;
    keyboard->composing = false;
    stroke.held = held(keyboard);
    if (is_digit)
        stroke.held &= ~(uint32_t)WITH_SHIFT; /* it made the digit this key */
    if (stroke.held == WITH_SHIFT && (usage == USAGE_PAGE_UP || usage == USAGE_PAGE_DOWN))
        return (struct stroke){ .command = usage == USAGE_PAGE_UP ? COMMAND_BACK
                                                                  : COMMAND_FORWARD };
    return stroke;
}

struct stroke keyboard_key(struct keyboard *keyboard, uint32_t usage, bool pressed, uint64_t now)
{
    if (usage >= KEYBOARD_USAGES || keyboard->down[usage] == pressed)
        return (struct stroke){ 0 };
    keyboard->down[usage] = pressed;
    if (!pressed) {
        if (keyboard->repeated == usage)
            keyboard->repeated = 0;
        return (struct stroke){ 0 };
    }
    if (usage >= USAGE_LEFT_CONTROL && usage < USAGE_MODIFIERS_END)
        return (struct stroke){ 0 };
    keyboard->repeated = 0;
    if (usage == USAGE_CAPS_LOCK || usage == USAGE_NUM_LOCK) {
        bool *lock = usage == USAGE_CAPS_LOCK ? &keyboard->caps_lock : &keyboard->num_lock;
        *lock = !*lock;
        return (struct stroke){ 0 };
    }
    keyboard->repeated = usage;
    keyboard->repeat_at = now + REPEAT_AFTER_NS;
    return press(keyboard, usage);
}

struct stroke keyboard_repeat(struct keyboard *keyboard, uint64_t now)
{
    if (keyboard->repeated == 0 || now < keyboard->repeat_at)
        return (struct stroke){ 0 };
    /* Who was kept from this does not make up for it. */
    keyboard->repeat_at = now + REPEAT_NS;
    return press(keyboard, keyboard->repeated);
}

uint64_t keyboard_deadline(const struct keyboard *keyboard)
{
    return keyboard->repeated == 0 ? UINT64_MAX : keyboard->repeat_at;
}

void keyboard_rest(struct keyboard *keyboard)
{
    keyboard->repeated = keyboard->begun = 0;
    keyboard->composing = false;
}

void keyboard_lose(struct keyboard *keyboard)
{
    memset(keyboard->down, 0, sizeof(keyboard->down));
    keyboard->repeated = 0;
}
