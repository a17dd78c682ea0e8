/* Adds as many programs as its argument says, of 16 MiB, that do nothing: all but the number at their end
 * is of nobody's interest. */
#include "tests/hosted/hostile/hostile.h"

enum { CONTENT_SIZE = 16 << 20 };

static uint8_t module[13 + CONTENT_SIZE];
static uint8_t buffer[sizeof(module) + 256];

static bool add(uint32_t number)
{
    struct system_bytes_error_result result;
    struct weft_client client = { .slot = system_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
    memcpy(module + sizeof(module) - sizeof(number), &number, sizeof(number));
    return system_add_program(&client, (struct weft_bytes){ module, sizeof(module) }, &result) ==
               WEFT_OK &&
           !result.failed;
}

int weft_main(void)
{
    /* A section of anybody's, of as many bytes, without a name. */
    static const uint8_t head[] = { 0, 'a', 's', 'm', 1, 0, 0, 0, 0, 0x80, 0x80, 0x80, 0x08 };
    memcpy(module, head, sizeof(head));
    uint32_t many = hostile_number(hostile_argument(1)), count = 0;
    while (count < many && add(count))
        count++;
    hostile_say("added", count);
    return 0;
}
