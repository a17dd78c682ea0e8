#include "lib/server.h"

#include "interface/system_program.h"
#include "lib/interface.h"

/* A body that does not fit stays queued first until it is settled. */
static void refuse_unread(struct weft_server *server)
{
    weft_answer(server->event.id, WEFT_TOO_LARGE, NULL, 0, NULL, 0);
}

/* Of the buffer; the rest is scratch. */
static uint32_t body_capacity(const struct weft_server *server)
{
    return server->capacity / (1 + BODY_SCRATCH_FACTOR) & ~7u;
}

void server_read(struct weft_server *server)
{
    uint32_t body = body_capacity(server);
    body_reader_init(&server->reader, &server->event, server->buffer);
    body_reader_scratch(&server->reader, server->buffer + body, server->capacity - body);
}

int32_t server_wait(struct weft_server *server, int64_t deadline)
{
    int32_t kind =
        weft_wait(NULL, 0, &server->event, server->buffer, body_capacity(server), deadline);
    if (kind == -WEFT_TOO_LARGE)
        refuse_unread(server);
    if (kind > 0)
        server_read(server);
    return kind;
}

int32_t server_mint(const char *interface_hash_text, uint64_t badge)
{
    struct interface_hash hash = interface_hash(interface_hash_text);
    uint8_t buffer[128];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct system_any_error_result result;
    enum weft_status status = system_mint(&client, interface_bytes(&hash), badge, &result);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

void server_close(const int32_t *slots, uint32_t count)
{
    uint8_t buffer[16 + 4 * WEFT_GIFTS_MAX];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    if (count != 0)
        system_close(&client, (struct system_any_list){ slots, count });
}

void server_finish(struct weft_server *server, enum weft_status status)
{
    if (status == WEFT_OK)
        return;
    server_close(server->event.gifts, server->event.gift_count);
    if (server->event.id != 0)
        weft_answer(server->event.id, (int32_t)status, NULL, 0, NULL, 0);
}
