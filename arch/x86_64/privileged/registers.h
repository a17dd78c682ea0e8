/* Single instructions of x86-64 that only privileged code may use, or that ask the CPU about itself
 * (Intel 64 and IA-32 Architectures Software Developer's Manual, volumes 2 and 3). A door of arch/:
 * for the rest of it and for platforms without a system below. */
#ifndef ARCH_X86_64_PRIVILEGED_REGISTERS_H
#define ARCH_X86_64_PRIVILEGED_REGISTERS_H

#include "base/base.h"

/* ---- Ports ---- */

static inline void port_write_u8(u16 port, u8 value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline u8 port_read_u8(u16 port)
{
    u8 value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void port_write_u16(u16 port, u16 value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline u16 port_read_u16(u16 port)
{
    u16 value;
    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void port_write_u32(u16 port, u32 value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline u32 port_read_u32(u16 port)
{
    u32 value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/* ---- Control and model-specific registers ---- */

enum {
    CR0_WRITE_PROTECT = 1 << 16,
    CR4_GLOBAL_PAGES = 1 << 7,
    CR4_UMIP = 1 << 11,
    CR4_FIVE_LEVELS = 1 << 12,
    CR4_FSGSBASE = 1 << 16,
    CR4_OSXSAVE = 1 << 18,
    CR4_SMEP = 1 << 20,
    CR4_SMAP = 1 << 21,
};

enum {
    MSR_APIC_BASE = 0x1B,
    MSR_PAGE_TYPES = 0x277,
    MSR_TSC_DEADLINE = 0x6E0,
    MSR_X2APIC = 0x800, /* the first of its registers */
    MSR_EFER = 0xC0000080u,
    MSR_FS_BASE = 0xC0000100u,
};

enum { EFER_NO_EXECUTE = 1 << 11 };

static inline u64 msr_read(u32 number)
{
    u32 low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return (u64)high << 32 | low;
}

static inline void msr_write(u32 number, u64 value)
{
    __asm__ volatile("wrmsr" : : "c"(number), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

static inline u64 cr0_read(void)
{
    u64 value;
    __asm__ volatile("movq %%cr0, %0" : "=r"(value));
    return value;
}

static inline u64 cr2_read(void)
{
    u64 value;
    __asm__ volatile("movq %%cr2, %0" : "=r"(value));
    return value;
}

static inline u64 cr3_read(void)
{
    u64 value;
    __asm__ volatile("movq %%cr3, %0" : "=r"(value));
    return value;
}

static inline void cr3_write(u64 value)
{
    __asm__ volatile("movq %0, %%cr3" : : "r"(value) : "memory");
}

static inline u64 cr4_read(void)
{
    u64 value;
    __asm__ volatile("movq %%cr4, %0" : "=r"(value));
    return value;
}

static inline void cr4_write(u64 value)
{
    __asm__ volatile("movq %0, %%cr4" : : "r"(value) : "memory");
}

/* Extended control register 0: which parts of the registers may be used. Needs CR4_OSXSAVE. */
static inline void xcr0_write(u32 value)
{
    __asm__ volatile("xsetbv" : : "c"(0), "a"(value), "d"(0) : "memory");
}

/* Floats as the System V ABI has them when a program begins: rounding to nearest, no exception
 * comes. Firmware may have left something else. */
static inline void floats_reset(void)
{
    static const u32 usual = 0x1F80;
    __asm__ volatile("fninit\n\tldmxcsr %0" : : "m"(usual));
}

/* ---- The CPU itself ---- */

struct cpuid {
    u32 a, b, c, d;
};

static inline struct cpuid cpuid(u32 leaf)
{
    struct cpuid result;
    __asm__ volatile("cpuid"
                     : "=a"(result.a), "=b"(result.b), "=c"(result.c), "=d"(result.d)
                     : "a"(leaf), "c"(0));
    return result;
}

/* The record of this CPU: where its FS segment begins, with its own address first. Read anew at
 * each call. */
static inline void *cpu_record(void)
{
    void *record;
    __asm__ volatile("movq %%fs:0, %0" : "=r"(record));
    return record;
}

static inline u64 tsc_read(void)
{
    u32 low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return (u64)high << 32 | low;
}

/* All accesses to memory before it are done, also as seen by instructions that do not wait. */
static inline void memory_fence(void)
{
    __asm__ volatile("mfence\n\tlfence" : : : "memory");
}

static inline void cpu_pause(void)
{
    __asm__ volatile("pause" : : : "memory");
}

/* ---- Interrupts ---- */

static inline void interrupts_off(void)
{
    __asm__ volatile("cli" : : : "memory");
}

static inline void interrupts_on(void)
{
    __asm__ volatile("sti" : : : "memory");
}

/* Off, and then as they were. */
static inline u64 interrupts_save(void)
{
    u64 flags;
    __asm__ volatile("pushfq\n\tpopq %0\n\tcli" : "=r"(flags) : : "memory");
    return flags;
}

static inline void interrupts_restore(u64 flags)
{
    __asm__ volatile("pushq %0\n\tpopfq" : : "r"(flags) : "memory", "cc");
}

/* Interrupts come from the next instruction on, so one that was pending ends the halt. */
static inline void interrupts_on_and_halt(void)
{
    __asm__ volatile("sti\n\thlt" : : : "memory");
}

static inline _Noreturn void cpu_halt_for_ever(void)
{
    for (;;)
        __asm__ volatile("cli\n\thlt" : : : "memory");
}

#endif
