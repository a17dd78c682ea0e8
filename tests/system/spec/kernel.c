/* In place of the kernel: the runner of the WebAssembly suite (tests/spec), on the bare platform.
 *
 * The image is the bare kernel's without kernel/. Its boot bundle is the suite, and its init= says
 * on which tier: interpreted, at-load, few-registers, or lazily. */
#include "platform/bare/cpu.h"
#include "platform/bare/devices.h"
#include "platform/bare/launch.h"
#include "platform/bare/options.h"
#include "platform/bare/terminal.h"
#include "tests/support/place.h"
#include "tests/system/spec/library.h"

int spec_main(int count, char **arguments); /* tests/spec/runner.c */

/* ---- What the machine asks of the kernel ---- */

static struct execution *watched;
static place_fault *watched_fault;

bool kernel_timer(u32 cpu, struct interrupted *interrupted)
{
    (void)cpu;
    (void)interrupted;
    return false;
}

bool kernel_interrupted(u32 cpu, struct interrupted *interrupted)
{
    return kernel_timer(cpu, interrupted);
}

bool kernel_fault(const struct machine_fault *fault)
{
    return watched != NULL && watched_fault(watched, fault->address, fault->pc, fault->sp);
}

void log_line(enum log_severity level, struct process_id process, struct bytes text)
{
    (void)process;
    if (level <= options.log)
        machine_log(text);
}

void log_set_level(enum log_severity level)
{
    (void)level; /* it is that of the options */
}

void kernel_run_cpu(void)
{
}

void terminal_look(void)
{
}

void device_answer_wait(i64 message, u64 count)
{
    (void)message;
    (void)count;
}

void device_answer_gone(i64 message)
{
    (void)message;
}

/* ---- A place for the engine, as tests/support/place.c is on POSIX ---- */

void place_watch_with(place_fault *fault, struct execution *execution)
{
    watched_fault = fault;
    watched = execution;
}

static void *take(void *context, usize size)
{
    struct place *place = context;
    void *chunk = machine_allocate(size);
    place->taken_bytes += chunk == NULL ? 0 : size;
    return chunk;
}

static void give(void *context, void *chunk, usize size)
{
    struct place *place = context;
    place->taken_bytes -= size;
    machine_free(chunk, size);
}

static void *reserve(void *context, usize size)
{
    struct place *place = context;
    void *start = machine_reserve(size);
    place->reserved_bytes += start == NULL ? 0 : size;
    return start;
}

static bool commit(void *context, void *start, usize size)
{
    struct place *place = context;
    place->committed_bytes += size;
    return machine_commit(start, size);
}

static bool commit_lazily(void *context, void *start, usize size)
{
    struct place *place = context;
    place->committed_bytes += size;
    return machine_commit_lazily(start, size);
}

static void release(void *context, void *start, usize size)
{
    struct place *place = context;
    place->reserved_bytes -= size;
    machine_release(start, size);
}

static bool guarded_call(void *context, void (*function)(void *), void *argument)
{
    (void)context;
    return machine_guarded_call(function, argument);
}

static bool code_reserve(void *context, usize size, struct code_memory *memory)
{
    struct place *place = context;
    bool reserved = machine_code_reserve(size, memory);
    place->code_bytes += reserved ? size : 0;
    return reserved;
}

static void code_release(void *context, struct code_memory *memory)
{
    struct place *place = context;
    place->code_bytes -= memory->size;
    machine_code_release(memory);
}

void place_init(struct place *place)
{
    *place = (struct place){ 0 };
    place->engine = (struct engine_place){
        .source = { take, give, place, NULL },
        .reserve = reserve,
        .commit = commit,
        .commit_lazily = commit_lazily,
        .release = release,
        .guarded_call = guarded_call,
        .code_reserve = code_reserve,
        .code_release = code_release,
        .context = place,
    };
}

/* ---- The run, on the stack of a kernel's thread ---- */

static void run(void *argument)
{
    (void)argument;
    static char option[64];
    static char runner[] = "runner", suite[] = "spec";
    char *arguments[] = { runner, option, suite, NULL };
    bool lazily = options.init.size == 0 || options.init.size > sizeof(option) - 3;
    if (lazily)
        arguments[1] = suite;
    else
        __builtin_memcpy(option, "--", 2);
    __builtin_memcpy(option + 2, options.init.data, lazily ? 0 : options.init.size);
    machine_stop(spec_main(lazily ? 2 : 3, arguments));
}

int launch_start(struct bytes bundle)
{
    struct machine_context *context = machine_context_create(run, NULL);
    if (!library_init(bundle) || context == NULL)
        return 1;
    machine_context_switch(machine_context_of_cpu(), context);
    return 1;
}

int launch_end(void)
{
    return 1;
}

bool launch_restarts(void)
{
    return false;
}
