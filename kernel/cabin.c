#include "kernel/cabin.h"

#include "kernel/block.h"
#include "kernel/limits.h"

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

/* ---- Limits -------------------------------------------------------------------------------- */

static struct cabin_limits *find_limits(const struct silo *silo, const struct cid *program)
{
    for (struct list_link *link = list_first(&silo->program_limits); link != NULL;
         link = list_next(&silo->program_limits, link)) {
        struct cabin_limits *limits = BASE_CONTAINER_OF(link, struct cabin_limits, link);
        if (cid_equal(&limits->program, program))
            return limits;
    }
    return NULL;
}

enum weft_status cabin_set_limits(struct silo *silo, const struct cid *program,
                                  const struct silo_limits *limits)
{
    struct cabin_limits *said = find_limits(silo, program);
    if (silo->destroyed)
        return WEFT_GONE;
    if (said == NULL && silo->program_limits_count == PROGRAM_LIMITS_MAX)
        return WEFT_LIMIT;
    if (said == NULL) {
        said = block_take(sizeof(*said));
        if (said == NULL)
            return WEFT_NO_MEMORY;
        said->program = *program;
        list_push_back(&silo->program_limits, &said->link);
        silo->program_limits_count++;
    }
    said->limits = *limits;
    return WEFT_OK;
}

void cabin_forget_limits(struct silo *silo)
{
    struct list_link *link;
    while ((link = list_pop_front(&silo->program_limits)) != NULL) {
        struct cabin_limits *limits = BASE_CONTAINER_OF(link, struct cabin_limits, link);
        block_give(limits, sizeof(*limits));
    }
    silo->program_limits_count = 0;
}

/* ---- Homes --------------------------------------------------------------------------------- */

/* It is the program's from now on. */
static void move_in(struct silo *silo, const struct cid *program)
{
    struct cabin_limits *limits = NULL;
    silo->program = *program;
    for (struct silo *above = silo->parent; above != NULL && limits == NULL; above = above->parent)
        limits = find_limits(above, program);
    if (limits != NULL && silo->is_cabin)
        silo_set_limits_locked(silo, &limits->limits);
}

static enum weft_status create(struct silo *parent, const struct cid *program, struct bytes name,
                               struct silo **cabin)
{
    static const struct silo_limits none;
    enum weft_status status = silo_create_locked(parent, name, &none, cabin);
    if (status != WEFT_OK)
        return status;
    (*cabin)->is_cabin = true;
    move_in(*cabin, program);
    /* There is none without a process in it or below, which counts. */
    (*cabin)->is_counted = false;
    silo_discharge(parent, RESOURCE_PROCESSES, 1);
    return WEFT_OK;
}

enum weft_status cabin_find(struct silo *silo, const struct cid *program, struct bytes name,
                            struct silo **home)
{
    if (silo->program.size == 0)
        move_in(silo, program);
    *home = silo;
    if (cid_equal(&silo->program, program) || !cabin_is_asked_about(silo))
        return WEFT_OK;
    return create(silo, program, name, home);
}
