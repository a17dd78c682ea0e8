#include "tests/step/truth.h"

#include "engine/compile/native.h"

enum { CALLS_MAX = 1 << 14, CALL_BYTES_MAX = 15 };

struct call {
    u64 slot; /* of the return address */
    u64 back;
    const struct instance *instance; /* of the caller */
};

static struct call calls[CALLS_MAX];
static u32 call_count;
static u64 last_pc, last_sp;
static u64 last_native_pc; /* execution.native_pc, which is 0 while the hook runs */

static bool is_in_guest_stack(const struct execution *execution, u64 sp)
{
    return sp - (u64)(usize)execution->guest_stack < execution->guest_stack_bytes;
}

/* A call is an instruction that puts its own end on the stack. */
void truth_step(const struct execution *execution, u64 pc, u64 sp)
{
    u64 back = *(const u64 *)sp;
    if (is_in_guest_stack(execution, sp)) {
        while (call_count != 0 && calls[call_count - 1].slot < sp)
            call_count--;
        if (sp == last_sp - sizeof(u64) && back - last_pc - 1 < CALL_BYTES_MAX) {
            BASE_ASSERT(call_count < CALLS_MAX);
            calls[call_count++] = (struct call){ sp, back, execution->instance };
        }
    }
    last_pc = pc;
    last_sp = sp;
    last_native_pc = execution->native_pc;
}

u32 truth_depth(void)
{
    return call_count;
}

void truth_shorten(u32 depth)
{
    call_count = depth;
}

/* How many frames there are: none in a stub, or on the way to the compiler. */
static u32 frames_at(u64 pc, const struct instance *instance)
{
    struct native_walk walk = { .pc = pc, .instance = instance };
    if (pc == (u64)(usize)native_far_return || pc == (u64)(usize)native_far_stack_return ||
        pc == (u64)(usize)native_enter_return)
        return 0;
    native_walk_begin(&walk);
    return walk.pc == 0 ? 0 : 1 + walk.inlined;
}

/* The next of the record's frames is this one, if it is one. */
static void compare(const struct execution *execution, u64 pc, const struct instance *instance,
                    u32 *next, bool *is_told)
{
    const struct trap_record *record = &execution->record;
    u32 n = *next;
    u32 frames = frames_at(pc, instance);
    if (frames == 0)
        return;
    *next += n < TRAP_FRAMES_MAX ? 1 : frames; /* those that have been inlined are found later */
    if (n < TRAP_FRAMES_MAX)
        *is_told &= n < record->frame_count && execution->raw[n] == pc &&
                    record->frames[n].instance == instance;
}

/* All else that the record changes is as it was before. */
bool truth_is_told(struct execution *execution, bool preempted, u32 *frames)
{
    static struct execution kept;
    bool is_told = true, is_compiled = true;
    u32 count = 0;
    kept = *execution;
    if (preempted) {
        execution->native_pc = last_native_pc;
        native_stopped_locate(execution);
    }
    record_make(execution, TRAP_STOPPED);
    for (u32 i = 0; i < execution->record.frame_count; i++)
        is_compiled &= (execution->raw_compiled >> i & 1) != 0;
    if (compiled_has(execution, last_pc))
        compare(execution, last_pc + 1, execution->instance, &count, &is_told);
    for (u32 i = call_count; i-- != 0;)
        compare(execution, calls[i].back, calls[i].instance, &count, &is_told);
    *frames = execution->record.frame_count + execution->record.omitted_count;
    is_told &= count == *frames;
    *execution = kept;
    return is_told || !is_compiled;
}
