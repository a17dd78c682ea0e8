#include "tests/support/place.h"

#include "tests/support/code.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

struct guard {
    sigjmp_buf jump;
    struct guard *outer;
};

static _Thread_local struct guard *innermost;
static _Thread_local struct execution *watched;
static _Thread_local place_fault *watched_fault;
static _Thread_local char *signal_stack;
static struct sigaction previous_action;

void place_watch_with(place_fault *fault, struct execution *execution)
{
    watched_fault = fault;
    watched = execution;
}

struct execution *place_watched(void)
{
    return watched;
}

/* A fault that is not the guest's goes to whoever was there before: the sanitizer, or the end. */
static void on_fault(int number, siginfo_t *info, void *context)
{
    const greg_t *registers = ((const ucontext_t *)context)->uc_mcontext.gregs;
    if (innermost != NULL && watched != NULL &&
        watched_fault(watched, info->si_addr, (u64)registers[REG_RIP], (u64)registers[REG_RSP]))
        siglongjmp(innermost->jump, 1);
    sigaction(number, &previous_action, NULL);
}

static void faults_catch(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
    action.sa_sigaction = on_fault;
    sigaction(SIGSEGV, &action, &previous_action);
    sigaction(SIGBUS, &action, NULL);
}

/* Each thread that calls guest code needs a stack for the signal. */
static void signal_stack_ensure(void)
{
    enum { SIGNAL_STACK_BYTES = 64 << 10 };
    stack_t stack;
    if (signal_stack != NULL || (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE) == 0))
        return;
    signal_stack = malloc(SIGNAL_STACK_BYTES);
    stack = (stack_t){ .ss_sp = signal_stack, .ss_size = SIGNAL_STACK_BYTES };
    sigaltstack(&stack, NULL);
}

static bool guarded_call(void *context, void (*function)(void *), void *argument)
{
    struct guard guard = { .outer = innermost };
    (void)context;
    signal_stack_ensure();
    if (sigsetjmp(guard.jump, 0) != 0) {
        innermost = guard.outer;
        return false;
    }
    innermost = &guard;
    function(argument);
    innermost = guard.outer;
    return true;
}

static bool may_take(struct place *place)
{
    if (place->allowed_takes == 0)
        return false;
    if (place->allowed_takes != UINT64_MAX)
        place->allowed_takes--;
    return true;
}

static void count_up(u64 *counter, usize size)
{
    __atomic_add_fetch(counter, size, __ATOMIC_RELAXED);
}

static void count_down(u64 *counter, usize size)
{
    BASE_ASSERT(__atomic_fetch_sub(counter, size, __ATOMIC_RELAXED) >= size);
}

static void *take(void *context, usize size)
{
    struct place *place = context;
    void *chunk = may_take(place) ? calloc(1, size) : NULL;
    if (chunk == NULL)
        return NULL;
    count_up(&place->taken_bytes, size);
    if (place->taken_bytes > place->taken_bytes_peak)
        place->taken_bytes_peak = place->taken_bytes;
    return chunk;
}

static void give(void *context, void *chunk, usize size)
{
    struct place *place = context;
    count_down(&place->taken_bytes, size);
    free(chunk);
}

static void *shrink(void *context, void *chunk, usize size, usize less)
{
    struct place *place = context;
    void *now = realloc(chunk, less);
    if (now != NULL)
        count_down(&place->taken_bytes, size - less);
    return now;
}

static void *reserve(void *context, usize size)
{
    struct place *place = context;
    if (!may_take(place))
        return NULL;
    void *start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED)
        return NULL;
    count_up(&place->reserved_bytes, size);
    return start;
}

static bool commit(void *context, void *start, usize size)
{
    struct place *place = context;
    if (!may_take(place) || mprotect(start, size, PROT_READ | PROT_WRITE) != 0)
        return false;
    count_up(&place->committed_bytes, size);
    return true;
}

static void release(void *context, void *start, usize size)
{
    struct place *place = context;
    count_down(&place->reserved_bytes, size);
    munmap(start, size);
}

static bool code_reserve(void *context, usize size, struct code_memory *memory)
{
    struct place *place = context;
    if (!may_take(place) || !code_map(size, memory))
        return false;
    count_up(&place->code_bytes, size);
    return true;
}

static void code_release(void *context, struct code_memory *memory)
{
    struct place *place = context;
    count_down(&place->code_bytes, memory->size);
    code_unmap(memory);
}

void place_init(struct place *place)
{
    faults_catch();
    *place = (struct place){ .allowed_takes = UINT64_MAX };
    place->engine = (struct engine_place){
        .source = { take, give, place, shrink },
        .reserve = reserve,
        .commit = commit,
        .commit_lazily = commit,
        .release = release,
        .guarded_call = guarded_call,
        .code_reserve = code_reserve,
        .code_release = code_release,
        .context = place,
    };
}
