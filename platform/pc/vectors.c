/* What each vector means. A fault is, in this order, a page that was promised, the guest's own, or
 * a mistake of the kernel. */
#include "arch/x86_64/privileged/local_apic.h"
#include "platform/bare/space.h"
#include "platform/pc/cpus.h"
#include "platform/pc/lines.h"
#include "platform/pc/panic.h"

enum {
    FAULT_PRESENT =
        1 << 0, /* of the page fault's error code: the page is there, the right is not */
    REGISTER_FIRST_ARGUMENT = 7, /* rdi */
};

static bool guest_fault(struct interrupted *interrupted, u64 address)
{
    struct guard *guard = cpu_here()->current->guard;
    struct machine_fault fault = { (const void *)(usize)address, interrupted->pc, interrupted->sp };
    if (guard == NULL || !kernel_fault(&fault))
        return false;
    interrupted->general[REGISTER_FIRST_ARGUMENT] = (usize)&guard->mark;
    interrupted->pc = (usize)context_guard_unwind;
    return true;
}

static void on_exception(struct interrupted *interrupted, u32 vector, u64 error)
{
    u64 address = cr2_read();
    if (vector == VECTOR_NMI && cpus_are_stopped())
        cpu_halt_for_ever();
    if (vector == VECTOR_PAGE_FAULT) {
        if ((error & FAULT_PRESENT) == 0 && space_fault(address))
            return;
        if (guest_fault(interrupted, address))
            return;
    }
    panic_fault(interrupted, vector, error, address);
}

void vector_entry(struct interrupted *interrupted, u32 vector, u64 error)
{
    struct cpu *cpu = cpu_here();
    if (vector < VECTOR_INTERRUPTS) {
        on_exception(interrupted, vector, error);
        return;
    }
    if (vector == VECTOR_SPURIOUS)
        return;
    bool is_device = lines_came(vector); /* first, or a line that is still raised comes twice */
    local_apic_end();
    if (is_device)
        cpus_device_came(cpu, interrupted);
    else if (vector == VECTOR_TIMER)
        cpus_timer_came(cpu, interrupted);
    else if (vector == VECTOR_CPU)
        kernel_interrupted(cpu->index, interrupted);
    else if (vector == VECTOR_FORGET)
        cpus_forget_came(cpu);
}
