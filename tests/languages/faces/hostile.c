/* Answers each message of `shapes` with bytes of chance, some with a slot that nobody asked for. */
#include "interface/shapes_program.h"
#include "lib/server.h"

static uint32_t chance(uint32_t bound)
{
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % bound;
}

/* Mostly small numbers, so that much of it is nearly right. */
static uint32_t fill(uint8_t *body)
{
    uint32_t size = chance(100);
    for (uint32_t i = 0; i < size; i++)
        body[i] = (uint8_t)(chance(3) != 0 ? 0 : chance(4) != 0 ? chance(20) : chance(256));
    return size;
}

static void answer(const struct weft_event *event)
{
    uint8_t body[100];
    int32_t slot = WEFT_NO_SLOT;
    if (chance(4) == 0)
        slot = server_mint(SHAPES_INTERFACE_HASH, 1);
    int32_t status = chance(10) == 0 ? (int32_t)chance(WEFT_STATUS_COUNT) : WEFT_OK;
    uint32_t size = fill(body);
    weft_answer(event->id, status, body, size, &slot, slot == WEFT_NO_SLOT ? 0 : 1);
}

int main(void)
{
    static _Alignas(8) uint8_t buffer[4096];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            answer(&server.event);
}
