/* arch/x86_64/context.S: stacks that take turns, and unwinding to a mark. */
#include "arch/x86_64/context.h"
#include "tests/tap.h"

enum { STACK_SIZE = 64 << 10, TURNS = 1000, MXCSR_ROUNDING = 3 << 13 };

static void *main_stack;
static void *other_stack;
static _Alignas(16) u8 stack_memory[STACK_SIZE];
static u32 turns;
static void *entry_argument;
static bool entry_aligned;

static u32 rounding(void)
{
    return __builtin_ia32_stmxcsr() & MXCSR_ROUNDING;
}

static void set_rounding(u32 mode)
{
    __builtin_ia32_ldmxcsr((__builtin_ia32_stmxcsr() & ~(u32)MXCSR_ROUNDING) | mode << 13);
}

static void other_entry(void *argument)
{
    entry_argument = argument;
    entry_aligned = (usize)__builtin_frame_address(0) % 16 == 0;
    for (;;) {
        turns++;
        context_switch(&other_stack, main_stack);
    }
}

/* Keeps values in all callee-saved registers across switches, if the compiler has that many. */
static u64 mix_across_switches(u64 seed)
{
    u64 a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11;
    for (u32 i = 0; i < TURNS; i++) {
        context_switch(&main_stack, other_stack);
        a += b ^ i;
        b += c;
        c += d;
        d += e;
        e += a;
    }
    return a ^ b ^ c ^ d ^ e;
}

static u64 mix_alone(u64 seed)
{
    u64 a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11;
    for (u32 i = 0; i < TURNS; i++) {
        a += b ^ i;
        b += c;
        c += d;
        d += e;
        e += a;
    }
    return a ^ b ^ c ^ d ^ e;
}

static struct context_guard outer_guard;
static struct context_guard inner_guard;
static u32 reached;

static void returns(void *argument)
{
    *(u32 *)argument += 1;
}

static void unwinds_inner(void *argument)
{
    (void)argument;
    set_rounding(1);
    context_guard_unwind(&inner_guard);
}

static void nests(void *argument)
{
    (void)argument;
    if (!context_guard_call(&inner_guard, unwinds_inner, NULL))
        reached++;
    context_guard_unwind(&outer_guard);
}

static void switches_then_unwinds(void *argument)
{
    (void)argument;
    context_switch(&main_stack, other_stack);
    context_guard_unwind(&outer_guard);
}

int main(void)
{
    int marker;
    void *top = stack_memory + STACK_SIZE;
    other_stack = context_prepare(top, other_entry, &marker);
    TAP_OK((u8 *)top - (u8 *)other_stack == CONTEXT_PREPARED_BYTES, "a prepared stack is 56 bytes");
    context_switch(&main_stack, other_stack);
    TAP_OK(turns == 1 && entry_argument == &marker, "the first switch calls entry(argument)");
    TAP_OK(entry_aligned, "the new stack is aligned as the ABI asks");
    TAP_OK(mix_across_switches(42) == mix_alone(42), "callee-saved registers survive switches");
    TAP_OK(turns == 1 + TURNS, "each switch gives one turn");

    u32 calls = 0;
    TAP_OK(context_guard_call(&outer_guard, returns, &calls) && calls == 1,
           "a guarded call that returns gives true");
    TAP_OK(!context_guard_call(&outer_guard, nests, NULL) && reached == 1,
           "unwinding goes to the named mark, and marks nest");
    TAP_OK(rounding() == 0, "unwinding brings the rounding mode back");
    TAP_OK(!context_guard_call(&outer_guard, switches_then_unwinds, NULL),
           "a mark survives switches");
    return tap_done();
}
