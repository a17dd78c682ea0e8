#include "programs/driver/serial/received.h"

void received_put(struct received *received, uint8_t byte)
{
    if (received->size == RECEIVED_BYTES) {
        received->lost++;
        return;
    }
    received->ring[(received->first + received->size) % RECEIVED_BYTES] = byte;
    received->size++;
}

uint32_t received_look(const struct received *received, uint8_t *bytes, uint32_t count)
{
    if (count > received->size)
        count = received->size;
    for (uint32_t i = 0; i < count; i++)
        bytes[i] = received->ring[(received->first + i) % RECEIVED_BYTES];
    return count;
}

void received_drop(struct received *received, uint32_t count)
{
    if (count > received->size)
        count = received->size;
    received->first = (received->first + count) % RECEIVED_BYTES;
    received->size -= count;
}
