/* Endpoints: a handler, an interface and the badge that the handler chose. Slots, gifts on their
 * way and rows of binding tables hold them; when the last of these is gone, the handler is told
 * `CLOSED`. All under the kernel's lock. */
#ifndef KERNEL_ENDPOINT_H
#define KERNEL_ENDPOINT_H

#include "kernel/party.h"

struct endpoint {
    struct party *handler; /* held */
    u64 interface;         /* first 8 bytes of the hash */
    u64 badge;
    u32 holders;
    bool quiet;           /* made by the kernel for a binding: nobody is told that it is gone */
    struct queued closed; /* as an event of the handler */
    bool is_derived;      /* derived.h */
    struct endpoint *base; /* that it stands for, held; NULL if it was cut off */
    struct binding *row;   /* from which it is derived, held; NULL: nobody can cut it off any more */
    struct list_link row_link; /* in row->derived */
};

/* Held once. An endpoint that is not quiet counts as a slot of its handler's silo. */
enum weft_status endpoint_create(struct party *handler, u64 interface, u64 badge, bool quiet,
                                 struct endpoint **endpoint);
void endpoint_hold(struct endpoint *endpoint);
void endpoint_release(struct endpoint *endpoint);
/* The one whose end the handler is told. */
static inline struct endpoint *endpoint_origin(struct endpoint *endpoint)
{
    return endpoint->base == NULL ? endpoint : endpoint->base;
}
/* After its CLOSED event was taken, or will never be. */
void endpoint_free(struct endpoint *endpoint);

#endif
