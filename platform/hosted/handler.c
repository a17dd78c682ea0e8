#include "platform/hosted/handler.h"

#include "platform/hosted/limits.h"

#include <stdlib.h>

struct handler_place {
    struct object *object;
    u32 generation;
    u32 next_free;
};

struct interface_key handler_key(const char *name, const char *hash)
{
    struct interface_key key = { .name = bytes_from_text(name) };
    BASE_ASSERT(hash_from_hex(bytes_from_text(hash), &key.hash));
    return key;
}

enum status handler_init(struct handler *handler, const struct native_operations *operations,
                         void *context, const char *name, const char *hash)
{
    struct interface_key key = handler_key(name, hash);
    *handler = (struct handler){ .lock = PTHREAD_MUTEX_INITIALIZER };
    for (u32 i = 8; i-- > 0;)
        handler->interface = handler->interface << 8 | key.hash.bytes[i];
    enum status status = native_create(operations, context, &handler->native);
    if (status == STATUS_OK)
        status = native_bind(handler->native, silo_root(), &key);
    return status;
}

void handler_deinit(struct handler *handler)
{
    if (handler->native != NULL)
        native_destroy(handler->native);
    for (u32 i = 0; i < handler->place_count; i++)
        if (handler->places[i].object != NULL)
            object_release(handler->places[i].object);
    free(handler->places);
    handler->places = NULL;
    handler->place_count = 0;
    handler->native = NULL;
}

/* ---- Objects ---- */

static bool grow_places(struct handler *handler)
{
    enum { FIRST = 16 };
    u32 count = handler->place_count == 0 ? FIRST : 2 * handler->place_count;
    struct handler_place *places = realloc(handler->places, count * sizeof(*places));
    if (places == NULL)
        return false;
    for (u32 i = count; i-- > handler->place_count;) {
        places[i] = (struct handler_place){ .generation = 1, .next_free = handler->free_place };
        handler->free_place = i + 1;
    }
    handler->places = places;
    handler->place_count = count;
    return true;
}

u64 handler_add(struct handler *handler, struct object *object)
{
    u64 badge = 0;
    pthread_mutex_lock(&handler->lock);
    bool room = handler->object_count < LIMIT_OBJECTS;
    if (room && (handler->free_place != 0 || grow_places(handler))) {
        u32 index = handler->free_place;
        struct handler_place *place = &handler->places[index - 1];
        handler->free_place = place->next_free;
        handler->object_count++;
        place->object = object;
        badge = (u64)place->generation << 32 | index;
    }
    pthread_mutex_unlock(&handler->lock);
    return badge;
}

/* With the lock. */
static struct handler_place *place_of(struct handler *handler, u64 badge)
{
    u32 index = (u32)badge;
    if (index == 0 || index > handler->place_count)
        return NULL;
    struct handler_place *place = &handler->places[index - 1];
    return place->object != NULL && place->generation == badge >> 32 ? place : NULL;
}

struct object *handler_hold(struct handler *handler, u64 badge)
{
    pthread_mutex_lock(&handler->lock);
    struct handler_place *place = place_of(handler, badge);
    struct object *object = place == NULL ? NULL : place->object;
    if (object != NULL)
        object_hold(object);
    pthread_mutex_unlock(&handler->lock);
    return object;
}

void object_hold(struct object *object)
{
    __atomic_add_fetch(&object->holds, 1, __ATOMIC_RELAXED);
}

bool object_try_hold(struct object *object)
{
    u32 holds = __atomic_load_n(&object->holds, __ATOMIC_RELAXED);
    while (holds != 0)
        if (__atomic_compare_exchange_n(&object->holds, &holds, holds + 1, true, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return true;
    return false;
}

void object_release(struct object *object)
{
    if (__atomic_sub_fetch(&object->holds, 1, __ATOMIC_ACQ_REL) == 0)
        object->destroy(object);
}

void handler_closed(struct handler *handler, u64 badge)
{
    struct object *object = NULL;
    pthread_mutex_lock(&handler->lock);
    struct handler_place *place = place_of(handler, badge);
    if (place != NULL) {
        object = place->object;
        place->object = NULL;
        place->generation++;
        place->next_free = handler->free_place;
        handler->free_place = (u32)badge;
        handler->object_count--;
    }
    pthread_mutex_unlock(&handler->lock);
    if (object != NULL)
        object_release(object);
}

enum weft_status handler_mint(struct handler *handler, struct object *object, i32 *slot)
{
    u64 badge = handler_add(handler, object);
    if (badge == 0) {
        object_release(object);
        return WEFT_LIMIT;
    }
    enum status status = native_mint(handler->native, handler->interface, badge, slot);
    if (status == STATUS_OK)
        return WEFT_OK;
    handler_closed(handler, badge);
    return status == STATUS_LIMIT ? WEFT_LIMIT : WEFT_NO_MEMORY;
}

/* ---- Messages ---- */

void handler_event(const struct native_message *message, struct weft_event *event,
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

void handler_refuse(struct handler *handler, const struct native_message *message,
                    enum weft_status status)
{
    if (message->id != 0)
        (void)native_answer(handler->native, message->id, status, (struct bytes){ 0 }, NULL, 0);
}

void handler_answer(struct handler *handler, i64 id, const struct body_writer *writer)
{
    enum weft_status status = WEFT_BAD_MESSAGE; /* nobody waits for it */
    struct bytes body = { writer->data, writer->size };
    if (id != 0 && body_writer_ok(writer))
        status =
            native_answer(handler->native, id, WEFT_OK, body, writer->gifts, writer->gift_count);
    else if (id != 0)
        (void)native_answer(handler->native, id, writer->status, (struct bytes){ 0 }, NULL, 0);
    if (status == WEFT_OK)
        return;
    for (u32 i = 0; i < writer->gift_count; i++)
        native_close(handler->native, writer->gifts[i]);
}
