/* What all native handlers of the platform share: objects that badges name, and answering. Private
 * to the hosted platform.
 *
 * An object lives while its badge does, and while somebody holds it: an operation under way on one
 * CPU, a request that waits. Nothing here is called with a lock of the caller's held that the
 * object's `destroy` takes. */
#ifndef PLATFORM_HOSTED_HANDLER_H
#define PLATFORM_HOSTED_HANDLER_H

#include "platform/common/native_message.h"

#include <pthread.h>

/* The first member of a node, a socket, a stream. */
struct object {
    u32 holds;
    u32 kind; /* the handler's own */
    void (*destroy)(struct object *object);
};

struct handler_place;

struct handler {
    struct native *native;
    u64 interface; /* of the slots that it mints */
    pthread_mutex_t lock;
    struct handler_place *places; /* badge's low half, from 1 */
    u32 place_count;
    u32 free_place;
    u32 object_count;
};

/* Creates the native handler and binds it in the root silo, under `name` and the 64 digits of its
 * interface's hash. `context` is what the operations get. */
enum status handler_init(struct handler *handler, const struct native_operations *operations,
                         void *context, const char *name, const char *hash);
/* Unbinds it and drops every object that nobody holds. */
void handler_deinit(struct handler *handler);

/* Gives the object, held once, a badge; 0 when there are too many. */
u64 handler_add(struct handler *handler, struct object *object);
/* The badge's object, held once more; NULL if there is none. */
struct object *handler_hold(struct handler *handler, u64 badge);
void object_hold(struct object *object);
/* False: its last hold is gone already, and its end is under way. */
bool object_try_hold(struct object *object);
void object_release(struct object *object);
/* For `closed`: the badge is gone. */
void handler_closed(struct handler *handler, u64 badge);

/* Adds the object, takes over its hold, and mints the slot to give away. WEFT_LIMIT and the like:
 * the object is released. */
enum weft_status handler_mint(struct handler *handler, struct object *object, i32 *slot);

/* As native_message_refuse and native_message_answer. */
static inline void handler_refuse(struct handler *handler, const struct native_message *message,
                                  enum weft_status status)
{
    native_message_refuse(handler->native, message, status);
}

static inline void handler_answer(struct handler *handler, i64 id, const struct body_writer *writer)
{
    native_message_answer(handler->native, id, writer);
}

#endif
