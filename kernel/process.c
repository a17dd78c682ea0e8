#include "kernel/process.h"

#include "kernel/attend.h"
#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/finish.h"
#include "kernel/happening.h"
#include "kernel/link.h"
#include "kernel/options.h"
#include "kernel/program.h"
#include "kernel/schedule.h"
#include "kernel/start.h"
#include "kernel/system.h"
#include "kernel/thread.h"

static u64 next_id;
static u32 count;

/* ---- Birth --------------------------------------------------------------------------------- */

/* Its name for people: as it was given, or the CID. */
static struct bytes name_of(const struct spawn_options *options)
{
    u8 buffer[128];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    if (options->name.size != 0)
        return block_copy(options->name);
    cid_write(program_cid(options->program), &text);
    return block_copy((struct bytes){ buffer, text.size });
}

static enum weft_status join_silo(struct process *process, struct silo *silo)
{
    enum weft_status status = WEFT_OK;
    lock_take();
    if (silo->destroyed)
        status = WEFT_GONE;
    else if (!silo_charge(silo, RESOURCE_PROCESSES, 1))
        status = WEFT_LIMIT;
    if (status == WEFT_OK) {
        silo_hold(silo);
        count++;
        party_init(&process->party, silo, ++next_id, false);
        process->end.process.value = process->party.id;
        share_init(&process->share, &silo->share, WEIGHT_USUAL, true);
    }
    lock_give();
    return status;
}

static void discard(struct process *process)
{
    block_give_bytes(process->end.program);
    if (process->start != NULL)
        start_record_destroy(process->start);
    block_give(process, sizeof(*process));
}

enum weft_status process_create(const struct spawn_options *options, struct process **process)
{
    if (options->name.size > NAME_MAX_BYTES || !bytes_are_utf8(options->name))
        return WEFT_INVALID;
    struct process *created = block_take(sizeof(*created));
    if (created == NULL)
        return WEFT_NO_MEMORY;
    list_init(&created->threads);
    list_init(&created->ended_watchers);
    list_init(&created->attending);
    created->askers = 1; /* whom spawn_process gives it to */
    created->end.program = name_of(options);
    enum weft_status status = WEFT_NO_MEMORY;
    if (created->end.program.data != NULL)
        status = start_record_create(options, &created->start);
    if (status == WEFT_OK)
        status = join_silo(created, options->silo);
    if (status != WEFT_OK) {
        discard(created);
        return status;
    }
    created->started_ns = machine_monotonic_ns();
    *process = created;
    return WEFT_OK;
}

/* ---- End ----------------------------------------------------------------------------------- */

void process_end_locked(struct process *process, const struct process_end *end)
{
    if (process->ending) {
        block_give_bytes(end->text);
        return;
    }
    __atomic_store_n(&process->ending, true, __ATOMIC_RELAXED);
    process->end.kind = end->kind;
    process->end.exit_status = end->exit_status;
    process->end.trap = end->trap;
    process->end.text = end->text;
    process->end.with_silo = end->with_silo;
    process->waits_slowly = true;
    attend_process_ends(process);
    if (share_special_count != 0 && share_is_stopped(&process->share))
        share_set_free(&process->share);
    struct list_link *next;
    for (struct list_link *link = list_first(&process->threads); link != NULL; link = next) {
        next = list_next(&process->threads, link);
        thread_stop(BASE_CONTAINER_OF(link, struct thread, link));
    }
    schedule_share_goes();
}

static void end_parties(struct process *process)
{
    lock_take();
    process->party.dead = true;
    binding_forget_tracer(&process->party);
    schedule_forget_payer(process);
    while (party_end_some(&process->party)) {
        lock_give();
        lock_take();
    }
    pool_deinit(&process->party.slots.pool);
    lock_give();
}

void process_dissolve(struct process *process)
{
    end_parties(process);
    link_undo(process);
    start_record_destroy(process->start);
    process->start = NULL;
    lock_take();
    struct silo *silo = process->party.silo;
    silo_discharge(silo, RESOURCE_MEMORY_PAGES, process->memory_pages);
    silo_discharge(silo, RESOURCE_PROCESSES, 1);
    process->memory_pages = 0;
    silo->ended_cpu_ns += process->cpu_ns;
    silo->ended_sent += process->party.sent_count;
    silo->ended_answered += process->party.answered_count;
    list_remove(&process->silo_link);
    silo_check_cabins(silo);
    count--;
    schedule_process_gone();
    party_release(&process->party);
    lock_give();
}

/* Under the lock: whether its end is to be told of as one that nobody asked for. */
static bool becomes_unheard(struct process *process)
{
    if (!process->is_over || process->end_is_told || process->askers != 0)
        return false;
    process->end_is_told = true;
    return true;
}

static void tell_unheard(const struct process *process)
{
    const struct kernel_options *options = options_of_kernel();
    if (options->unheard != NULL)
        options->unheard(options->context, &process->end);
}

/* It ran, so there is somebody to tell how it ended. */
static void tell_and_dissolve(struct process *process)
{
    const struct kernel_options *options = options_of_kernel();
    lock_take();
    party_hold(&process->party);
    happening_ended(process);
    lock_give();
    process_dissolve(process);
    if (options->ended != NULL)
        options->ended(options->context, &process->end);
    system_process_ended(process);
    lock_take();
    bool is_unheard = becomes_unheard(process);
    lock_give();
    if (is_unheard)
        tell_unheard(process);
    finish_process_ended(process);
    lock_take();
    party_release(&process->party);
    lock_give();
}

