/* Where code stands that an interrupt has stopped: it may be about to make its frame, or have left
 * it, or be between two functions. */
#include "engine/compile/compile.h"
#include "engine/compile/native.h"

static u32 stub_back(u64 offset)
{
    const struct native_stub_row *row = native_stub_rows;
    while (row + 1 < native_stub_rows_end && row[1].from <= offset)
        row++;
    return row->back;
}

static void stub_locate(struct execution *execution, u32 back)
{
    const struct interrupted *stopped = execution->stopped;
    const u64 *stack = (const u64 *)(uintptr_t)stopped->sp;
    if (back == NATIVE_BACK_KEPT)
        return;
    execution->native_pc = 0;
    if (back == NATIVE_BACK_NOWHERE)
        return;
    if (back == NATIVE_BACK_FAR_STACK) {
        execution->native_pc = (u64)(uintptr_t)native_far_stack_return;
        return;
    }
    execution->native_sp = stopped->sp;
    if (back == NATIVE_BACK_FAR) {
        execution->native_pc = (u64)(uintptr_t)native_far_return;
        return;
    }
    if (back == NATIVE_BACK_RCX) {
        execution->native_pc = stopped->general[1];
        return;
    }
    execution->native_pc = stack[back];
    execution->native_sp = (u64)(uintptr_t)(stack + back + 1);
}

void native_stopped_locate(struct execution *execution)
{
    const struct interrupted *stopped = execution->stopped;
    if (native_is_between(stopped->pc, native_stubs_begin, native_stubs_end)) {
        stub_locate(execution, stub_back(stopped->pc - (u64)(uintptr_t)native_stubs_begin));
        return;
    }
    if (native_is_between(stopped->pc, native_bulk_begin, native_bulk_end)) {
        stub_locate(execution, 0); /* it keeps nothing on the stack */
        return;
    }
    execution->native_sp = stopped->sp;
    execution->native_pc = compiled_stopped_at(execution->instance->module, stopped->pc,
                                               &execution->native_sp);
}
