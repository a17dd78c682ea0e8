/* Interrupts of platform/hosted: what a CPU runs is stopped where it stands, by its timer or by
 * another CPU, and goes on as the kernel says. */
#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/machine_fault.h"
#include "tests/machine/support/kernel.h"
#include "tests/tap.h"

#include <stdatomic.h>
#include <string.h>

enum {
    MILLISECOND = 1000000,
    FLAG_CARRY = 1,
    ROUNDING_UP = 2 << 13, /* of MXCSR */
    RAX = 0,
    SPIN_VECTOR = 3,
};

/* What the loop below begins and ends with. */
struct spin {
    u64 rax;
    u64 sp;
    u8 carry;
    u8 has_avx;
    u8 unused[2];
    u32 mxcsr;
    u8 vector[32];
};

/* Computes for ever; from `spin_left` on it tells what its registers are. */
void spin(struct spin *spin);
extern const u8 spin_begin[], spin_left[];
__asm__(".text\n"
        "spin: endbr64\n"
        "pushq %rbx\n"
        "movq %rsp, %rbx\n"
        "xorl %eax, %eax\n"
        "movups 24(%rdi), %xmm3\n"
        "cmpb $0, 17(%rdi)\n"
        "je spin_begin\n"
        "vmovups 24(%rdi), %ymm3\n"
        "spin_begin: pause\n"
        "jmp spin_begin\n"
        "spin_left: movq %rax, (%rdi)\n"
        "movq %rsp, 8(%rdi)\n"
        "setc 16(%rdi)\n"
        "stmxcsr 20(%rdi)\n"
        "movq %rbx, %rsp\n"
        "movups %xmm3, 24(%rdi)\n"
        "cmpb $0, 17(%rdi)\n"
        "je 1f\n"
        "vmovups %ymm3, 24(%rdi)\n"
        "vzeroupper\n"
        "1: popq %rbx\n"
        "ret\n");

static u64 other_stack[64];
static u64 other_sp;
static _Atomic u32 left_alone; /* how often the loop was stopped and went on as it was */
static _Atomic u32 redirected;

/* At first changes the record, but says that it did not. */
static bool redirect(u32 cpu, struct interrupted *interrupted)
{
    (void)cpu;
    if (interrupted->pc < (u64)(usize)spin_begin || interrupted->pc >= (u64)(usize)spin_left)
        return false;
    interrupted->pc = (u64)(usize)spin_left;
    interrupted->sp = other_sp;
    interrupted->flags |= FLAG_CARRY;
    interrupted->general[RAX] = 42;
    interrupted->vector_control |= ROUNDING_UP;
    memset(interrupted->vector[SPIN_VECTOR], 9, 16);
    if (left_alone == 0) {
        left_alone++;
        return false;
    }
    redirected++;
    return true;
}

static struct spin spun(void)
{
    u32 control = __builtin_ia32_stmxcsr();
    struct spin result = { .has_avx = __builtin_cpu_supports("avx") != 0 };
    memset(result.vector, 5, sizeof(result.vector));
    spin(&result);
    __builtin_ia32_ldmxcsr(control);
    return result;
}

static bool all_are(const u8 *bytes, usize size, u8 value)
{
    for (usize i = 0; i < size; i++)
        if (bytes[i] != value)
            return false;
    return true;
}

static bool went_as_told(const struct spin *spun)
{
    return spun->rax == 42 && spun->sp == other_sp && spun->carry == 1 &&
           (spun->mxcsr & ROUNDING_UP) == ROUNDING_UP && all_are(spun->vector, 16, 9);
}

/* ---- By the timer ---- */

static bool rearm_and_redirect(u32 cpu, struct interrupted *interrupted)
{
    bool changed = redirect(cpu, interrupted);
    if (!changed)
        machine_timer_arm(machine_monotonic_ns() + MILLISECOND);
    return changed;
}

static void test_timer(void)
{
    test_kernel.timer = rearm_and_redirect;
    machine_timer_arm(machine_monotonic_ns() + MILLISECOND);
    struct spin end = spun();
    TAP_OK(left_alone == 1 && redirected == 1, "a timer stops what does not look at flags");
    TAP_OK(went_as_told(&end), "which goes on with the registers that the kernel gave it");
    TAP_OK(all_are(end.vector + 16, 16, 5), "the upper halves of vectors stay");
}

/* ---- By another CPU ---- */

static struct spin spun_by_other;
static _Atomic bool other_done;
static _Atomic u32 other_interrupts;

static bool note_cpu_and_redirect(u32 cpu, struct interrupted *interrupted)
{
    if (cpu == 1)
        other_interrupts++;
    return redirect(cpu, interrupted);
}

static void run_cpu(void)
{
    if (machine_cpu() == 1) {
        spun_by_other = spun();
        other_done = true;
        return;
    }
    machine_cpu_interrupt(1); /* has not started: nothing happens */
    machine_cpu_wake(1);
    for (u32 turns = 0; !other_done; turns++) {
        machine_cpu_interrupt(1);
        machine_relax(turns);
    }
}

static void test_other_cpu(void)
{
    left_alone = 0;
    redirected = 0;
    test_kernel.interrupted = note_cpu_and_redirect;
    test_kernel.run_cpu = run_cpu;
    cpu_run_all();
    TAP_OK(redirected == 1 && other_interrupts >= 2, "a CPU that computes is reached from another");
    TAP_OK(went_as_told(&spun_by_other) && all_are(spun_by_other.vector + 16, 16, 5),
           "and goes on as the kernel told it there");
    machine_cpu_interrupt(1);
    TAP_OK(true, "a CPU that has ended may be interrupted");
}

static void test_own_cpu(void)
{
    left_alone = 1;
    other_interrupts = 0;
    machine_cpu_interrupt(0);
    TAP_OK(redirected == 1 && other_interrupts == 0, "code of the kernel goes on as it was");
}

int main(void)
{
    cpu_set_count(2);
    fault_init();
    cpu_init();
    other_sp = (u64)(usize)(other_stack + BASE_ARRAY_COUNT(other_stack));
    test_timer();
    test_other_cpu();
    test_own_cpu();
    return tap_done();
}
