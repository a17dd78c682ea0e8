#include "lib/client.h"

struct body_writer *client_begin(struct weft_client *client)
{
    client->status = WEFT_OK;
    client->answer = (struct body_reader){ 0 };
    client->event = (struct weft_event){ 0 };
    body_writer_init(&client->request, client->buffer, client->capacity);
    return &client->request;
}

int64_t client_send(struct weft_client *client, uint32_t flags)
{
    const struct body_writer *request = &client->request;
    if (!body_writer_ok(request))
        return -(int64_t)request->status;
    return weft_send(client->slot, request->data, request->size, request->gifts,
                     request->gift_count, flags);
}

/* Waits for the answer to `id`. One that does not come in time, or does not fit, is withdrawn. */
static enum weft_status fetch(struct weft_client *client, int64_t id)
{
    int64_t deadline = client->deadline_ns == 0 ? -1 : (int64_t)client->deadline_ns;
    int32_t kind = weft_wait(&id, 1, &client->event, client->buffer, client->capacity,
                             client->impatient ? 0 : deadline);
    if (kind == WEFT_EVENT_ANSWER)
        return (enum weft_status)client->event.status;
    weft_answer(id, WEFT_OK, NULL, 0, NULL, 0);
    client->event = (struct weft_event){ 0 };
    if (kind == WEFT_EVENT_NONE)
        return WEFT_WOULD_BLOCK;
    return kind < 0 ? (enum weft_status) - kind : WEFT_INVALID;
}

bool client_call(struct weft_client *client)
{
    int64_t id = client_send(client, WEFT_WANT_ANSWER);
    client->status = id < 0 ? (enum weft_status)(-id) : fetch(client, id);
    if (client->status != WEFT_OK)
        return false;
    body_reader_init(&client->answer, &client->event, client->buffer);
    body_reader_scratch(&client->answer, client->buffer + client->event.size,
                        client->capacity - client->event.size);
    return true;
}

enum weft_status client_end(struct weft_client *client)
{
    if (client->status != WEFT_OK)
        return client->status;
    return client->answer.status == WEFT_NO_MEMORY ? WEFT_TOO_LARGE : client->answer.status;
}

enum weft_status client_answer(const struct body_writer *writer, int64_t message)
{
    if (!body_writer_ok(writer))
        return writer->status;
    int32_t result = weft_answer(message, WEFT_OK, writer->data, writer->size, writer->gifts,
                                 writer->gift_count);
    return (enum weft_status)(-result);
}
