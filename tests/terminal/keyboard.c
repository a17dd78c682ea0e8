/* What keys mean, by layout. */
#include "programs/terminal/keyboard.h"
#include "tests/tap.h"

#include <string.h>

enum {
    A = 4, E = 8, Q = 20, N1 = 30, N2 = 31, ENTER = 40, SPACE = 44, BRACKET = 47, CAPS = 57,
    PAGE_UP = 75, NUM = 83, KEYPAD_7 = 95, KEYPAD_POINT = 99, LESS = 100, COMPOSE = 101,
    CONTROL = 224, SHIFT = 225, ALT = 226, ALT_GR = 230, O = 18, C = 6, QUOTE = 52, F5 = 62, EQUAL = 46,
};

static const uint64_t MS = 1000000;

static struct keyboard keyboard;
static uint32_t characters[64];
static uint32_t count;
static struct stroke last;

static void begin(const char *layout)
{
    memset(&keyboard, 0, sizeof(keyboard));
    keyboard.layout = layout_find(layout, (uint32_t)strlen(layout));
    count = 0;
}

static void key(uint32_t usage, bool pressed)
{
    last = keyboard_key(&keyboard, usage, pressed, 0);
    for (uint32_t i = 0; i < last.count; i++)
        characters[count++] = last.characters[i];
}

static void press(uint32_t usage)
{
    key(usage, true);
    struct stroke kept = last;
    key(usage, false);
    last = kept;
}

static void press_with(uint32_t held, uint32_t usage)
{
    key(held, true);
    press(usage);
    struct stroke kept = last;
    key(held, false);
    last = kept;
}

/* Whether just these characters came, up to the first 0. */
static bool came(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    uint32_t expected[4] = { a, b, c, d };
    uint32_t size = d != 0 ? 4 : c != 0 ? 3 : b != 0 ? 2 : a != 0;
    bool equal = count == size && memcmp(characters, expected, size * sizeof(expected[0])) == 0;
    count = 0;
    return equal;
}

static void test_layouts(void)
{
    begin("us");
    press(A);
    press(Q);
    press_with(SHIFT, N2);
    press(BRACKET);
    TAP_OK(came('a', 'q', '@', '['), "us");
    begin("fr");
    press(A);
    press(N2);
    press_with(SHIFT, N2);
    press_with(ALT_GR, N2);
    TAP_OK(came('q', 0xE9, '2', '~'), "fr, and its third level");
    begin("de");
    press(29);
    press_with(ALT_GR, Q);
    press_with(SHIFT, BRACKET);
    press(LESS);
    TAP_OK(came('y', '@', 0xDC, '<'), "de, and its third level");
    TAP_OK(layout_find("nowhere", 7) == NULL && layout_find("", 0) == NULL, "there are no others");
}

static void test_dead(void)
{
    begin("fr");
    press(BRACKET);
    TAP_OK(came(0, 0, 0, 0), "a dead key waits");
    press(E);
    TAP_OK(came(0xEA, 0, 0, 0), "  and makes one character with the next");
    press(BRACKET);
    press(SPACE);
    TAP_OK(came('^', 0, 0, 0), "  alone with a blank");
    press(BRACKET);
    press(ENTER);
    TAP_OK(came(0, 0, 0, 0) && last.key == KEY_ENTER, "  another key forgets it");
    press(BRACKET);
    press(N1);
    TAP_OK(came('^', '&', 0, 0), "  what it cannot be joined with comes behind it");
    begin("de");
    press_with(SHIFT, EQUAL);
    press(E);
    press(EQUAL);
    press(E);
    TAP_OK(came(0xE8, 0xE9, 0, 0), "grave and acute");
}

static void test_compose(void)
{
    begin("us");
    press(COMPOSE);
    press(QUOTE);
    press(E);
    press(COMPOSE);
    press(O);
    press(C);
    TAP_OK(came(0xE9, 0xA9, 0, 0), "the compose key joins two");
    press(COMPOSE);
    press(Q);
    press(Q);
    press(A);
    TAP_OK(came('q', 'q', 'a', 0), "  two that make none come as they are");
}

