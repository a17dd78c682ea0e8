/* The local APIC, both by address and by number: the program's own instructions run, and where they
 * are privileged the fault is answered by registers that are a plain list. */
#include "arch/x86_64/privileged/local_apic.h"

#include "tests/tap.h"

#include <signal.h>
#include <ucontext.h>

enum {
    TIMER = 0x40,
    SPURIOUS = 0xFF,
    BASE = 0x1B, /* numbers of registers */
    DEADLINE = 0x6E0,
    FIRST = 0x800,
    END = 0x80B,
    COMMAND = 0x830,
    WRITES_MAX = 32,
    REGISTERS_WORDS = 1024,
};

static struct {
    u32 number;
    u64 value;
} writes[WRITES_MAX];
static u32 write_count;

static u64 value_of(u32 number)
{
    for (u32 i = write_count; i-- > 0;)
        if (writes[i].number == number)
            return writes[i].value;
    return number == FIRST + 2 ? 70000 : 0;
}

/* rdmsr, wrmsr, cli: anything else is a mistake of this program. */
static void on_fault(int number, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const u8 *code = (const u8 *)registers[REG_RIP];
    u32 which = (u32)registers[REG_RCX];
    (void)info;
    if (code[0] == 0x0F && code[1] == 0x32) {
        registers[REG_RAX] = (u32)value_of(which);
        registers[REG_RDX] = (greg_t)(value_of(which) >> 32);
        registers[REG_RIP] += 2;
    } else if (code[0] == 0x0F && code[1] == 0x30 && write_count < WRITES_MAX) {
        writes[write_count].number = which;
        writes[write_count++].value = (u64)(u32)registers[REG_RDX] << 32 | (u32)registers[REG_RAX];
        registers[REG_RIP] += 2;
    } else if (code[0] == 0xFA) {
        registers[REG_RIP] += 1;
    } else {
        signal(number, SIG_DFL);
    }
}

static bool wrote(u32 number, u64 value)
{
    for (u32 i = 0; i < write_count; i++)
        if (writes[i].number == number && writes[i].value == value)
            return true;
    return false;
}

static bool wrote_any(u32 first, u32 last)
{
    for (u32 i = 0; i < write_count; i++)
        if (writes[i].number >= first && writes[i].number <= last)
            return true;
    return false;
}

static void test_by_number(void)
{
    write_count = 0;
    local_apic_init(NULL, LOCAL_APIC_BY_NUMBER, TIMER, SPURIOUS);
    TAP_OK(writes[0].number == BASE && writes[0].value == 0x800 && writes[1].number == BASE &&
               writes[1].value == 0xC00,
           "it is turned on first, and then made one by number");
    TAP_OK(wrote(FIRST + 0x0F, 0x100 | SPURIOUS) && wrote(FIRST + 0x32, TIMER) &&
               wrote(FIRST + 0x3E, 3) && !wrote_any(DEADLINE, DEADLINE),
           "registers have their numbers, and the timer counts");
    TAP_OK(local_apic_id() == 70000 && local_apic_id_max() == UINT32_MAX - 1,
           "an id may have 32 bits");
    write_count = 0;
    local_apic_interrupt(70000, 0x41);
    local_apic_send_init(300);
    local_apic_send_start(300, 8);
    local_apic_send_nmi(1);
    TAP_OK(write_count == 4 && wrote(COMMAND, (u64)70000 << 32 | 0x4041) &&
               wrote(COMMAND, (u64)300 << 32 | 0x4500) && wrote(COMMAND, (u64)300 << 32 | 0x4608) &&
               wrote(COMMAND, (u64)1 << 32 | 0x4400),
           "a command is one write, with the id above");
    write_count = 0;
    local_apic_end();
    TAP_OK(write_count == 1 && wrote(END, 0), "so is the end of an interrupt");
}

static void test_by_address(void)
{
    static u32 registers[REGISTERS_WORDS];
    write_count = 0;
    local_apic_init(registers, 0, TIMER, SPURIOUS);
    TAP_OK(write_count == 1 && wrote(BASE, 0x800) && registers[0xF0 / 4] == (0x100 | SPURIOUS) &&
               registers[0x320 / 4] == TIMER && registers[0x3E0 / 4] == 3,
           "by address it is only turned on, and its registers lie in memory");
    registers[0x20 / 4] = 7u << 24;
    local_apic_interrupt(254, 0x42);
    TAP_OK(local_apic_id() == 7 && local_apic_id_max() == 254 &&
               registers[0x310 / 4] == 254u << 24 && registers[0x300 / 4] == 0x4042,
           "an id has 8 bits, at the top of its register");
    local_apic_timer_start(1234);
    TAP_OK(registers[0x380 / 4] == 1234 && write_count == 1, "the timer counts down from a number");
}

static void test_deadline(void)
{
    static u32 registers[REGISTERS_WORDS];
    write_count = 0;
    local_apic_init(registers, LOCAL_APIC_DEADLINE, TIMER, SPURIOUS);
    local_apic_timer_set(0x123456789ABC);
    TAP_OK(registers[0x320 / 4] == (2u << 17 | TIMER) && write_count == 2 &&
               wrote(DEADLINE, 0x123456789ABC),
           "with deadlines the timer is told so, and takes a time");
    local_apic_init(NULL, LOCAL_APIC_DEADLINE | LOCAL_APIC_BY_NUMBER, TIMER, SPURIOUS);
    TAP_OK(wrote(FIRST + 0x32, 2u << 17 | TIMER) && !wrote_any(FIRST + 0x38, FIRST + 0x38) &&
               local_apic_features() == (LOCAL_APIC_DEADLINE | LOCAL_APIC_BY_NUMBER),
           "also by number, and its count is left alone");
}

int main(void)
{
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
    sigaction(SIGSEGV, &action, NULL);
    test_by_number();
    test_by_address();
    test_deadline();
    return tap_done();
}
