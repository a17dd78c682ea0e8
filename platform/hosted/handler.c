#include "platform/hosted/handler.h"

#include "platform/hosted/limits.h"

#include <stdlib.h>

struct handler_place {
    struct object *object;
    u32 generation;
    u32 next_free;
};

enum status handler_init(struct handler *handler, const struct native_operations *operations,
                         void *context, const char *name, const char *hash)
{
    struct interface_key key = native_key(name, hash);
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
