/* Native stacks of kernel threads, and guarded calls on them. */
#include "platform/hosted/machine_cpu.h"

#include "platform/hosted/machine_context.h"

#include <pthread.h>
#include <sys/mman.h>

enum {
    STACK_GUARD_BYTES = 64 << 10, /* above the largest frame there is */
    STACK_BYTES = 256 << 10,
    STACK_KEPT_BYTES = 8 << 10, /* of a spare stack; the rest goes back */
    STACK_SPARES_MAX = 32,      /* creating one costs some microseconds, mostly page faults */
};

static pthread_mutex_t spare_lock = PTHREAD_MUTEX_INITIALIZER;
static struct machine_context *spares;
static u32 spare_count;

static struct machine_context *take_spare(void)
{
    pthread_mutex_lock(&spare_lock);
    struct machine_context *spare = spares;
    if (spare != NULL) {
        spares = spare->next_spare;
        spare_count--;
    }
    pthread_mutex_unlock(&spare_lock);
    return spare;
}

static bool give_spare(struct machine_context *context)
{
    pthread_mutex_lock(&spare_lock);
    bool room = spare_count < STACK_SPARES_MAX;
    if (room) {
        context->next_spare = spares;
        spares = context;
        spare_count++;
    }
    pthread_mutex_unlock(&spare_lock);
    return room;
}

static struct machine_context *map_stack(void)
{
    enum { MAPPING_BYTES = STACK_GUARD_BYTES + STACK_BYTES };
    u8 *mapping = machine_reserve(MAPPING_BYTES);
    if (mapping == NULL)
        return NULL;
    if (!machine_commit(mapping + STACK_GUARD_BYTES, STACK_BYTES)) {
        machine_release(mapping, MAPPING_BYTES);
        return NULL;
    }
    usize record_bytes = u64_align_up(sizeof(struct machine_context), 64);
    struct machine_context *context = (void *)(mapping + MAPPING_BYTES - record_bytes);
    context->mapping = mapping;
    context->stack = mapping + STACK_GUARD_BYTES;
    context->stack_size = STACK_BYTES - record_bytes;
    return context;
}

static void begin(void *argument)
{
    struct machine_context *context = argument;
    sanitizer_arrive();
    context->entry(context->argument);
}

struct machine_context *machine_context_create(void (*entry)(void *), void *argument)
{
    struct machine_context *context = take_spare();
    if (context == NULL)
        context = map_stack();
    if (context == NULL)
        return NULL;
    context->guard = NULL;
    context->entry = entry;
    context->argument = argument;
    context->stack_pointer = context_prepare(context, begin, context);
    return context;
}

void machine_context_destroy(struct machine_context *context)
{
    BASE_ASSERT(context->mapping != NULL && context != cpu_here()->current);
    sanitizer_unpoison(context->stack, (u8 *)context);
    madvise(context->stack, STACK_BYTES - STACK_KEPT_BYTES, MADV_DONTNEED);
    if (!give_spare(context))
        machine_release(context->mapping, STACK_GUARD_BYTES + STACK_BYTES);
}

void context_init_own(struct machine_context *context)
{
    const u8 *bottom;
    sanitizer_own_stack(&bottom, &context->stack_size);
    context->stack = (u8 *)(usize)bottom;
}

struct machine_context *machine_context_of_cpu(void)
{
    return &cpu_here()->own;
}

BASE_APART static void switch_watched(struct machine_context *from, struct machine_context *to)
{
    sanitizer_leave(to->stack, to->stack_size);
    context_switch(&from->stack_pointer, to->stack_pointer);
    sanitizer_arrive();
}

/* Nothing is left to be done behind a switch that nobody watches: it is a jump. */
void machine_context_switch(struct machine_context *from, struct machine_context *to)
{
    struct cpu *cpu = from->cpu;
    BASE_ASSERT(cpu->current == from);
    cpu->current = to;
    to->cpu = cpu;
    if (BASE_SELDOM(sanitizer_watches()))
        switch_watched(from, to);
    else
        context_switch(&from->stack_pointer, to->stack_pointer);
}

bool machine_guarded_call(void (*function)(void *), void *argument)
{
    struct machine_context *context = cpu_here()->current;
    struct guard guard = { .outer = context->guard };
    context->guard = &guard;
    bool returned = context_guard_call(&guard.mark, function, argument);
    context->guard = guard.outer;
    if (!returned)
        sanitizer_unpoison((u8 *)guard.fault_stack, (u8 *)guard.mark.stack);
    return returned;
}

u64 context_frames_end(const struct machine_context *context, u64 sp)
{
    u64 stack = (u64)(usize)context->stack;
    return sp - stack < context->stack_size ? sp : stack;
}

bool context_overflowed(const struct machine_context *context, const u8 *address)
{
    const u8 *mapping = context->mapping;
    return mapping != NULL && address >= mapping && address < mapping + STACK_GUARD_BYTES;
}
