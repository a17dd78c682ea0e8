/* Starting a program: everything is made ready first, without the lock, and then comes to life in
 * one step or not at all. */
#include "kernel/spawn.h"
#include "kernel/cabin.h"
#include "kernel/happening.h"
#include "kernel/link.h"
#include "kernel/lock.h"
#include "kernel/process.h"
#include "kernel/program.h"
#include "kernel/schedule.h"
#include "kernel/start.h"
#include "kernel/thread.h"

static enum weft_status fail(struct engine_error *error, enum weft_status status)
{
    static const char *const messages[WEFT_STATUS_COUNT] = {
        [WEFT_INVALID] = "the name of the process is too long or not UTF-8",
        [WEFT_BAD_SLOT] = "a slot for the start record is none of the spawner's",
        [WEFT_GONE] = "the silo was destroyed, or the system is stopping",
        [WEFT_TOO_LARGE] = "arguments and environment together are larger than 1 MiB",
        [WEFT_LIMIT] = "a limit of the silo is reached, or more than 64 slots are given",
        [WEFT_NO_MEMORY] = "the machine has no more memory",
    };
    error->message = messages[status];
    return status;
}

/* Under the lock. */
static enum weft_status come_to_life(const struct spawn_options *options, struct process *process,
                                     struct thread *thread)
{
    if (options->silo->destroyed || schedule_is_stopping())
        return WEFT_GONE;
    enum weft_status status = start_record_check_slots(options);
    if (status != WEFT_OK)
        return status;
    status = thread_start(thread);
    if (status != WEFT_OK) {
        start_record_drop_slots(options);
        return status;
    }
    start_record_take_slots(process->start, options);
    list_push_back(&options->silo->processes, &process->silo_link);
    party_hold(&process->party);
    happening_of_process(HAPPENING_SPAWNED, process, (struct bytes){ 0 });
    return WEFT_OK;
}

static enum weft_status spawn_at_home(const struct spawn_options *options, struct process **process,
                                      struct engine_error *error)
{
    struct process *created;
    enum weft_status status = process_create(options, &created);
    if (status != WEFT_OK)
        return fail(error, status);
    struct thread *thread = NULL;
    status = link_program(created, options->program, error);
    if (status == WEFT_OK)
        status = thread_create(created, NULL, 0, &thread);
    if (status == WEFT_OK) {
        lock_take();
        status = come_to_life(options, created, thread);
        lock_give();
    }
    if (status == WEFT_OK) {
        *process = created;
        return WEFT_OK;
    }
    if (thread != NULL)
        thread_destroy(thread);
    process_dissolve(created);
    return error->message == NULL ? fail(error, status) : status;
}

/* Where it lives is held. */
static enum weft_status move_in(struct spawn_options *options)
{
    lock_take();
    enum weft_status status = WEFT_GONE;
    if (!options->silo->destroyed)
        status = cabin_find(options->silo, program_cid(options->program), options->name, &options->silo);
    if (status == WEFT_OK)
        silo_hold(options->silo);
    lock_give();
    return status;
}

/* A cabin that was made for a program which does not come to life goes again. */
static void let_go_of(struct silo *home, bool is_needless)
{
    lock_take();
    if (is_needless)
        silo_check_cabins(home);
    silo_release_locked(home);
    lock_give();
}

enum weft_status spawn_process(const struct spawn_options *options, struct process **process,
                               struct engine_error *error)
{
    struct spawn_options moved = *options;
    *error = (struct engine_error){ .offset = SIZE_MAX, .function = UINT32_MAX };
    enum weft_status status = move_in(&moved);
    if (status != WEFT_OK)
        return fail(error, status);
    status = spawn_at_home(&moved, process, error);
    let_go_of(moved.silo, status != WEFT_OK && moved.silo != options->silo);
    return status;
}

enum status process_spawn(const struct spawn_options *options, struct process **process,
                          struct engine_error *error)
{
    switch (spawn_process(options, process, error)) {
    case WEFT_OK:
        return STATUS_OK;
    case WEFT_NO_MEMORY:
        return STATUS_NO_MEMORY;
    case WEFT_LIMIT:
    case WEFT_TOO_LARGE:
        return STATUS_LIMIT;
    case WEFT_NOT_FOUND:
        return STATUS_NOT_FOUND;
    default:
        return STATUS_INVALID;
    }
}
