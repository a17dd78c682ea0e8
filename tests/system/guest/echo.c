/* Sends back what comes on the serial line, until as many bytes came as BYTES says; before each read it
 * asks whether there is something, so that this is tried, too. */
#include "interface/serial_program.h"
#include "interface/stream_program.h"
#include "lib/main.h"
#include "lib/memory.h"

enum { BYTES = 1 << 16, AT_ONCE = 3000, HEAD = 64 };

static _Alignas(8) uint8_t reading[AT_ONCE + HEAD];
static _Alignas(8) uint8_t writing[AT_ONCE + HEAD];

static int32_t line;

static struct weft_client client_of(uint8_t *buffer)
{
    return (struct weft_client){ .slot = line, .buffer = buffer, .capacity = AT_ONCE + HEAD };
}

static bool open_line(void)
{
    struct weft_client client = { .slot = serial_slot(),
                                  .buffer = reading,
                                  .capacity = sizeof(reading) };
    struct serial_line_error_result result;
    if (serial_open(&client, &result) != WEFT_OK || result.failed)
        return false;
    line = result.value;
    return true;
}

static bool write(struct weft_bytes bytes)
{
    struct weft_client client = client_of(writing);
    struct stream_u32_error_result result;
    return stream_write(&client, bytes, &result) == WEFT_OK && !result.failed &&
           result.value == bytes.size;
}

int weft_main(void)
{
    struct stream_bytes_error_result bytes;
    struct stream_u64_error_result there;
    uint32_t count = 0;
    if (!open_line())
        return 4;
    struct weft_client client = client_of(reading);
    if (!write(WEFT_BYTES("ready\n")))
        return 1;
    while (count < BYTES) {
        if (stream_readable(&client, &there) != WEFT_OK || there.failed || there.value == 0)
            return 2;
        if (stream_read(&client, AT_ONCE, &bytes) != WEFT_OK || bytes.failed ||
            bytes.value.size == 0 || bytes.value.size > AT_ONCE || !write(bytes.value))
            return 3;
        count += bytes.value.size;
    }
    write(WEFT_BYTES("done\n"));
    return 0;
}
