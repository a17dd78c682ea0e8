#include "tests/step/step.h"

#include "arch/x86_64/context.h"
#include "engine/compile/native.h"
#include "engine/execution.h"
#include "platform/hosted/machine_interrupted.h"
#include "tests/step/truth.h"

#include <signal.h>
#include <stdlib.h>

enum {
    FLAG_TRAP = 1 << 8,
    WAIT_MAX = 2000,     /* instructions until a call with all its arguments arrives in stubs; the
                            interpreter never does */
    CALLS_MAX = 64,      /* of C within each other */
    RESTART_EACH = 64,   /* stops of which one is restarted, */
    RESTART_STEPS = 60,  /* at each instruction in turn: more than native_preempt has */
    STACK_BYTES = 64 << 10,
};

struct step step;

enum state {
    STATE_OUTSIDE, /* C runs, at full speed */
    STATE_WAITING, /* C is about to enter compiled code */
    STATE_INSIDE,
};

static enum state state;
static u32 nesting; /* calls from C within each other */
static u32 waited;
static u32 left;          /* stops until the call from the test runs on undisturbed */
static u32 restart_after; /* so many more instructions of native_preempt, 0: not at all */
static bool is_preempted; /* the hook is asked for what stands in execution.stopped, not at a call */
static bool is_requested; /* while C ran: left to the stub to serve */
static bool was_stepped;  /* native_preempt, to its end: the trap behind it has been served */
static u64 hooks_before;  /* the last stop */
static bool (*plain_call)(void *context, void (*function)(void *), void *argument);

/* ---- The other context ---- */

static void *own_stack, *other_stack;
static u8 other_memory[STACK_BYTES] __attribute__((aligned(16)));

/* Changes each register that a function may, and the rest until it returns, and all flags. */
void step_dirty(void);
__asm__(".text\n"
        "step_dirty:\n"
        "  pushq %rbx\n  pushq %rbp\n  pushq %r12\n  pushq %r13\n  pushq %r14\n  pushq %r15\n"
        "  movq $0x5a5a5a5a5a5a5a5a, %rax\n"
        "  .irp reg, rbx,rcx,rdx,rsi,rdi,rbp,r8,r9,r10,r11,r12,r13,r14,r15\n"
        "  leaq 0x1234567(%rax), %\\reg\n"
        "  .endr\n"
        "  movq %rax, %xmm0\n"
        "  punpcklqdq %xmm0, %xmm0\n"
        "  .irp number, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
        "  movdqa %xmm0, %xmm\\number\n"
        "  .endr\n"
        "  pushq $0xad7\n" /* overflow, sign, zero, adjust, parity, carry; interrupts as ever */
        "  popfq\n"
        "  popq %r15\n  popq %r14\n  popq %r13\n  popq %r12\n  popq %rbp\n  popq %rbx\n"
        "  ret\n");

/* It rounds upwards. */
static void other(void *argument)
{
    (void)argument;
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 2 << 13);
    for (;;) {
        step_dirty();
        context_switch(&other_stack, own_stack);
    }
}

/* What the last stop or request comes to. */
enum trap step_hook(struct execution *execution, void *context)
{
    (void)context;
    bool is_end = step.stops == step.stop_at && step.stop_at != 0;
    u32 frames = 0;
    step.hooks++;
    if (step.record_each != 0 && step.stops % step.record_each == 0) {
        step.records++;
        step.wrong += !truth_is_told(execution, is_preempted, &frames);
    }
    context_switch(&own_stack, other_stack);
    if (is_end)
        step.frames = frames;
    return is_end ? TRAP_STOPPED : TRAP_NONE;
}

/* ---- C that is called ---- */

/* Where each call goes back to, innermost last. Its return address is `step_back`, which sets the
 * trap flag and goes there. */
u64 step_kept[CALLS_MAX];
u64 step_depth;
void step_back(void);
__asm__(".text\n"
        "step_back:\n"
        "  subq $8, %rsp\n"
        "  pushfq\n  pushq %rax\n  pushq %rcx\n"
        "  movq step_depth(%rip), %rax\n"
        "  decq %rax\n"
        "  movq %rax, step_depth(%rip)\n"
        "  leaq step_kept(%rip), %rcx\n"
        "  movq (%rcx,%rax,8), %rax\n"
        "  movq %rax, 24(%rsp)\n"
        "  popq %rcx\n  popq %rax\n"
        "  orl $0x100, (%rsp)\n"
        "  popfq\n"
        "  ret\n");

static bool is_between(u64 pc, void (*begin)(void), void (*end)(void))
{
    return pc >= (u64)(usize)begin && pc < (u64)(usize)end;
}

static bool is_restarting(u64 pc)
{
    return is_between(pc, native_preempt, native_preempt_end);
}

static bool is_stub(u64 pc)
{
    return is_between(pc, native_stubs_begin, native_stubs_end) ||
           is_between(pc, native_bulk_begin, native_bulk_end);
}

