/* The registers of code that a signal stopped, between the host's signal frame and what the kernel
 * knows of them. In a header, because the machine of the tests asks the same of the same host.
 * Private to both. */
#ifndef PLATFORM_HOSTED_MACHINE_INTERRUPTED_H
#define PLATFORM_HOSTED_MACHINE_INTERRUPTED_H

#include "base/base.h"

#include <string.h>
#include <ucontext.h>

/* The host's number of each general register, by the architecture's. */
static const u8 interrupted_numbers[] = {
    REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};

static inline void interrupted_read(struct interrupted *interrupted, const ucontext_t *frame)
{
    const greg_t *registers = frame->uc_mcontext.gregs;
    const struct _libc_fpstate *floats = frame->uc_mcontext.fpregs;
    *interrupted = (struct interrupted){
        .pc = (u64)registers[REG_RIP],
        .sp = (u64)registers[REG_RSP],
        .flags = (u64)registers[REG_EFL],
        .vector_control = floats->mxcsr,
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(interrupted_numbers); i++)
        interrupted->general[i] = (u64)registers[interrupted_numbers[i]];
    memcpy(interrupted->vector, floats->_xmm, sizeof(floats->_xmm));
}

/* The upper halves of the vector registers are elsewhere in the frame and stay. The host always
 * marks the lower ones as present there, so what is written here is what they will be. */
static inline void interrupted_write(const struct interrupted *interrupted, ucontext_t *frame)
{
    greg_t *registers = frame->uc_mcontext.gregs;
    struct _libc_fpstate *floats = frame->uc_mcontext.fpregs;
    for (usize i = 0; i < BASE_ARRAY_COUNT(interrupted_numbers); i++)
        registers[interrupted_numbers[i]] = (greg_t)interrupted->general[i];
    registers[REG_RIP] = (greg_t)interrupted->pc;
    registers[REG_RSP] = (greg_t)interrupted->sp;
    registers[REG_EFL] = (greg_t)interrupted->flags;
    memcpy(floats->_xmm, interrupted->vector, sizeof(floats->_xmm));
    floats->mxcsr = interrupted->vector_control;
}

/* Asks the kernel, of which `ask` is an interrupt's entry, how what was stopped is to go on. */
static inline void interrupted_ask(bool (*ask)(u32 cpu, struct interrupted *interrupted), u32 cpu,
                                   ucontext_t *frame)
{
    struct interrupted interrupted;
    interrupted_read(&interrupted, frame);
    if (ask(cpu, &interrupted))
        interrupted_write(&interrupted, frame);
}

#endif