void process_thread_ends(struct thread *thread)
{
    struct process *process = thread->process;
    if (thread->instance != NULL)
        instance_destroy(thread->instance);
    lock_take_on(thread->cpu);
    list_remove(&thread->link);
    bool is_last = --process->thread_count == 0 && process->visitors == 0;
    silo_discharge(process->party.silo, RESOURCE_THREADS, 1);
    if (!process->ending)
        attend_process_waits(process); /* the others may be all that wait now */
    lock_give();
    if (is_last)
        tell_and_dissolve(process);
    lock_take_on(thread->cpu);
    schedule_exit(thread);
}

void process_leave(struct process *process)
{
    lock_take();
    bool is_last = --process->visitors == 0 && process->thread_count == 0;
    lock_give();
    if (is_last)
        tell_and_dissolve(process);
}

void process_free(struct process *process)
{
    struct silo *silo = process->party.silo;
    share_deinit(&process->share);
    block_give_bytes(process->end.text);
    block_give_bytes(process->end.program);
    block_give(process, sizeof(*process));
    silo_release_locked(silo);
}

/* ---- From outside -------------------------------------------------------------------------- */

static const struct process_end killed = { .kind = PROCESS_END_KILLED };

void process_kill(struct process *process)
{
    lock_take();
    if (!process->ending)
        process->end_is_told = true; /* to whoever asks for it */
    process_end_locked(process, &killed);
    lock_give();
}

void process_kill_silo(struct silo *silo)
{
    static const struct process_end end = { .kind = PROCESS_END_KILLED, .with_silo = true };
    struct list_link *link = list_first(&silo->processes);
    for (; link != NULL; link = list_next(&silo->processes, link))
        process_end_locked(BASE_CONTAINER_OF(link, struct process, silo_link), &end);
}

void process_suspend(struct process *process)
{
    lock_take();
    if (!process->ending && (process->share.stops & SHARE_SUSPENDED) == 0) {
        share_stop(&process->share, SHARE_SUSPENDED);
        schedule_share_looks(&process->share);
        happening_of_process(HAPPENING_SUSPENDED, process, (struct bytes){ 0 });
    }
    lock_give();
}

void process_resume(struct process *process)
{
    lock_take();
    if ((process->share.stops & SHARE_SUSPENDED) != 0) {
        if (share_go(&process->share, SHARE_SUSPENDED))
            schedule_share_goes();
        happening_of_process(HAPPENING_RESUMED, process, (struct bytes){ 0 });
    }
    lock_give();
}

void process_weigh(struct process *process, u32 weight)
{
    lock_take();
    process->share.weight = (u32)u64_min(u64_max(weight, 1), WEIGHT_MAX);
    lock_give();
}

void process_hold(struct process *process)
{
    party_hold(&process->party);
    process->askers++;
}

void process_release(struct process *process)
{
    lock_take();
    BASE_ASSERT(process->askers != 0);
    process->askers--;
    bool is_unheard = becomes_unheard(process);
    lock_give();
    if (is_unheard)
        tell_unheard(process);
    lock_take();
    party_release(&process->party);
    lock_give();
}

struct bytes process_shown_name(const struct process *process)
{
    struct bytes name = process->end.program;
    usize start = name.size;
    while (start != 0 && name.data[start - 1] != '/')
        start--;
    return start == name.size ? name : (struct bytes){ name.data + start, name.size - start };
}

/* NULL: there is none, or it is being taken apart. */
static struct process *find(struct silo *above, u64 id)
{
    for (struct silo *silo = above; silo != NULL; silo = silo_walk(above, silo))
        for (struct list_link *link = list_first(&silo->processes); link != NULL;
             link = list_next(&silo->processes, link)) {
            struct process *process = BASE_CONTAINER_OF(link, struct process, silo_link);
            if (process->party.id == id && !process->party.dead)
                return process;
        }
    return NULL;
}

struct process *process_find(struct silo *above, u64 id)
{
    lock_take();
    struct process *found = find(above, id);
    if (found != NULL)
        process_hold(found);
    lock_give();
    return found;
}

struct process *process_visit(u64 id)
{
    struct process *found = find(silo_root(), id);
    if (found != NULL)
        found->visitors++;
    return found;
}

struct process_id process_id_of(const struct process *process)
{
    return (struct process_id){ process->party.id };
}

u32 process_count(void)
{
    return count;
}

struct program *process_program(const struct process *process)
{
    return process->members[0]->program;
}

bool process_grow(void *context, u64 pages_before, u64 pages_after)
{
    struct process *process = context;
    struct silo *silo = process->party.silo;
    bool granted = true;
    lock_take();
    if (pages_after < pages_before)
        silo_discharge(silo, RESOURCE_MEMORY_PAGES, pages_before - pages_after);
    else
        granted = silo_charge(silo, RESOURCE_MEMORY_PAGES, pages_after - pages_before);
    if (granted)
        process->memory_pages += pages_after - pages_before;
    lock_give();
    return granted;
}
