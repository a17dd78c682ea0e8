/* What has come on a serial line and waits to be read. */
#include "programs/driver/serial/received.h"
#include "tests/tap.h"

static struct received received;
static uint8_t bytes[RECEIVED_BYTES];

int main(void)
{
    for (uint32_t i = 0; i < RECEIVED_BYTES; i++)
        received_put(&received, (uint8_t)i);
    TAP_OK(received.lost == 0 && received.size == RECEIVED_BYTES, "as many as there is room for");
    received_put(&received, 1);
    TAP_OK(received.lost == 1 && received.size == RECEIVED_BYTES, "one more is counted");
    TAP_OK(received_look(&received, bytes, 300) == 300 && bytes[299] == (uint8_t)299 &&
               received.size == RECEIVED_BYTES,
           "looking takes nothing");
    received_drop(&received, 300);
    received_put(&received, 77);
    TAP_OK(received_look(&received, bytes, RECEIVED_BYTES) == RECEIVED_BYTES - 299 &&
               bytes[0] == (uint8_t)300 && bytes[RECEIVED_BYTES - 300] == 77,
           "bytes come in their order, around the end of the ring");
    received_drop(&received, RECEIVED_BYTES);
    TAP_OK(received.size == 0 && received_look(&received, bytes, 1) == 0,
           "no more go than there are");
    return tap_done();
}
