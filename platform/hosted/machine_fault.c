/* Fault signals. On a CPU, the kernel is asked whether the fault is the running guest's; then the
 * interrupted thread goes on in the unwinding of its innermost guarded call. */
#include "platform/hosted/machine_fault.h"

#include "platform/hosted/machine_context.h"
#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/machine_stop.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum {
    FAULT_WRITE = 1 << 1, /* of the processor's page fault error code */
    FAULT_FETCH = 1 << 4,
    FAULT_STACK_FRAMES = 2, /* an interrupt's handler may fault */
    FAULT_STACK_EXTRA_BYTES = 16 << 10, /* beyond what the signal frames need */
};

extern const u8 __executable_start[]; /* the linker's */

static _Thread_local stack_t fault_stack;

void fault_thread_init(void)
{
    usize frame_bytes = (usize)sysconf(_SC_MINSIGSTKSZ);
    usize size = FAULT_STACK_FRAMES * frame_bytes + FAULT_STACK_EXTRA_BYTES;
    void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED)
        return; /* a stack overflow then ends without its report */
    fault_stack = (stack_t){ .ss_sp = stack, .ss_size = size };
    BASE_ASSERT(sigaltstack(&fault_stack, NULL) == 0);
}

void fault_thread_deinit(void)
{
    stack_t none = { .ss_flags = SS_DISABLE };
    if (fault_stack.ss_sp == NULL)
        return;
    sigaltstack(&none, NULL);
    munmap(fault_stack.ss_sp, fault_stack.ss_size);
    fault_stack = (stack_t){ 0 };
}

static bool guest_fault(const u8 *address, ucontext_t *interrupted)
{
    struct cpu *cpu = cpu_here();
    struct guard *guard = cpu == NULL ? NULL : cpu->current->guard;
    greg_t *registers = interrupted->uc_mcontext.gregs;
    struct machine_fault fault = { address, (u64)registers[REG_RIP], (u64)registers[REG_RSP] };
    if (guard == NULL || !kernel_fault(&fault))
        return false;
    guard->fault_stack = context_frames_end(cpu->current, fault.sp);
    registers[REG_RDI] = (greg_t)(usize)&guard->mark;
    registers[REG_RIP] = (greg_t)(usize)context_guard_unwind;
    return true;
}

static const char *what_ran(const u8 *address)
{
    struct cpu *cpu = cpu_here();
    if (cpu == NULL)
        return "in a thread of the platform";
    if (cpu->current == &cpu->own)
        return "in the scheduler";
    if (context_overflowed(cpu->current, address))
        return "in a kernel thread: its native stack is full";
    return cpu->current->guard == NULL ? "in a kernel thread"
                                       : "in a kernel thread that runs a guest";
}

static const char *what_happened(int signal_number, u64 error_code)
{
    if (signal_number == SIGILL)
        return "an illegal instruction";
    if (signal_number == SIGFPE)
        return "an arithmetic fault";
    if ((error_code & FAULT_FETCH) != 0)
        return "a jump to memory without code";
    return (error_code & FAULT_WRITE) != 0 ? "a write to memory without access"
                                           : "a read of memory without access";
}

static void write_registers(struct writer *text, const greg_t *registers)
{
    static const struct {
        const char *name;
        int number;
    } rows[] = {
        { "rip", REG_RIP }, { "rsp", REG_RSP }, { "rbp", REG_RBP }, { "rax", REG_RAX },
        { "rbx", REG_RBX }, { "rcx", REG_RCX }, { "rdx", REG_RDX }, { "rsi", REG_RSI },
        { "rdi", REG_RDI }, { "r8 ", REG_R8 },  { "r9 ", REG_R9 },  { "r10", REG_R10 },
        { "r11", REG_R11 }, { "r12", REG_R12 }, { "r13", REG_R13 }, { "r14", REG_R14 },
        { "r15", REG_R15 }, { "efl", REG_EFL },
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++) {
        writer_text(text, i % 3 == 0 ? "\n " : " ");
        writer_text(text, " ");
        writer_text(text, rows[i].name);
        writer_text(text, " ");
        writer_hex(text, (u64)registers[rows[i].number], 16);
    }
}

static void report(int signal_number, const u8 *address, const ucontext_t *interrupted)
{
    const greg_t *registers = interrupted->uc_mcontext.gregs;
    u8 buffer[2048];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    writer_text(&text, "weft: a mistake of weft's own, not of the program: ");
    writer_text(&text, what_happened(signal_number, (u64)registers[REG_ERR]));
    writer_text(&text, "\n  at address ");
    writer_hex(&text, (usize)address, 16);
    writer_text(&text, " ");
    writer_text(&text, what_ran(address));
    writer_text(&text, "\n  by code at weft+0x");
    writer_hex(&text, (u64)registers[REG_RIP] - (usize)__executable_start, 1);
    write_registers(&text, registers);
    writer_text(&text, "\nPlease report these lines, and what you ran.\n");
    stop_say((struct bytes){ buffer, u64_min(text.size, sizeof(buffer)) });
}

/* The C library found something wrong, and said so. */
static void on_abort(int signal_number)
{
    stop_restore();
    signal(signal_number, SIG_DFL);
}

static void on_fault(int signal_number, siginfo_t *info, void *interrupted)
{
    const u8 *address = info->si_addr;
    bool memory = signal_number == SIGSEGV || signal_number == SIGBUS;
    if (memory && guest_fault(address, interrupted))
        return;
    stop_restore();
    report(signal_number, address, interrupted);
    /* Coming back, the instruction faults again and ends the process where a debugger wants it. */
    signal(signal_number, SIG_DFL);
}

void fault_init(void)
{
    static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };
    struct sigaction action = {
        .sa_sigaction = on_fault,
        .sa_flags = SA_SIGINFO | SA_ONSTACK,
    };
    sigfillset(&action.sa_mask);
    for (usize i = 0; i < BASE_ARRAY_COUNT(signals); i++)
        BASE_ASSERT(sigaction(signals[i], &action, NULL) == 0);
    signal(SIGABRT, on_abort);
}
