#include "platform/pc/panic.h"

#include "arch/x86_64/privileged/paging.h"
#include "arch/x86_64/privileged/registers.h"
#include "platform/bare/console.h"
#include "platform/bare/options.h"
#include "platform/bare/screen.h"
#include "platform/pc/cpus.h"
#include "platform/pc/power.h"
#include "platform/pc/serial.h"
#include "platform/pc/symbols.h"

enum {
    FAULT_WRITE = 1 << 1, /* of the page fault's error code */
    FAULT_FETCH = 1 << 4,
    FRAMES_MAX = 24,
    TEXT_MAX = 4096,
};

static u32 teller = MACHINE_NO_CPU; /* the CPU that tells of its mistake */

/* ---- What is told ---- */

static const char *what_happened(u32 vector, u64 error)
{
    switch (vector) {
    case VECTOR_DIVIDE:
        return "an arithmetic fault";
    case VECTOR_ILLEGAL:
        return "an illegal instruction";
    case VECTOR_DOUBLE_FAULT:
        return "a fault while a fault was entered";
    case VECTOR_GENERAL_PROTECTION:
        return "something that the CPU forbids";
    case VECTOR_MACHINE_CHECK:
        return "an error of the machine";
    case VECTOR_PAGE_FAULT:
        if ((error & FAULT_FETCH) != 0)
            return "a jump to memory without code";
        return (error & FAULT_WRITE) != 0 ? "a write to memory without access"
                                          : "a read of memory without access";
    default:
        return "an exception";
    }
}

static const char *what_ran(const struct cpu *cpu, u64 address)
{
    if (cpu->current == &cpu->own)
        return "in the scheduler";
    if (context_overflowed(cpu->current, address))
        return "in a kernel thread: its native stack is full";
    return cpu->current->guard == NULL ? "in a kernel thread"
                                       : "in a kernel thread that runs a guest";
}

static void write_registers(struct writer *text, const struct interrupted *interrupted)
{
    static const char *const names[] = { "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                         "r8 ", "r9 ", "r10", "r11", "r12", "r13", "r14", "r15" };
    for (usize i = 0; i < BASE_ARRAY_COUNT(names); i++) {
        writer_text(text, i % 4 == 0 ? "\n  " : "  ");
        writer_text(text, names[i]);
        writer_text(text, " ");
        writer_hex(text, interrupted->general[i], 16);
    }
    writer_text(text, "\n  rip ");
    writer_hex(text, interrupted->pc, 16);
    writer_text(text, "  flags ");
    writer_hex(text, interrupted->flags, 8);
}

static void write_place(struct writer *text, u64 pc)
{
    u64 offset;
    const char *name = symbol_of(pc, &offset);
    writer_text(text, "\n    at ");
    writer_hex(text, pc, 1);
    if (name == NULL)
        return;
    writer_text(text, " ");
    writer_text(text, name);
    writer_text(text, "+0x");
    writer_hex(text, offset, 1);
}

static bool is_readable(u64 address)
{
    return (address & 7) == 0 && paging_state_of(address) == PAGING_PRESENT &&
           paging_state_of(address + 15) == PAGING_PRESENT;
}

/* Each frame begins with the address of the one outside, and where that goes on. */
static void write_backtrace(struct writer *text, u64 pc, u64 frame)
{
    write_place(text, pc);
    for (u32 i = 0; i < FRAMES_MAX && is_readable(frame); i++) {
        const u64 *pair = (const u64 *)(usize)frame;
        if (pair[1] == 0)
            return;
        write_place(text, pair[1]);
        if (pair[0] <= frame)
            return; /* stacks grow downwards */
        frame = pair[0];
    }
}

/* ---- The end ---- */

/* The first mistake is told. Another CPU that makes one meanwhile stands still; one that is made
 * while this is told ends the telling. */
static void begin(void)
{
    u32 nobody = MACHINE_NO_CPU;
    interrupts_off();
    if (!__atomic_compare_exchange_n(&teller, &nobody, machine_cpu(), false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        if (nobody == machine_cpu())
            power_end_panic();
        cpu_halt_for_ever();
    }
    console_seize();
    cpus_stop_others();
    serial_seize();
    screen_seize();
}

static _Noreturn void end(const struct writer *text)
{
    console_write((struct bytes){ text->data, u64_min(text->size, text->capacity) }, true);
    console_write(BYTES_LITERAL("\n"), true);
    power_end_panic();
}

void panic_fault(const struct interrupted *interrupted, u32 vector, u64 error, u64 address)
{
    static u8 buffer[TEXT_MAX];
    struct writer text;
    const struct cpu *cpu = cpu_here();
    begin();
    writer_init(&text, buffer, sizeof(buffer));
    writer_text(&text, "weft: a mistake of weft's own, not of the program: ");
    writer_text(&text, what_happened(vector, error));
    writer_text(&text, " (vector ");
    writer_decimal(&text, vector);
    writer_text(&text, ", error ");
    writer_hex(&text, error, 1);
    writer_text(&text, ")\n  on CPU ");
    writer_decimal(&text, cpu->index);
    writer_text(&text, " ");
    writer_text(&text, what_ran(cpu, address));
    if (vector == VECTOR_PAGE_FAULT) {
        writer_text(&text, "\n  at address ");
        writer_hex(&text, address, 16);
    }
    write_registers(&text, interrupted);
    if (vector == VECTOR_PAGE_FAULT && (error & FAULT_FETCH) != 0 && is_readable(interrupted->sp))
        write_place(&text, *(const u64 *)(usize)interrupted->sp); /* who called what is no code */
    write_backtrace(&text, interrupted->pc, interrupted->general[5]);
    end(&text);
}

void base_fail(const char *what, const char *file, int line)
{
    static u8 buffer[TEXT_MAX];
    struct writer text;
    begin();
    writer_init(&text, buffer, sizeof(buffer));
    writer_text(&text, "weft: a mistake of weft's own, at ");
    writer_text(&text, file);
    writer_text(&text, ":");
    writer_decimal(&text, (u64)line);
    writer_text(&text, ": this does not hold: ");
    writer_text(&text, what);
    write_backtrace(&text, (usize)__builtin_return_address(0),
                    *(const u64 *)__builtin_frame_address(0));
    end(&text);
}
