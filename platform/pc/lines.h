/* Interrupts of devices: vectors, and the sixteen lines of the old PC behind the I/O APIC. Private
 * to the PC platform.
 *
 * Lines go to the first CPU, messages to the one that has the fewest. Their handlers take one lock,
 * around the few registers that are reached by an index and so belong to one CPU at a time; whoever
 * takes it has interrupts off. */
#ifndef PLATFORM_PC_LINES_H
#define PLATFORM_PC_LINES_H

#include "platform/bare/devices.h"
#include "platform/pc/acpi.h"

enum {
    VECTOR_LINES = 0x50,                         /* one a line */
    VECTOR_MESSAGES = VECTOR_LINES + ACPI_LINES, /* for those that are messages */
    VECTOR_MESSAGES_END = 0xF0,
};

/* Routes all lines, held. False: there is no I/O APIC; none can be opened. */
bool lines_init(const struct acpi *acpi);
bool lines_are_there(void);
/* What comes on the line goes to this interrupt of the device. False: the line is another's. */
bool line_open(u32 line, struct device *device, u32 index);
void line_close(u32 line);
void line_hold(u32 line, bool held);
/* A line whose interrupts the platform takes itself. */
typedef void line_handler(u32 line);
bool line_open_own(u32 line, line_handler *handler);
/* Lines that are level-triggered keep what comes while they are held. */
bool line_keeps(u32 line);

/* A CPU's. Number 0: there is none. */
struct line_vector {
    u8 number;
    u8 apic_id;
    u32 cpu;
};

/* One for one of the device's interrupts, if any CPU has one left. */
struct line_vector line_take_vector(struct device *device, u32 index);
void line_give_vector(u32 cpu, u8 number);

/* By the handler of interrupts: false, the vector is no device's. */
bool lines_came(u32 vector);
/* Tells of interrupts that nobody wanted, once a vector. By a CPU with no lock held. */
void lines_tell(void);

/* Around registers that are reached by an index. Gives the flags to be put back. */
u64 lines_lock(void);
void lines_unlock(u64 flags);

#endif
