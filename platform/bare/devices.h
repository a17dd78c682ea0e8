/* The devices that the machine has, who has claimed which, and their interrupts. Private to the
 * bare platforms.
 *
 * The platform adds its devices before the kernel starts, and they stay for good. What is asked of
 * one goes through its operations; its interrupts come in by `device_interrupt_came`. */
#ifndef PLATFORM_BARE_DEVICES_H
#define PLATFORM_BARE_DEVICES_H

#include "interface/device.h"
#include "kernel/kernel.h"

enum {
    DEVICES_MAX = 256,
    DEVICE_REGIONS_MAX = 6,
    DEVICE_NAME_BYTES = 24,
    DEVICE_KEPT_MAX = 2,
};

struct device;

/* Each as the platform can do it; NULL: it cannot, or there is nothing to do. One of a device's at
 * a time, but for `hold`, and not from interrupt handlers, but for `hold`. */
struct device_operations {
    void (*claimed)(struct device *device);
    /* No interrupt comes and no transfer begins from then on. */
    void (*released)(struct device *device);
    /* Makes it forget all that it was told, after `released`: the time from which on it can be
     * claimed again. 0: it cannot do that. */
    u64 (*reset)(struct device *device);
    /* Around what is read or written of its registers in one call. */
    void (*enter)(struct device *device);
    void (*leave)(struct device *device);
    /* It may reach memory from now on. */
    void (*allow_transfers)(struct device *device);
    /* Leads an interrupt to device_interrupt_came, held; false: that cannot be. `close` ends it. */
    bool (*open)(struct device *device, u32 index);
    void (*close)(struct device *device, u32 index);
    /* Lets none through, or again. */
    void (*hold)(struct device *device, u32 index, bool held);
    /* Offset and width are within the space, and aligned. False: that is not for drivers. */
    u32 (*read_configuration)(struct device *device, u32 offset, u32 width);
    bool (*write_configuration)(struct device *device, u32 offset, u32 width, u32 value);
};

struct device_interrupt {
    struct device *device;
    u32 index;
    bool keeps;  /* what comes while it is held comes later; otherwise it is lost */
    u32 came;    /* since the last answer; handlers of interrupts count it up */
    u32 held;    /* 1: it lets none through; handlers of interrupts set it, before `came` */
    u64 opening; /* a number of its own for who has it open now; 0: nobody */
    i64 waiting; /* the message that wants to know; 0: none */
    struct list_link link; /* among all that are open */
};

/* A part of a region that is not the driver's. */
struct device_kept {
    u32 region;
    u64 start;
    u64 end;
};

struct device {
    char name[DEVICE_NAME_BYTES];
    u16 vendor;
    u16 model;
    u16 subsystem_vendor;
    u16 subsystem_model;
    u32 class_code; /* as in struct device_identity */
    u8 revision;
    bool is_kernels; /* nobody can claim it */
    struct device_region regions[DEVICE_REGIONS_MAX];
    u32 region_count;
    struct device_kept kept[DEVICE_KEPT_MAX];
    u32 kept_count;
    struct device_interrupt *interrupts;
    u32 interrupt_count;
    u32 configuration_bytes; /* 0: it has no such space */
    const struct device_operations *operations;
    void *place;        /* the platform's own record of it */
    u32 index;          /* among all */
    u64 rests_until_ns; /* a reset is under way */
    struct list memory; /* that it may still have been told of, device_claim.c */
    u64 memory_bytes;   /* together with what is shared now */
    bool is_claimed;
    u64 owner; /* the process that claimed it, while it is */
};

/* ---- The list ---- */

/* False: there are too many. */
bool devices_add(struct device *device);
u32 devices_count(void);
struct device *devices_at(u32 index);
struct device *devices_find(struct bytes name); /* or NULL */

/* False: somebody has it. */
bool device_claim(struct device *device, u64 owner);
/* Its interrupts and transfers end, and who waits for an interrupt is told. */
void device_stop(struct device *device);
/* Whether it has forgotten what it was told. */
bool device_reset(struct device *device);
/* Then others may claim it. */
void device_release(struct device *device);
u64 device_owner(struct device *device); /* 0: nobody */

/* ---- Interrupts ---- */

/* From its handler: notes it, and holds it back if need be. No lock. */
void device_interrupt_came(struct device *device, u32 index);

/* Gives the number of this opening; 0: it is open already, or `failed`: it cannot be. */
u64 device_interrupt_open(struct device_interrupt *interrupt, bool *failed);
void device_interrupt_close(struct device_interrupt *interrupt, u64 opening);
/* `message` wants to know when it comes. */
enum device_wait {
    DEVICE_WAIT_LATER, /* it will be told by device_answer_wait */
    DEVICE_WAIT_BUSY,  /* another message waits */
    DEVICE_WAIT_GONE,
};
enum device_wait device_interrupt_wait(struct device_interrupt *interrupt, u64 opening,
                                       i64 message);
void device_interrupt_withdraw(i64 message);
/* Answers those who wait for one that has come. No lock is held. */
void devices_look(void);

/* ---- What the handler gives ---- */

void device_answer_wait(i64 message, u64 count);
void device_answer_gone(i64 message);

/* ---- What the platform gives ---- */

/* Registers in the physical address space, as the kernel itself reaches them; NULL: no memory. */
volatile void *device_registers(u64 address, u64 size);
/* Width 1, 2 or 4. */
u32 device_port_read(u16 port, u32 width);
void device_port_write(u16 port, u32 width, u32 value);

#endif
