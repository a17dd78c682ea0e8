/* Reads the upper part of the screen over and over, and ends when something is to be seen there. */
#include "interface/screen_program.h"
#include "interface/stream_program.h"
#include "lib/main.h"

enum { BYTES = 1 << 14, PARTS = 16, HEAD = 64 }; /* four parts are a line of text; a question has more */

static void say(struct weft_bytes text)
{
    uint8_t buffer[HEAD + 64];
    struct weft_client client = { .slot = stream_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct stream_u32_error_result result;
    stream_write(&client, text, &result);
}

/* -1: it is not to be had. */
static int is_black(uint32_t part)
{
    static _Alignas(8) uint8_t buffer[BYTES + HEAD];
    struct weft_client client = { .slot = screen_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct screen_bytes_error_result result;
    if (screen_read(&client, (uint64_t)part * BYTES, BYTES, &result) != WEFT_OK || result.failed)
        return -1;
    for (uint32_t i = 0; i < result.value.size; i++)
        if (result.value.data[i] != 0)
            return 0;
    return result.value.size == BYTES ? 1 : -1;
}

int weft_main(void)
{
    if (is_black(1) != 1)
        return 1;
    say(WEFT_BYTES("spying\n"));
    for (uint32_t part = 0; is_black(part) == 1;)
        part = (part + 1) % PARTS;
    say(WEFT_BYTES("something was there\n"));
    return 2;
}
