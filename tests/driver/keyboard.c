/* What the bytes of a keyboard mean. */
#include "programs/driver/ps2/keyboard.h"
#include "tests/tap.h"

static struct keyboard keyboard;
static struct input_key keys[16];
static uint32_t key_count;
static bool was_lost;

static void take(const uint8_t *bytes, uint32_t size)
{
    key_count = 0;
    was_lost = false;
    for (uint32_t i = 0; i < size; i++) {
        enum keyboard_meaning meaning = keyboard_take(&keyboard, bytes[i], &keys[key_count]);
        key_count += meaning == KEYBOARD_KEY;
        was_lost |= meaning == KEYBOARD_LOST;
    }
}

#define TAKE(...) take((const uint8_t[]){ __VA_ARGS__ }, sizeof((uint8_t[]){ __VA_ARGS__ }))

static bool is(uint32_t index, uint16_t usage, bool pressed)
{
    return index < key_count && keys[index].usage == usage && keys[index].pressed == pressed;
}

static void test_keys(void)
{
    TAKE(0x1E, 0x9E);
    TAP_OK(key_count == 2 && is(0, 0x04, true) && is(1, 0x04, false), "A goes down and comes up");
    TAKE(0xE0, 0x48, 0xE0, 0xC8, 0x48, 0xC8);
    TAP_OK(key_count == 4 && is(0, 0x52, true) && is(1, 0x52, false) && is(2, 0x60, true) &&
               is(3, 0x60, false),
           "the arrow is not the keypad's 8");
    TAKE(0x1E, 0x1E, 0x1E, 0x9E, 0x9E);
    TAP_OK(key_count == 2 && is(0, 0x04, true) && is(1, 0x04, false),
           "what repeats, or comes up without having been down, is not told");
    TAKE(0x2A, 0x1E, 0x36, 0x9E, 0xAA, 0xB6);
    TAP_OK(key_count == 6 && is(2, 0xE5, true) && is(4, 0xE1, false), "keys overlap");
    TAKE(0x55, 0x77, 0xE0, 0x02, 0xE0, 0x01);
    TAP_OK(key_count == 0 && !was_lost, "codes of no key are none");
}

static void test_long_codes(void)
{
    TAKE(0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5);
    TAP_OK(key_count == 2 && is(0, 0x48, true) && is(1, 0x48, false), "pause");
    TAKE(0xE0, 0x46, 0xE0, 0xC6);
    TAP_OK(key_count == 2 && is(0, 0x48, true) && is(1, 0x48, false), "pause with control");
    TAKE(0xE0, 0x2A, 0xE0, 0x37, 0xE0, 0xB7, 0xE0, 0xAA);
    TAP_OK(key_count == 2 && is(0, 0x46, true) && is(1, 0x46, false),
           "print, without the shift that the keyboard adds");
    TAKE(0x54, 0xD4);
    TAP_OK(key_count == 2 && is(0, 0x46, true), "print with alt");
    TAKE(0xE1, 0x1D, 0x1E, 0x1F, 0x9F);
    TAP_OK(key_count == 2 && is(0, 0x16, true), "half of pause costs one code, not the next");
    TAKE(0xE0, 0xE1, 0xE0, 0x1D, 0xE0, 0x9D);
    TAP_OK(key_count == 2 && is(0, 0xE4, true), "the last prefix counts");
}

static void test_lost(void)
{
    TAKE(0x1E, 0xFF);
    TAP_OK(key_count == 1 && was_lost, "the keyboard's own overrun is told");
    TAKE(0x1E, 0x9E);
    TAP_OK(key_count == 2 && !was_lost, "after it nothing is held down");
}

int main(void)
{
    test_keys();
    test_long_codes();
    test_lost();
    return tap_done();
}
