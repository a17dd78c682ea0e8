#include "kernel/thread.h"

#include "kernel/block.h"
#include "kernel/engine_place.h"
#include "kernel/process.h"
#include "kernel/run.h"
#include "kernel/schedule.h"

static void thread_main(void *argument)
{
    struct thread *thread = argument;
    lock_give();
    run_thread(thread);
}

static enum trap on_interrupt(struct execution *execution, void *context)
{
    (void)execution;
    struct thread *thread = context;
    machine_attend();
    if (!process_is_ending(thread->process))
        schedule_interrupted(thread);
    return process_is_ending(thread->process) ? TRAP_STOPPED : TRAP_NONE;
}

void thread_pause(void)
{
    struct cpu *cpu = schedule_cpu_here();
    if (cpu == NULL || cpu->current == NULL || cpu->draining || !schedule_timer_came(cpu))
        return;
    machine_attend();
    if (!process_is_ending(cpu->current->process))
        schedule_interrupted(cpu->current);
}

static void on_deadline(struct alarm *alarm)
{
    thread_wake(BASE_CONTAINER_OF(alarm, struct thread, alarm), WEFT_EVENT_NONE);
}

static bool equip(struct thread *thread)
{
    const struct execution_options options = {
        .interrupt = on_interrupt,
        .interrupt_context = thread,
        .owner = thread,
    };
    if (execution_create(engine_place_engine(), &options, &thread->execution) != STATUS_OK)
        return false;
    thread->context = machine_context_create(thread_main, thread);
    return thread->context != NULL;
}

static void unequip(struct thread *thread)
{
    if (thread->context != NULL)
        machine_context_destroy(thread->context);
    if (thread->execution != NULL)
        execution_destroy(thread->execution);
    block_give(thread, sizeof(*thread));
}

enum weft_status thread_create(struct process *process, struct instance *instance, u32 argument,
                               struct thread **thread)
{
    struct thread *created = block_take(sizeof(*created));
    if (created == NULL)
        return WEFT_NO_MEMORY;
    created->process = process;
    created->instance = instance;
    created->argument = argument;
    created->wait.nodes = created->wait.inline_nodes;
    created->alarm.fire = on_deadline;
    if (!equip(created)) {
        unequip(created);
        return WEFT_NO_MEMORY;
    }
    *thread = created;
    return WEFT_OK;
}

enum weft_status thread_start(struct thread *thread)
{
    struct process *process = thread->process;
    if (process->ending)
        return WEFT_GONE;
    if (process->thread_count == THREADS_PER_PROCESS_MAX ||
        !silo_charge(process->party.silo, RESOURCE_THREADS, 1))
        return WEFT_LIMIT;
    thread->id = ++process->next_thread_id;
    process->thread_count++;
    list_push_back(&process->threads, &thread->link);
    schedule_ready(thread);
    return WEFT_OK;
}

void thread_destroy(struct thread *thread)
{
    unequip(thread);
}

void thread_wake(struct thread *thread, i64 result)
{
    thread_detach(thread);
    thread_resume(thread, result);
}

void thread_stop(struct thread *thread)
{
    if (thread->state != THREAD_BLOCKED || thread->receiving)
        schedule_interrupt(thread);
    else if (thread->backlogged != NULL)
        message_break_off(thread, THREAD_STOPPED);
    else
        thread_wake(thread, THREAD_STOPPED);
}
