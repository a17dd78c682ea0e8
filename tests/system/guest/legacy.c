/* Drives what every PC has: the clock with its periodic interrupt, the keyboard's controller, and
 * the serial port that the kernel itself writes to. */
#include "lib/server.h"
#include "tests/system/guest/facts.h"

enum { INDEX, DATA };

static int32_t claim(const char *name)
{
    int32_t slot = WEFT_NO_SLOT;
    fact(facts_claim(device_slot(), name, &slot) == FACTS_DONE, name);
    return slot;
}

static uint8_t clock_read(int32_t slot, uint8_t number)
{
    uint64_t value = 0;
    facts_write(slot, 0, INDEX, 1, number);
    facts_read(slot, 0, DATA, 1, &value);
    return (uint8_t)value;
}

static void clock_write(int32_t slot, uint8_t number, uint8_t value)
{
    facts_write(slot, 0, INDEX, 1, number);
    facts_write(slot, 0, DATA, 1, value);
}

/* 1024 interrupts a second; none comes until register C is read. An answer without one is allowed
 * where one may have been lost. */
static void test_clock(void)
{
    enum { REGISTER_B = 11, REGISTER_C = 12, PERIODIC = 0x40, TIMES = 20 };
    int32_t slot = claim("rtc");
    int32_t interrupt, second;
    uint64_t count, seen = 0;
    fact(facts_claim(device_slot(), "rtc", &second) == DEVICE_ERROR_BUSY, "a second claim is busy");
    fact(facts_interrupt(slot, 1, &second) == DEVICE_ERROR_INVALID, "the clock has one interrupt");
    fact(facts_interrupt(slot, 0, &interrupt) == FACTS_DONE, "which can be had");
    fact(facts_interrupt(slot, 0, &second) == DEVICE_ERROR_BUSY, "once");
    clock_write(slot, REGISTER_B, (uint8_t)(clock_read(slot, REGISTER_B) | PERIODIC));
    for (uint32_t i = 0; i < TIMES; i++) {
        if (facts_wait(interrupt, &count) != FACTS_DONE)
            break;
        seen += (clock_read(slot, REGISTER_C) & PERIODIC) != 0;
    }
    fact(seen >= TIMES / 2, "and comes again and again");
    int64_t waiting = device_interrupt_wait_send(facts_client(interrupt), WEFT_WANT_ANSWER);
    clock_write(slot, REGISTER_B, (uint8_t)(clock_read(slot, REGISTER_B) & ~PERIODIC));
    server_close(&slot, 1);
    struct weft_event event;
    fact(waiting > 0 && weft_wait(&waiting, 1, &event, facts_buffer, sizeof(facts_buffer), -1) >= 0,
         "who waits is told when the claim goes");
    fact(facts_wait(interrupt, &count) == DEVICE_ERROR_NOT_FOUND, "and so is who asks after that");
    slot = claim("rtc");
    server_close(&slot, 1);
    server_close(&interrupt, 1);
}

static void test_ports(void)
{
    int32_t slot = claim("rtc");
    uint64_t value;
    fact(facts_read(slot, 0, 2, 1, &value) == DEVICE_ERROR_INVALID &&
             facts_write(slot, 0, 2, 1, 0) == DEVICE_ERROR_INVALID,
         "there is no port behind the last");
    fact(facts_read(slot, 0, 1, 2, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 0, 0, 4, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 0, 0, 8, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 0, 0, 3, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 0, 0, 0, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 0, UINT64_MAX, 1, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 1, 0, 1, &value) == DEVICE_ERROR_INVALID,
         "nor half in it, nor of another width, nor in another region");
    fact(facts_map(slot, 0, 0, 0, 4096) == DEVICE_ERROR_INVALID &&
             facts_share(slot, 65536, 4096, &value) == DEVICE_ERROR_UNSUPPORTED,
         "ports are not mapped, and what is no bus master shares nothing");
    fact(facts_wait(slot, &value) == FACTS_STATUS - WEFT_UNSUPPORTED, "a device is no interrupt");
    fact(facts_claim(slot, "rtc", &slot) == FACTS_STATUS - WEFT_UNSUPPORTED, "nor the interface");
    server_close(&slot, 1);
}

/* "Echo" of a keyboard, behind the 8042. */
static void test_keyboard(void)
{
    enum {
        KEYS,
        STATUS,
        ECHO = 0xEE,
        HAS_DATA = 1,
        DISABLE = 0xAD,
        ENABLE = 0xAE,
        WRITE = 0x60,
        INTERRUPTS_AND_TRANSLATION = 0x41
    };
    int32_t slot = claim("ps2");
    int32_t interrupt;
    uint64_t count, value = HAS_DATA;
    facts_interrupt(slot, 0, &interrupt);
    facts_write(slot, STATUS, 0, 1, WRITE);
    facts_write(slot, KEYS, 0, 1, INTERRUPTS_AND_TRANSLATION);
    facts_write(slot, STATUS, 0, 1, ENABLE);
    while (facts_read(slot, STATUS, 0, 1, &value) == FACTS_DONE && (value & HAS_DATA) != 0)
        facts_read(slot, KEYS, 0, 1, &value);
    facts_write(slot, KEYS, 0, 1, ECHO);
    for (value = 0; (value & HAS_DATA) == 0;) {
        facts_wait(interrupt, &count);
        facts_read(slot, STATUS, 0, 1, &value);
    }
    facts_read(slot, KEYS, 0, 1, &value);
    fact(value == ECHO, "the keyboard answers, and its interrupt comes");
    server_close(&interrupt, 1);
    server_close(&slot, 1);
}

/* What is typed comes to whoever has the port. */
static void test_serial(void)
{
    enum { BYTES, INTERRUPTS = 1, LINE = 3, STATUS = 5, HAS_DATA = 1, SETS_SPEED = 0x83, EIGHT_BITS = 3 };
    int32_t slot = claim("serial0");
    int32_t interrupt;
    uint64_t count, value = 0;
    struct device_bytes_error_result bytes;
    facts_interrupt(slot, 0, &interrupt);
    facts_write(slot, 0, INTERRUPTS, 1, HAS_DATA);
    print("type\n");
    while ((value & HAS_DATA) == 0) {
        facts_wait(interrupt, &count);
        facts_read(slot, 0, STATUS, 1, &value);
    }
    facts_read(slot, 0, BYTES, 1, &value);
    fact(value == '!', "what is typed comes to who has claimed the port");
    fact(device_claimed_write_queue(facts_client(slot), 0, BYTES, 1, WEFT_BYTES("out\n"),
                                    &(struct device_none_error_result){ 0 }) == WEFT_OK,
         "and several bytes go out at once");
    device_claimed_read_queue(facts_client(slot), 0, STATUS, 1, 3, &bytes);
    fact(!bytes.failed && bytes.value.size == 3, "or come in");
    device_claimed_read_queue(facts_client(slot), 0, STATUS, 1, UINT32_MAX, &bytes);
    fact(bytes.failed && bytes.error == DEVICE_ERROR_INVALID, "as far as there is room for them");
    facts_write(slot, 0, LINE, 1, SETS_SPEED);
    print("between\n");
    facts_read(slot, 0, BYTES, 1, &value);
    facts_read(slot, 0, LINE, 1, &count);
    facts_write(slot, 0, LINE, 1, EIGHT_BITS);
    fact(value == 1 && count == SETS_SPEED, "what the kernel writes does not change a speed that is being set");
    server_close(&interrupt, 1);
    server_close(&slot, 1);
}

int weft_main(void)
{
    test_clock();
    test_ports();
    test_keyboard();
    test_serial();
    return 0;
}
