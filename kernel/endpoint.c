#include "kernel/endpoint.h"

#include "kernel/block.h"
#include "kernel/derived.h"
#include "kernel/silo.h"

static bool charge(struct party *handler)
{
    return handler->silo == NULL || silo_charge(handler->silo, RESOURCE_SLOTS, 1);
}

static void discharge(struct party *handler)
{
    if (handler->silo != NULL)
        silo_discharge(handler->silo, RESOURCE_SLOTS, 1);
}

enum weft_status endpoint_create(struct party *handler, u64 interface, u64 badge, bool quiet,
                                 struct endpoint **endpoint)
{
    if (!quiet && !charge(handler))
        return WEFT_LIMIT;
    struct endpoint *created = block_take(sizeof(*created));
    if (created == NULL) {
        if (!quiet)
            discharge(handler);
        return WEFT_NO_MEMORY;
    }
    created->handler = handler;
    created->interface = interface;
    created->badge = badge;
    created->holders = 1;
    created->quiet = quiet;
    party_hold(handler);
    *endpoint = created;
    return WEFT_OK;
}

void endpoint_hold(struct endpoint *endpoint)
{
    endpoint->holders++;
}

void endpoint_release(struct endpoint *endpoint)
{
    BASE_ASSERT(endpoint->holders != 0);
    if (--endpoint->holders != 0)
        return;
    if (endpoint->is_derived) {
        derived_end(endpoint);
        return;
    }
    if (endpoint->quiet || endpoint->handler->dead) {
        endpoint_free(endpoint);
        return;
    }
    party_queue(endpoint->handler, &endpoint->closed, QUEUED_CLOSED);
    party_wake(endpoint->handler);
}

void endpoint_free(struct endpoint *endpoint)
{
    struct party *handler = endpoint->handler;
    if (!endpoint->quiet)
        discharge(handler);
    block_give(endpoint, sizeof(*endpoint));
    party_release(handler);
}
