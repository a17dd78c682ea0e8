/* A driver's side of `device`: the device that it has claimed, its registers and its interrupts.
 *
 * A driver without its device is nothing, so what fails here ends the process with
 * DRIVER_EXIT_STATUS, after a line in the log that says what and why. Whoever started it decides
 * whether it is started again.
 *
 * An interrupt is a message like others. It is first armed, by `driver_arm`, and then the device is
 * looked at; so nothing that happens in between is missed:
 *
 *     struct driver driver;
 *     driver_claim(&driver, WEFT_BYTES("rtc"));
 *     struct driver_interrupt tick = driver_interrupt(&driver, 0);
 *     driver_arm(&driver, &tick);
 *     for (;;) {
 *         int32_t kind = server_wait(&server, -1);
 *         if (driver_is_interrupt(&tick, &server.event)) {
 *             driver_arm(&driver, &tick);
 *             ... look at the device ...
 *         } else if (kind == WEFT_EVENT_MESSAGE) ...
 *
 * Not for two threads at once. */
#ifndef LIB_DRIVER_H
#define LIB_DRIVER_H

#include "interface/device.h"
#include "lib/client.h"

enum {
    DRIVER_EXIT_STATUS = 3,
    DRIVER_QUEUE_MAX = 4096, /* bytes that go to or from a register at once */
    DRIVER_REGIONS_MAX = 8,
    DRIVER_BUFFER_BYTES = DRIVER_QUEUE_MAX + 64,
};

struct driver {
    struct weft_client client; /* the claimed device */
    struct weft_bytes name;
    uint32_t region_count;
    struct device_region regions[DRIVER_REGIONS_MAX];
    uint32_t interrupts;
    uint16_t vendor; /* as PCI has it, and so is the rest */
    uint16_t model;
    uint32_t class_;
    _Alignas(8) uint8_t buffer[DRIVER_BUFFER_BYTES];
};

struct driver_interrupt {
    int32_t slot;
    int64_t asked; /* the question that the interrupt will answer */
};

/* Claims the device with that name, of those that the process may see. The name is borrowed. */
void driver_claim(struct driver *driver, struct weft_bytes name);

/* `width` is in bytes: 1, 2, 4 or 8. */
uint64_t driver_read(struct driver *driver, uint32_t region, uint64_t offset, uint8_t width);
void driver_write(struct driver *driver, uint32_t region, uint64_t offset, uint8_t width,
                  uint64_t value);
/* Bytes to one register of a byte; DRIVER_QUEUE_MAX at most. */
void driver_write_queue(struct driver *driver, uint32_t region, uint64_t offset,
                        struct weft_bytes bytes);

/* PCI's configuration space. */
uint32_t driver_read_configuration(struct driver *driver, uint32_t offset, uint8_t width);
/* Puts memory that the device reaches, zeroed, in the place of own memory: both are multiples of
 * 4096. Its address as the device knows it. */
uint64_t driver_share(struct driver *driver, void *memory, uint32_t size);

struct driver_interrupt driver_interrupt(struct driver *driver, uint32_t index);
/* Asks for the next one. */
void driver_arm(struct driver *driver, struct driver_interrupt *interrupt);
/* Whether the event is this interrupt. It is to be armed again then. */
bool driver_is_interrupt(const struct driver_interrupt *interrupt, const struct weft_event *event);

/* Monotonic nanoseconds. */
uint64_t driver_now(void);
void driver_sleep(uint64_t duration_ns);

/* A line of the log: who, what, and how many of it. */
void driver_say(const struct driver *driver, const char *text);
void driver_say_count(const struct driver *driver, const char *text, uint64_t count);
/* A line of the log, and the end. */
_Noreturn void driver_fail(const struct driver *driver, const char *text);

#endif