static void test_locks(void)
{
    begin("fr");
    press(CAPS);
    press(A);
    press(N2);
    press_with(SHIFT, A);
    TAP_OK(came('Q', 0xC9, 'q', 0), "Caps Lock, as the layout has it");
    press(CAPS);
    press(A);
    TAP_OK(came('q', 0, 0, 0), "  and off");
    begin("de");
    press(KEYPAD_7);
    TAP_OK(count == 0 && last.key == KEY_HOME, "the keypad without Num Lock");
    press(NUM);
    press(KEYPAD_7);
    press(KEYPAD_POINT);
    TAP_OK(came('7', ',', 0, 0), "  with it, and the layout's point");
    press_with(SHIFT, KEYPAD_7);
    TAP_OK(last.key == KEY_HOME && last.held == 0, "  shift is the other way");
}

static void test_held(void)
{
    begin("us");
    press_with(CONTROL, C);
    press_with(CONTROL, BRACKET);
    press_with(CONTROL, N2);
    TAP_OK(count == 3 && characters[0] == 3 && characters[1] == 0x1B && characters[2] == 0,
           "control characters");
    count = 0;
    press_with(ALT, A);
    TAP_OK(came('a', 0, 0, 0) && last.held == WITH_ALT, "Alt");
    press_with(ALT_GR, A);
    TAP_OK(came('a', 0, 0, 0) && last.held == WITH_ALT, "  also the right one, without a third level");
    press_with(SHIFT, F5);
    TAP_OK(last.key == (enum emulator_key)(KEY_F1 + 4) && last.held == WITH_SHIFT, "a function key");
    press_with(SHIFT, PAGE_UP);
    TAP_OK(last.command == COMMAND_BACK && last.key == KEY_NONE, "back into the history");
    press(PAGE_UP);
    TAP_OK(last.command == COMMAND_NONE && last.key == KEY_PAGE_UP, "  only with shift");
}

static void test_repeat(void)
{
    begin("us");
    TAP_OK(keyboard_deadline(&keyboard) == UINT64_MAX, "nothing is held down");
    key(A, true);
    TAP_OK(keyboard_deadline(&keyboard) == 500 * MS &&
               keyboard_repeat(&keyboard, 499 * MS).count == 0 &&
               keyboard_repeat(&keyboard, 500 * MS).count == 1,
           "a key that is held down comes again after half a second");
    TAP_OK(keyboard_repeat(&keyboard, 520 * MS).count == 0 &&
               keyboard_repeat(&keyboard, 534 * MS).count == 1,
           "  and thirty times a second from then on");
    key(A, true);
    TAP_OK(last.count == 0, "  its own repetitions are passed over");
    key(Q, true);
    TAP_OK(keyboard_repeat(&keyboard, 500 * MS).characters[0] == 'q', "  the last key counts");
    key(A, false);
    TAP_OK(keyboard_deadline(&keyboard) != UINT64_MAX, "  until it is let go");
    key(Q, false);
    TAP_OK(keyboard_deadline(&keyboard) == UINT64_MAX, "  and not longer");
    key(SHIFT, true);
    TAP_OK(keyboard_deadline(&keyboard) == UINT64_MAX, "  shift alone is none");
    key(SHIFT, false);
    key(A, true);
    keyboard_rest(&keyboard);
    TAP_OK(keyboard_deadline(&keyboard) == UINT64_MAX, "  nor is what has come to rest repeated");
    key(A, true);
    TAP_OK(last.count == 0, "  though it is still held down");
    keyboard_lose(&keyboard);
    press(A);
    TAP_OK(characters[count - 1] == 'a', "when events are lost, nothing is held down");
}

int main(void)
{
    test_layouts();
    test_dead();
    test_compose();
    test_locks();
    test_held();
    test_repeat();
    return tap_done();
}
