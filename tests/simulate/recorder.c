/* Native handlers that take notes. */
#include "tests/simulate/cast.h"

#include <stdlib.h>
#include <string.h>

enum { RECORDERS_MAX = 16 };

static struct recorder *recorders[RECORDERS_MAX];

static void on_message(void *context, const struct native_message *message)
{
    struct recorder *recorder = context;
    struct recorded *recorded = &recorder->messages[recorder->message_count++ % RECORDED_MAX];
    *recorded = (struct recorded){
        .id = message->id,
        .badge = message->badge,
        .interface = message->interface,
        .sender = message->sender.value,
        .size = (u32)message->body.size,
        .gift_count = message->gift_count,
    };
    for (u32 i = 0; i < message->gift_count; i++)
        recorded->gifts[i] = message->gifts[i];
    memcpy(recorded->body, message->body.data == NULL ? (const u8 *)"" : message->body.data,
           u64_min(message->body.size, sizeof(recorded->body)));
}

static void on_closed(void *context, u64 badge)
{
    struct recorder *recorder = context;
    recorder->closed[recorder->closed_count++ % RECORDED_MAX] = badge;
}

static void on_withdrawn(void *context, i64 id)
{
    struct recorder *recorder = context;
    recorder->withdrawn[recorder->withdrawn_count++ % RECORDED_MAX] = id;
}

static const struct native_operations operations = {
    .name = "recorder",
    .message = on_message,
    .closed = on_closed,
    .withdrawn = on_withdrawn,
};

struct recorder *recorder_create(void)
{
    u32 free_place = 0;
    while (free_place < RECORDERS_MAX && recorders[free_place] != NULL)
        free_place++;
    BASE_ASSERT(free_place < RECORDERS_MAX);
    struct recorder *recorder = calloc(1, sizeof(*recorder));
    BASE_ASSERT(recorder != NULL);
    if (native_create(&operations, recorder, &recorder->native) != STATUS_OK) {
        free(recorder);
        return NULL;
    }
    recorders[free_place] = recorder;
    return recorder;
}

void recorder_bind(struct recorder *recorder, struct silo *silo, u64 interface)
{
    struct interface_key key = world_key(interface);
    enum status status = native_bind(recorder->native, silo, &key);
    BASE_ASSERT(status == STATUS_OK);
}

const struct recorded *recorder_last(const struct recorder *recorder)
{
    static const struct recorded none;
    if (recorder->message_count == 0)
        return &none;
    return &recorder->messages[(recorder->message_count - 1) % RECORDED_MAX];
}

enum weft_status recorder_answer(struct recorder *recorder, i64 id, const char *text)
{
    return native_answer(recorder->native, id, WEFT_OK, bytes_from_text(text), NULL, 0);
}

void recorder_destroy(struct recorder *recorder)
{
    for (u32 i = 0; i < RECORDERS_MAX; i++)
        if (recorders[i] == recorder)
            recorders[i] = NULL;
    native_destroy(recorder->native);
    free(recorder);
}

void recorders_end(void)
{
    for (u32 i = 0; i < RECORDERS_MAX; i++)
        if (recorders[i] != NULL)
            recorder_destroy(recorders[i]);
}
