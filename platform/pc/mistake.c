#include "platform/pc/mistake.h"

#include "platform/bare/cpu.h"

static void fail_assertion(void)
{
    bool all_is_well = false;
    BASE_ASSERT(all_is_well);
}

static void write_at(u64 address)
{
    *(volatile u8 *)(usize)address = 1;
}

/* Within the page at 0, which is never mapped. */
static void access_nothing(void)
{
    write_at(8);
}

static void write_constant(void)
{
    static const u8 constant = 1;
    write_at((usize)&constant);
}

static void write_code(void)
{
    write_at((usize)mistake_make);
}

static void run_data(void)
{
    static u8 returns[16] = { 0xC3 };
    void (*function)(void) = (void (*)(void))(usize)returns;
    function();
    __asm__ volatile(""); /* so that it is called, not jumped to */
}

static void run_illegal(void)
{
    __asm__ volatile("ud2");
}

/* A fault whose own stack is not there cannot be entered. */
static void lose_fault_stack(void)
{
    enum { TASK_STATE_STACKS = 36 };
    u8 *stacks = cpu_here()->descriptors.task_state + TASK_STATE_STACKS;
    __builtin_memset(stacks + 8 * INTERRUPT_STACK_FAULT, 0, 8);
    access_nothing();
}

/* Until the stack is full; what is done after the call keeps it one. */
__attribute__((noinline)) static u64 fall(u64 depth)
{
    volatile u8 frame[1024];
    frame[depth % sizeof(frame)] = (u8)depth;
    return depth == UINT64_MAX ? 0 : fall(depth + 1) + frame[0];
}

static void fill_stack(void)
{
    (void)fall(0);
}

void mistake_make(struct bytes name)
{
    static const struct {
        struct bytes name;
        void (*make)(void);
    } rows[] = {
        { BYTES_LITERAL("assertion"), fail_assertion },
        { BYTES_LITERAL("access"), access_nothing },
        { BYTES_LITERAL("constant"), write_constant },
        { BYTES_LITERAL("write-code"), write_code },
        { BYTES_LITERAL("code"), run_data },
        { BYTES_LITERAL("illegal"), run_illegal },
        { BYTES_LITERAL("stack"), fill_stack },
        { BYTES_LITERAL("double"), lose_fault_stack },
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++)
        if (bytes_equal(name, rows[i].name))
            rows[i].make();
}
