/* The driver of a PC's battery clock, an MC146818 and all that imitate it: handles `rtc` with
 * device `rtc`. */
#include "lib/main.h"
#include "interface/rtc_program.h"
#include "lib/driver.h"
#include "lib/memory.h"
#include "lib/server.h"
#include "lib/waiting.h"
#include "programs/driver/rtc/date.h"

/* Ports: the number of a register goes to the first, its value is at the second. */
enum { INDEX = 0, DATA = 1 };

enum {
    SECOND = 0,
    MINUTE = 2,
    HOUR = 4,
    WEEKDAY = 6,
    DAY = 7,
    MONTH = 8,
    YEAR = 9,
    A = 10,
    B = 11,
    C = 12,
    D = 13,
    CENTURY = 0x32,
};

enum {
    A_UPDATING = 1 << 7,
    B_HALT = 1 << 7,
    B_INTERRUPTS = 7 << 4,
    B_TICK_INTERRUPT = 1 << 4,
    C_TICK = 1 << 4,
    D_HAS_POWER = 1 << 7,
};

enum {
    UPDATE_NS = 5000000, /* an update takes 2 ms */
    POLL_NS = 200000,
    READS_MAX = 10, /* until two are the same */
};

static struct driver driver;
static struct driver_interrupt interrupt;
static struct waiting ticks;

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

/* ---- Reading and setting -----------------------------------------------------------------------
 */

/* False: it is never done with an update. */
static bool await_update(void)
{
    uint64_t end = driver_now() + UPDATE_NS;
    while ((get(A) & A_UPDATING) != 0) {
        if (driver_now() > end)
            return false;
        driver_sleep(POLL_NS);
    }
    return true;
}

static struct date_registers read_registers(void)
{
    return (struct date_registers){
        .second = get(SECOND),
        .minute = get(MINUTE),
        .hour = get(HOUR),
        .day = get(DAY),
        .month = get(MONTH),
        .year = get(YEAR),
        .century = get(CENTURY),
        .b = get(B) & (DATE_B_24_HOURS | DATE_B_BINARY),
    };
}

/* An update may begin at any moment, so only what is read twice counts. */
static bool read_steadily(struct date_registers *registers)
{
    struct date_registers before = { 0 };
    for (uint32_t i = 0; i < READS_MAX && await_update(); i++) {
        *registers = read_registers();
        if (i != 0 && memcmp(registers, &before, sizeof(before)) == 0)
            return true;
        before = *registers;
    }
    return false;
}

static struct rtc_u64_error_result now(void)
{
    struct date_registers registers;
    struct rtc_u64_error_result result = { .failed = true, .error = RTC_ERROR_NO_DATE };
    uint64_t seconds;
    if (!read_steadily(&registers))
        result.error = RTC_ERROR_IO;
    else if ((get(D) & D_HAS_POWER) != 0 && date_to_seconds(&registers, &seconds))
        result = (struct rtc_u64_error_result){ .value = seconds };
    return result;
}

static void write_registers(const struct date_registers *registers, uint8_t weekday)
{
    uint8_t b = get(B);
    set(B, b | B_HALT);
    set(SECOND, registers->second);
    set(MINUTE, registers->minute);
    set(HOUR, registers->hour);
    set(WEEKDAY, weekday);
    set(DAY, registers->day);
    set(MONTH, registers->month);
    set(YEAR, registers->year);
    set(CENTURY, registers->century);
    set(B, b);
}

/* ---- The interface -----------------------------------------------------------------------------
 */

static struct body_writer *new_answer(void)
{
    static uint8_t body[32];
    static struct body_writer writer;
    body_writer_init(&writer, body, sizeof(body));
    return &writer;
}

static enum weft_status on_now(void *context, const struct weft_event *event)
{
    struct rtc_u64_error_result result = now();
    (void)context;
    return rtc_now_answer(new_answer(), event->id, &result);
}

static enum weft_status on_set(void *context, const struct weft_event *event,
                               const struct rtc_set_arguments *arguments)
{
    struct date_registers registers;
    struct rtc_none_error_result result = { .failed = true, .error = RTC_ERROR_IO };
    (void)context;
    if (read_steadily(&registers)) {
        result.failed = !date_from_seconds(arguments->seconds, &registers);
        result.error = RTC_ERROR_INVALID;
        if (!result.failed)
            write_registers(&registers, date_weekday(arguments->seconds));
    }
    return rtc_set_answer(new_answer(), event->id, &result);
}

/* Whoever waits for the next second has it interrupt; nobody else is disturbed. */
static void set_ticking(bool ticking)
{
    uint8_t b = get(B) & (uint8_t)~B_INTERRUPTS;
    set(B, ticking ? b | B_TICK_INTERRUPT : b);
}

static enum weft_status on_tick(void *context, const struct weft_event *event)
{
    (void)context;
    if (event->id == 0)
        return WEFT_INVALID;
    if (!waiting_add(&ticks, event->id, 0))
        return WEFT_LIMIT;
    if (ticks.count == 1) {
        get(C); /* what came before does not count */
        set_ticking(true);
    }
    return WEFT_OK;
}

static void give_tick(void)
{
    struct rtc_u64_error_result result = now();
    for (; ticks.count != 0; waiting_remove(&ticks, ticks.list[0].id))
        rtc_tick_answer(new_answer(), ticks.list[0].id, &result);
    set_ticking(false);
}

static void on_interrupt(void)
{
    driver_arm(&driver, &interrupt);
    if ((get(C) & C_TICK) != 0 && ticks.count != 0)
        give_tick();
}

static void on_withdrawn(int64_t id)
{
    if (waiting_remove(&ticks, id) && ticks.count == 0)
        set_ticking(false);
}

int weft_main(void)
{
    static const struct rtc_server rtc = { .now = on_now, .set = on_set, .tick = on_tick };
    static _Alignas(8) uint8_t buffer[256];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    driver_claim(&driver, WEFT_BYTES("rtc"));
    interrupt = driver_interrupt(&driver, 0);
    set_ticking(false);
    driver_arm(&driver, &interrupt);
    for (;;) {
        int32_t kind = server_wait(&server, -1);
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, rtc_dispatch(&rtc, NULL, &server.event, &server.reader));
        else if (driver_is_interrupt(&interrupt, &server.event))
            on_interrupt();
        else if (kind == WEFT_EVENT_WITHDRAWN)
            on_withdrawn(server.event.id);
    }
}
