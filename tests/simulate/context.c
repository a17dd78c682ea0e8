/* Native stacks of the simulated machine. */
#include "tests/simulate/state.h"

#include <sys/mman.h>

enum {
    STACK_GUARD_BYTES = 64 << 10,
    STACK_BYTES = 1 << 20, /* sanitizers make frames large, and signal frames lie here too */
    MAPPING_BYTES = STACK_GUARD_BYTES + STACK_BYTES,
};

static struct machine_context *spares;

/* There only in a build with the address sanitizer. */
__attribute__((weak)) void __asan_unpoison_memory_region(const volatile void *start, usize size);

void context_unpoison(const u8 *from, const u8 *to)
{
    if (__asan_unpoison_memory_region != NULL)
        __asan_unpoison_memory_region(from, (usize)(to - from));
}

static struct machine_context *map_stack(void)
{
    u8 *mapping = mmap(NULL, MAPPING_BYTES, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (mapping == MAP_FAILED)
        return NULL;
    BASE_ASSERT(mprotect(mapping + STACK_GUARD_BYTES, STACK_BYTES, PROT_READ | PROT_WRITE) == 0);
    usize record_bytes = u64_align_up(sizeof(struct machine_context), 64);
    struct machine_context *context = (void *)(mapping + MAPPING_BYTES - record_bytes);
    context->mapping = mapping;
    return context;
}

struct machine_context *machine_context_create(void (*entry)(void *), void *argument)
{
    state_point(POINT_CREATE, 0);
    if (state_refuses())
        return NULL;
    struct machine_context *context = spares;
    if (context != NULL)
        spares = context->next_spare;
    else
        context = map_stack();
    BASE_ASSERT(context != NULL);
    context->guard = NULL;
    context->stack_pointer = context_prepare(context, entry, argument);
    simulation.taken.contexts++;
    return context;
}

void machine_context_destroy(struct machine_context *context)
{
    state_point(POINT_DESTROY, 0);
    for (u32 i = 0; i < simulation.cpu_count; i++) {
        struct virtual_cpu *cpu = &simulation.cpus[i];
        BASE_ASSERT(cpu->current != context || cpu->state == CPU_DONE);
    }
    context_unpoison(context->mapping + STACK_GUARD_BYTES, (u8 *)context);
    context->next_spare = spares;
    spares = context;
    simulation.taken.contexts--;
}

void contexts_free_spares(void)
{
    while (spares != NULL) {
        struct machine_context *spare = spares;
        spares = spare->next_spare;
        munmap(spare->mapping, MAPPING_BYTES);
    }
}

u64 context_frames_end(const struct machine_context *context, u64 sp)
{
    u64 stack = (u64)(usize)(context->mapping + STACK_GUARD_BYTES);
    return sp - stack < STACK_BYTES ? sp : stack;
}

struct machine_context *machine_context_of_cpu(void)
{
    state_point(POINT_CPU, 1);
    return state_cpu()->own;
}

void machine_context_switch(struct machine_context *from, struct machine_context *to)
{
    state_point(POINT_SWITCH, 0);
    struct virtual_cpu *cpu = state_cpu();
    BASE_ASSERT(cpu != NULL && cpu->current == from && from != to);
    simulation.in_machine = true;
    cpu->current = to;
    context_switch(&from->stack_pointer, to->stack_pointer);
    simulation.in_machine = false;
}

bool machine_guarded_call(void (*function)(void *), void *argument)
{
    state_point(POINT_GUARD, 0);
    struct machine_context *context = state_cpu()->current;
    struct guard guard = { .outer = context->guard };
    context->guard = &guard;
    bool returned = context_guard_call(&guard.mark, function, argument);
    context->guard = guard.outer;
    if (!returned)
        context_unpoison((u8 *)guard.fault_stack, (u8 *)guard.mark.stack);
    return returned;
}
