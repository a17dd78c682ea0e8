#include "platform/common/native_message.h"

struct interface_key native_key(const char *name, const char *hash)
{
    struct interface_key key = { .name = bytes_from_text(name) };
    BASE_ASSERT(hash_from_hex(bytes_from_text(hash), &key.hash));
    return key;
}

void native_message_event(const struct native_message *message, struct weft_event *event,
                          struct body_reader *reader)
{
    *event = (struct weft_event){
        .kind = WEFT_EVENT_MESSAGE,
        .id = message->id,
        .badge = message->badge,
        .interface = message->interface,
        .sender = message->sender.value,
        .size = (u32)message->body.size,
        .gift_count = message->gift_count,
    };
    for (u32 i = 0; i < message->gift_count; i++)
        event->gifts[i] = message->gifts[i];
    body_reader_init(reader, event, message->body.data);
}

void native_message_refuse(struct native *native, const struct native_message *message,
                           enum weft_status status)
{
    if (message->id != 0)
        (void)native_answer(native, message->id, status, (struct bytes){ 0 }, NULL, 0);
}

void native_message_answer(struct native *native, i64 id, const struct body_writer *writer)
{
    enum weft_status status = WEFT_BAD_MESSAGE; /* nobody waits for it */
    struct bytes body = { writer->data, writer->size };
    if (id != 0 && body_writer_ok(writer))
        status = native_answer(native, id, WEFT_OK, body, writer->gifts, writer->gift_count);
    else if (id != 0)
        (void)native_answer(native, id, writer->status, (struct bytes){ 0 }, NULL, 0);
    if (status == WEFT_OK)
        return;
    for (u32 i = 0; i < writer->gift_count; i++)
        native_close(native, writer->gifts[i]);
}
