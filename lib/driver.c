#include "lib/driver.h"

#include "interface/clock_program.h"
#include "interface/device_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/say.h"

enum { IDENTITIES_MAX_BYTES = 1 << 16 };

/* ---- Telling ------------------------------------------------------------------------------- */

void driver_say(const struct driver *driver, const char *text)
{
    say(LOG_LEVEL_INFO, driver->name, text);
}

void driver_say_count(const struct driver *driver, const char *text, uint64_t count)
{
    say_count(LOG_LEVEL_WARNING, driver->name, text, count);
}

_Noreturn void driver_fail(const struct driver *driver, const char *text)
{
    say(LOG_LEVEL_ERROR, driver->name, text);
    main_exit(DRIVER_EXIT_STATUS);
}

/* Goes on if a call of the interface has gone well. */
static void check(const struct driver *driver, enum weft_status status, bool failed,
                  enum device_error error)
{
    static const char *const errors[] = {
        [DEVICE_ERROR_NOT_FOUND] = "there is no such device for this driver",
        [DEVICE_ERROR_BUSY] = "somebody else has the device",
        [DEVICE_ERROR_INVALID] = "the device has no such register or interrupt",
        [DEVICE_ERROR_UNSUPPORTED] = "the device cannot do that",
        [DEVICE_ERROR_LIMIT] = "a limit was reached",
        [DEVICE_ERROR_NO_MEMORY] = "there is no memory",
    };
    if (status == WEFT_DENIED)
        driver_fail(driver, "no right to devices");
    if (status != WEFT_OK)
        driver_fail(driver, "devices do not answer");
    if (failed)
        driver_fail(driver, errors[error]);
}

/* ---- Claiming ------------------------------------------------------------------------------ */

static bool is_same(struct weft_bytes a, struct weft_bytes b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/* What the device says of itself. */
static void learn(struct driver *driver)
{
    static _Alignas(8) uint8_t buffer[IDENTITIES_MAX_BYTES];
    struct weft_client client = { .slot = device_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct device_identity_list list = { 0 };
    check(driver, device_devices(&client, &list), false, 0);
    for (uint32_t i = 0; i < list.count; i++) {
        const struct device_identity *identity = &list.data[i];
        if (!is_same(identity->name, driver->name))
            continue;
        driver->vendor = identity->vendor;
        driver->model = identity->model;
        driver->class_ = identity->class_;
        driver->interrupts = identity->interrupts;
        for (; driver->region_count < identity->regions.count &&
               driver->region_count < DRIVER_REGIONS_MAX;
             driver->region_count++)
            driver->regions[driver->region_count] = identity->regions.data[driver->region_count];
    }
}

void driver_claim(struct driver *driver, struct weft_bytes name)
{
    struct device_claimed_error_result result = { 0 };
    *driver = (struct driver){ .name = name };
    driver->client.buffer = driver->buffer;
    driver->client.capacity = sizeof(driver->buffer);
    driver->client.slot = device_slot();
    enum weft_status status = device_claim(&driver->client, name, &result);
    check(driver, status, result.failed, result.error);
    driver->client.slot = result.value;
    learn(driver);
}

/* ---- Registers ----------------------------------------------------------------------------- */

uint64_t driver_read(struct driver *driver, uint32_t region, uint64_t offset, uint8_t width)
{
    struct device_u64_error_result result = { 0 };
    enum weft_status status = device_claimed_read(&driver->client, region, offset, width, &result);
    check(driver, status, result.failed, result.error);
    return result.value;
}

void driver_write(struct driver *driver, uint32_t region, uint64_t offset, uint8_t width,
                  uint64_t value)
{
    struct device_none_error_result result = { 0 };
    enum weft_status status =
        device_claimed_write(&driver->client, region, offset, width, value, &result);
    check(driver, status, result.failed, result.error);
}

void driver_write_queue(struct driver *driver, uint32_t region, uint64_t offset,
                        struct weft_bytes bytes)
{
    struct device_none_error_result result = { 0 };
    enum weft_status status =
        device_claimed_write_queue(&driver->client, region, offset, 1, bytes, &result);
    check(driver, status, result.failed, result.error);
}

uint32_t driver_read_configuration(struct driver *driver, uint32_t offset, uint8_t width)
{
    struct device_u32_error_result result = { 0 };
    enum weft_status status =
        device_claimed_read_configuration(&driver->client, offset, width, &result);
    check(driver, status, result.failed, result.error);
    return result.value;
}

uint64_t driver_share(struct driver *driver, void *memory, uint32_t size)
{
    struct device_u64_error_result result = { 0 };
    enum weft_status status =
        device_claimed_share(&driver->client, (uintptr_t)memory, size, &result);
    check(driver, status, result.failed, result.error);
    return result.value;
}

/* ---- Interrupts ---------------------------------------------------------------------------- */

struct driver_interrupt driver_interrupt(struct driver *driver, uint32_t index)
{
    struct device_interrupt_error_result result = { 0 };
    enum weft_status status = device_claimed_interrupt(&driver->client, index, &result);
    check(driver, status, result.failed, result.error);
    return (struct driver_interrupt){ .slot = result.value };
}

void driver_arm(struct driver *driver, struct driver_interrupt *interrupt)
{
    uint8_t buffer[16];
    struct weft_client client = { .slot = interrupt->slot,
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    interrupt->asked = device_interrupt_wait_send(&client, WEFT_WANT_ANSWER);
    if (interrupt->asked < 0)
        driver_fail(driver, "its interrupt is gone");
}

bool driver_is_interrupt(const struct driver_interrupt *interrupt, const struct weft_event *event)
{
    return event->kind == WEFT_EVENT_ANSWER && event->id == interrupt->asked;
}

/* ---- Time ---------------------------------------------------------------------------------- */

uint64_t driver_now(void)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = clock_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t now = 0;
    clock_monotonic(&client, &now);
    return now;
}

void driver_sleep(uint64_t duration_ns)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = clock_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    clock_until(&client, driver_now() + duration_ns);
}
