/* Setting a keyboard's lights, with keyboards that answer and such that do not. */
#include "programs/driver/ps2/lights.h"
#include "tests/tap.h"

enum { SET = 0xED, DONE = 0xFA, AGAIN = 0xFE };

static struct lights lights;
static bool taken;

static int take(uint8_t byte)
{
    return lights_take(&lights, byte, 0, &taken);
}

static void test_set(void)
{
    TAP_OK(take(DONE) == LIGHTS_NO_BYTE && !taken, "an answer that nobody waits for is a key");
    TAP_OK(lights_set(&lights, INPUT_LIGHTS_CAPS_LOCK, 0) == SET, "the command");
    TAP_OK(take(0x1E) == LIGHTS_NO_BYTE && !taken, "keys may come between");
    TAP_OK(take(DONE) == 4 && taken, "its value");
    TAP_OK(take(DONE) == LIGHTS_NO_BYTE && taken && lights.state == LIGHTS_IDLE, "and the end");
    TAP_OK(lights_set(&lights, INPUT_LIGHTS_CAPS_LOCK, 0) == LIGHTS_NO_BYTE,
           "what is shown already is not sent again");
}

static void test_change(void)
{
    lights_set(&lights, INPUT_LIGHTS_NUM_LOCK, 0);
    TAP_OK(lights_set(&lights, INPUT_LIGHTS_SCROLL_LOCK, 0) == LIGHTS_NO_BYTE, "one at a time");
    TAP_OK(take(DONE) == 2 && take(DONE) == SET && take(DONE) == 1 && take(DONE) == LIGHTS_NO_BYTE,
           "the last wish comes true");
}

static void test_silence(void)
{
    lights_set(&lights, 0, 0);
    TAP_OK(take(AGAIN) == SET && take(AGAIN) == SET && take(AGAIN) == SET, "once more");
    TAP_OK(take(AGAIN) == LIGHTS_NO_BYTE && lights.state == LIGHTS_IDLE, "but not for ever");
    lights_set(&lights, INPUT_LIGHTS_NUM_LOCK, 0);
    lights_give_up(&lights, 1);
    TAP_OK(lights.state == LIGHTS_IDLE, "one that does not answer is left alone");
}

int main(void)
{
    test_set();
    test_change();
    test_silence();
    return tap_done();
}