/* At the first instruction of C: called, or gone back to for good. */
static void leave(struct execution *execution, greg_t *registers)
{
    u64 *back = (u64 *)registers[REG_RSP];
    registers[REG_EFL] &= ~FLAG_TRAP;
    if (!is_stub(*back) && !is_restarting(*back)) {
        state = STATE_OUTSIDE;
        return;
    }
    BASE_ASSERT(step_depth < CALLS_MAX);
    step_kept[step_depth++] = *back;
    is_preempted = is_restarting(*back);
    *back = (u64)(usize)step_back;
    is_requested = step.requests++ % 2 == 0;
    if (is_requested)
        execution_interrupt(execution);
}

/* ---- One instruction ---- */

/* As kernel_timer does. */
static bool on_timer(u32 cpu, struct interrupted *interrupted)
{
    (void)cpu;
    struct execution *execution = place_watched();
    execution_interrupt(execution);
    return execution_preempt(execution, interrupted);
}

static void stop(ucontext_t *context)
{
    greg_t *registers = context->uc_mcontext.gregs;
    if (left == 0) {
        registers[REG_EFL] &= ~FLAG_TRAP;
        return;
    }
    left--;
    BASE_ASSERT(step.stops == 0 || step.hooks != hooks_before);
    hooks_before = step.hooks;
    step.stops++;
    is_preempted = true;
    interrupted_ask(on_timer, 0, context);
    BASE_ASSERT(is_restarting((u64)registers[REG_RIP]));
    restart_after = 0;
    if (step.stops % RESTART_EACH == 0)
        restart_after = 1 + (u32)(step.stops / RESTART_EACH) % RESTART_STEPS;
    else
        registers[REG_EFL] &= ~FLAG_TRAP;
}

static void restart(ucontext_t *context)
{
    was_stepped = true;
    if (--restart_after != 0)
        return;
    step.restarts++;
    was_stepped = false;
    interrupted_ask(on_timer, 0, context);
    context->uc_mcontext.gregs[REG_EFL] &= ~FLAG_TRAP;
}

/* In compiled code or a stub. With `in_host` that is about to call the host, or has come from there,
 * and may not be stopped. */
static void on_guest(struct execution *execution, ucontext_t *context)
{
    const greg_t *registers = context->uc_mcontext.gregs;
    u64 pc = (u64)registers[REG_RIP];
    state = STATE_INSIDE;
    is_requested &= is_stub(pc) && execution->interrupt != 0;
    if (!was_stepped)
        truth_step(execution, pc, (u64)registers[REG_RSP]);
    if (!was_stepped && !is_requested && !execution->in_host)
        stop(context);
    was_stepped = false;
}

static void on_trap(int number, siginfo_t *info, void *frame)
{
    (void)number, (void)info;
    ucontext_t *context = frame;
    greg_t *registers = context->uc_mcontext.gregs;
    struct execution *execution = place_watched();
    u64 pc = (u64)registers[REG_RIP];
    if (is_stub(pc) || (state == STATE_INSIDE && compiled_has(execution, pc)))
        on_guest(execution, context);
    else if (is_restarting(pc))
        restart(context);
    else if (state == STATE_INSIDE)
        leave(execution, registers);
    else if (++waited > WAIT_MAX)
        registers[REG_EFL] &= ~FLAG_TRAP;
}

/* ---- Calls ---- */

struct start {
    void (*function)(void *);
    void *argument;
};

static void start_stepped(void *argument)
{
    const struct start *start = argument;
    state = STATE_WAITING;
    waited = 0;
    __asm__ volatile("pushfq\n orl $0x100, (%%rsp)\n popfq\n" ::: "cc", "memory");
    start->function(start->argument);
    __asm__ volatile("pushfq\n andl $~0x100, (%%rsp)\n popfq\n" ::: "cc", "memory");
}

/* One that ends by a fault leaves what it has called behind. */
static bool stepped_call(void *context, void (*function)(void *), void *argument)
{
    struct start start = { function, argument };
    u64 depth = step_depth;
    if (nesting++ == 0)
        left = step.stops_each == 0 ? UINT32_MAX : step.stops_each;
    u32 truth = truth_depth();
    bool returned = plain_call(context, start_stepped, &start);
    nesting--;
    step_depth = depth;
    truth_shorten(truth);
    state = STATE_INSIDE; /* of the call that this one is within, if any */
    return returned;
}

void step_take(struct place *place)
{
    struct sigaction action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    BASE_ASSERT(sigaction(SIGTRAP, &action, NULL) == 0);
    if (other_stack == NULL)
        other_stack = context_prepare(other_memory + STACK_BYTES, other, NULL);
    if (place->engine.guarded_call != stepped_call)
        plain_call = place->engine.guarded_call;
    place->engine.guarded_call = stepped_call;
}
