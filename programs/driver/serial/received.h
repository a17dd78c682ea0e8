/* What has come on a serial line and was not read yet. What does not fit is counted. */
#ifndef PROGRAMS_DRIVER_SERIAL_RECEIVED_H
#define PROGRAMS_DRIVER_SERIAL_RECEIVED_H

#include <stdint.h>

enum {
    RECEIVED_BYTES = 1 << 16,
    RECEIVED_HIGH_BYTES = RECEIVED_BYTES / 4 * 3, /* the other side is to hold on */
    RECEIVED_LOW_BYTES = RECEIVED_BYTES / 2,      /* and to go on */
};

struct received {
    uint8_t ring[RECEIVED_BYTES];
    uint32_t first;
    uint32_t size;
    uint64_t lost; /* bytes */
};

void received_put(struct received *received, uint8_t byte);
/* The oldest `count` bytes, or what there is, without taking them; how many. */
uint32_t received_look(const struct received *received, uint8_t *bytes, uint32_t count);
void received_drop(struct received *received, uint32_t count);

#endif
