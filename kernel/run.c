#include "kernel/run.h"

#include "kernel/block.h"
#include "kernel/link.h"
#include "kernel/lock.h"
#include "kernel/process.h"

/* ---- Guest code ---------------------------------------------------------------------------- */

static enum trap call(struct thread *thread, struct instance *instance, u32 function, u64 *slots)
{
    return execution_call(thread->execution, instance_function(instance, function), slots);
}

static enum trap call_export(struct thread *thread, struct instance *instance, struct bytes name,
                             u64 *slots)
{
    u32 function;
    if (!instance_find_export(instance, name, EXTERN_FUNCTION, &function))
        return TRAP_NONE;
    return call(thread, instance, function, slots);
}

/* The start function of the module, and for a library its `_initialize`. */
static enum trap initialise(struct thread *thread, const struct member *member)
{
    u64 slots[1] = { 0 };
    u32 start = instance_start_function(member->instance);
    if (start != UINT32_MAX) {
        enum trap trap = call(thread, member->instance, start, slots);
        if (trap != TRAP_NONE)
            return trap;
    }
    if (member->client == NULL)
        return TRAP_NONE;
    return call_export(thread, member->instance, BYTES_LITERAL("_initialize"), slots);
}

/* Libraries stand behind their clients, and are ready before them. */
static enum trap run_program(struct thread *thread)
{
    struct process *process = thread->process;
    for (u32 i = process->member_count; i > 0; i--) {
        enum trap trap = initialise(thread, process->members[i - 1]);
        if (trap != TRAP_NONE)
            return trap;
    }
    u64 slots[1] = { 0 };
    u32 entry;
    if (!link_entry(process->members[0], &entry))
        return TRAP_NONE;
    return call(thread, process->members[0]->instance, entry, slots);
}

static enum trap run_second(struct thread *thread)
{
    u64 slots[1] = { thread->argument };
    return call_export(thread, thread->instance, BYTES_LITERAL("weft_thread"), slots);
}

/* ---- How it ended -------------------------------------------------------------------------- */

static void write_frame(struct writer *text, const struct trap_frame *frame)
{
    writer_text(text, "\n    at ");
    if (frame->name.size != 0)
        writer_bytes(text, frame->name);
    else
        writer_text(text, "?");
    writer_text(text, " (function ");
    writer_decimal(text, frame->function);
    writer_text(text, ", byte ");
    writer_decimal(text, frame->offset);
    writer_text(text, ")");
}

static struct bytes describe_trap(const struct trap_record *record)
{
    u8 buffer[TRAP_TEXT_MAX_BYTES];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    writer_text(&text, trap_text(record->trap));
    for (u32 i = 0; i < record->frame_count; i++)
        write_frame(&text, &record->frames[i]);
    if (record->omitted_count != 0) {
        writer_text(&text, "\n    and ");
        writer_decimal(&text, record->omitted_count);
        writer_text(&text, " more outside");
    }
    usize size = u64_min(text.size, sizeof(buffer));
    struct bytes copy = block_copy((struct bytes){ buffer, size });
    return copy.data != NULL ? copy : block_copy(bytes_from_text(trap_text(record->trap)));
}

/* The process ends with its first thread, or with a trap in any. */
static void end_process(struct thread *thread, enum trap trap)
{
    struct process_end end = { .kind = PROCESS_END_EXITED };
    if (trap != TRAP_NONE) {
        end.kind = PROCESS_END_TRAPPED;
        end.trap = trap;
        end.text = describe_trap(execution_trap(thread->execution));
    }
    lock_take_on(thread->cpu);
    process_end_locked(thread->process, &end);
    lock_give();
}

void run_thread(struct thread *thread)
{
    bool is_first = thread->instance == NULL;
    enum trap trap = is_first ? run_program(thread) : run_second(thread);
    if ((is_first || trap != TRAP_NONE) && trap != TRAP_STOPPED)
        end_process(thread, trap);
    process_thread_ends(thread);
}
