/* Native stacks of kernel threads, and guarded calls on them.
 *
 * Guests call hosts that call guests, so a stack has room for the deepest of such calls. Hardly any
 * is that deep: memory is certain for the first calls only, and each guarded call sees to what it
 * needs itself. */
#include "platform/bare/cpu.h"
#include "platform/bare/space.h"
#include "platform/bare/spin.h"

enum {
    STACK_GUARD_BYTES = 64 << 10, /* above the largest frame there is */
    STACK_BYTES = 256 << 10,
    STACK_SURE_BYTES = 64 << 10,
    STACK_CALL_BYTES = 40 << 10, /* twice what the kernel was seen to take within one call */
    RESERVATION_BYTES = STACK_GUARD_BYTES + STACK_BYTES,
    STACK_SPARES_MAX = 8, /* each keeps the pages that it had touched */
};

static struct spin spare_lock;
static struct machine_context *spares;
static u32 spare_count;

static struct machine_context *take_spare(void)
{
    spin_take(&spare_lock);
    struct machine_context *spare = spares;
    if (spare != NULL) {
        spares = spare->next_spare;
        spare_count--;
    }
    spin_give(&spare_lock);
    return spare;
}

static bool give_spare(struct machine_context *context)
{
    spin_take(&spare_lock);
    bool room = spare_count < STACK_SPARES_MAX;
    if (room) {
        context->next_spare = spares;
        spares = context;
        spare_count++;
    }
    spin_give(&spare_lock);
    return room;
}

static struct machine_context *create_stack(void)
{
    u8 *reservation = machine_reserve(RESERVATION_BYTES);
    if (reservation == NULL)
        return NULL;
    u8 *sure = reservation + RESERVATION_BYTES - STACK_SURE_BYTES;
    if (!machine_commit(sure, STACK_SURE_BYTES) ||
        !machine_commit_lazily(reservation + STACK_GUARD_BYTES, STACK_BYTES - STACK_SURE_BYTES)) {
        machine_release(reservation, RESERVATION_BYTES);
        return NULL;
    }
    usize record_bytes = (usize)u64_align_up(sizeof(struct machine_context), 64);
    struct machine_context *context = (void *)(reservation + RESERVATION_BYTES - record_bytes);
    context->reservation = reservation;
    context->sure = (usize)sure;
    return context;
}

struct machine_context *machine_context_create(void (*entry)(void *), void *argument)
{
    struct machine_context *context = take_spare();
    if (context == NULL)
        context = create_stack();
    if (context == NULL)
        return NULL;
    context->guard = NULL;
    context->stack_pointer = context_prepare(context, entry, argument);
    return context;
}

void machine_context_destroy(struct machine_context *context)
{
    BASE_ASSERT(context->reservation != NULL && context != cpu_here()->current);
    if (!give_spare(context))
        machine_release(context->reservation, RESERVATION_BYTES);
}

struct machine_context *machine_context_of_cpu(void)
{
    return &cpu_here()->own;
}

void machine_context_switch(struct machine_context *from, struct machine_context *to)
{
    struct cpu *cpu = cpu_here();
    BASE_ASSERT(cpu->current == from);
    cpu->current = to;
    context_switch(&from->stack_pointer, to->stack_pointer);
}

/* Has memory come for one more call. False: there is none, or the stack is full. */
static bool see_to_stack(struct machine_context *context)
{
    u64 low = (usize)__builtin_frame_address(0) - STACK_CALL_BYTES;
    if (context->reservation == NULL || low >= context->sure)
        return true;
    if (low < (usize)context->reservation + STACK_GUARD_BYTES)
        return false;
    for (; context->sure > low; context->sure -= PAGE_BYTES)
        if (!space_fault(context->sure - 1))
            return false;
    return true;
}

bool machine_guarded_call(void (*function)(void *), void *argument)
{
    struct machine_context *context = cpu_here()->current;
    struct guard guard = { .outer = context->guard };
    if (!see_to_stack(context))
        return false;
    context->guard = &guard;
    bool returned = context_guard_call(&guard.mark, function, argument);
    context->guard = guard.outer;
    return returned;
}

bool context_overflowed(const struct machine_context *context, u64 address)
{
    u64 reservation = (usize)context->reservation;
    return reservation != 0 && address - reservation < STACK_GUARD_BYTES;
}
