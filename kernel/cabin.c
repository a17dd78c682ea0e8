#include "kernel/cabin.h"

bool cabin_is_asked_about(const struct silo *silo)
{
    while (silo != NULL && silo->asking_row_count == 0)
        silo = silo->parent;
    return silo != NULL;
}

bool cabin_is_shared(const struct silo *a, const struct silo *b)
{
    return a == b || (a->program.size != 0 && cid_equal(&a->program, &b->program));
}

static enum weft_status create(struct silo *parent, const struct cid *program, struct bytes name,
                               struct silo **cabin)
{
    static const struct silo_limits none;
    enum weft_status status = silo_create_locked(parent, name, &none, cabin);
    if (status != WEFT_OK)
        return status;
    (*cabin)->is_cabin = true;
    (*cabin)->program = *program;
    /* There is none without a process in it or below, which counts. */
    (*cabin)->is_counted = false;
    silo_discharge(parent, RESOURCE_PROCESSES, 1);
    return WEFT_OK;
}

enum weft_status cabin_find(struct silo *silo, const struct cid *program, struct bytes name,
                            struct silo **home)
{
    if (silo->program.size == 0)
        silo->program = *program;
    *home = silo;
    if (cid_equal(&silo->program, program) || !cabin_is_asked_about(silo))
        return WEFT_OK;
    return create(silo, program, name, home);
}
