/* The smallest driver: counts the seconds of a PC's battery clock in the log, five of them. In the
 * place of the bundle's `driver/rtc.wasm` init starts it. */
#include "lib/driver.h"
#include "lib/main.h"

enum { INDEX = 0, DATA = 1 }; /* ports of the only region */
enum { REGISTER_B = 11, REGISTER_C = 12, EACH_SECOND = 1 << 4 };

static struct driver driver;

static uint8_t get(uint8_t index)
{
    driver_write(&driver, 0, INDEX, 1, index);
    return (uint8_t)driver_read(&driver, 0, DATA, 1);
}

static void set(uint8_t index, uint8_t value)
{
    driver_write(&driver, 0, INDEX, 1, index);
    driver_write(&driver, 0, DATA, 1, value);
}

int weft_main(void)
{
    struct weft_event event;
    uint8_t body[64];
    driver_claim(&driver, WEFT_BYTES("rtc"));
    struct driver_interrupt second = driver_interrupt(&driver, 0);
    driver_arm(&driver, &second);
    set(REGISTER_B, get(REGISTER_B) | EACH_SECOND);
    for (uint64_t count = 0; count < 5;) {
        if (weft_wait(NULL, 0, &event, body, sizeof(body), -1) < 0)
            return 1;
        if (!driver_is_interrupt(&second, &event))
            continue;
        driver_arm(&driver, &second); /* first this, then the device: nothing is missed */
        if ((get(REGISTER_C) & EACH_SECOND) != 0)
            driver_say_count(&driver, "seconds: ", ++count);
    }
    set(REGISTER_B, get(REGISTER_B) & (uint8_t)~EACH_SECOND);
    return 0;
}
