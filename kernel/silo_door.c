/* What the platform asks of silos: kernel.h, around silo.c and binding.c. */
#include "kernel/binding.h"
#include "kernel/endpoint.h"
#include "kernel/lock.h"
#include "kernel/process.h"
#include "kernel/silo.h"

static enum status to_status(enum weft_status status)
{
    switch (status) {
    case WEFT_OK:
        return STATUS_OK;
    case WEFT_NO_MEMORY:
        return STATUS_NO_MEMORY;
    case WEFT_LIMIT:
        return STATUS_LIMIT;
    case WEFT_GONE:
        return STATUS_NOT_FOUND;
    default:
        return STATUS_INVALID;
    }
}

enum status silo_create(struct silo *parent, struct bytes name, const struct silo_limits *limits,
                        struct silo **silo)
{
    lock_take();
    enum weft_status status = silo_create_locked(parent, name, limits, silo);
    if (status == WEFT_OK)
        silo_hold_handle(*silo);
    lock_give();
    return to_status(status);
}

void silo_destroy(struct silo *silo)
{
    lock_take();
    silo_destroy_locked(silo);
    silo_release_handle(silo);
    lock_give();
}

struct silo_id silo_id_of(const struct silo *silo)
{
    return (struct silo_id){ silo->id };
}

enum status silo_set_verdict(struct silo *silo, const struct interface_key *key,
                             enum verdict verdict)
{
    lock_take();
    enum weft_status status = binding_set_verdict(silo, key, verdict);
    lock_give();
    return to_status(status);
}

enum status silo_bind_process(struct silo *silo, const struct interface_key *key,
                              struct process *handler)
{
    struct slot_target target = { .kind = SLOT_ENDPOINT };
    lock_take();
    enum weft_status status = endpoint_create(&handler->party, interface_of_hash(&key->hash), 0,
                                              true, &target.endpoint);
    if (status == WEFT_OK)
        status = binding_set_handler(silo, key, target);
    if (status != WEFT_OK && target.endpoint != NULL)
        endpoint_free(target.endpoint);
    lock_give();
    return to_status(status);
}

enum status silo_set_library(struct silo *silo, struct bytes import_namespace,
                             struct program *program)
{
    lock_take();
    enum weft_status status = silo_set_library_locked(silo, import_namespace, program);
    lock_give();
    return to_status(status);
}
