/* Native stacks of kernel threads, and guarded calls on them. */
#include "platform/bare/cpu.h"
#include "platform/bare/spin.h"

enum {
    STACK_GUARD_BYTES = 64 << 10, /* above the largest frame there is */
    STACK_BYTES = 256 << 10,
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
    if (!machine_commit(reservation + STACK_GUARD_BYTES, STACK_BYTES)) {
        machine_release(reservation, RESERVATION_BYTES);
        return NULL;
    }
    usize record_bytes = (usize)u64_align_up(sizeof(struct machine_context), 64);
    struct machine_context *context = (void *)(reservation + RESERVATION_BYTES - record_bytes);
    context->reservation = reservation;
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

bool machine_guarded_call(void (*function)(void *), void *argument)
{
    struct machine_context *context = cpu_here()->current;
    struct guard guard = { .outer = context->guard };
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
