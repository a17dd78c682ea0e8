/* PCI functions (PCI Local Bus 3.0, chapter 6; PCI Express 5.0, chapter 7) as devices. Private to
 * the bare platforms.
 *
 * Firmware has numbered the buses and given the regions their addresses; that is believed as far as
 * it does not touch memory, the kernel's own devices or another function's. */
#ifndef PLATFORM_BARE_PCI_H
#define PLATFORM_BARE_PCI_H

#include "platform/bare/devices.h"

struct pci_address {
    u8 bus;
    u8 device;
    u8 function;
};

enum {
    PCI_INTERRUPTS_MAX = 32,   /* of one function that are offered */
    PCI_CAPABILITIES_MAX = 48, /* as many as there is room for */
    PCI_LINES = 16,
    PCI_SAVED_WORDS = 16, /* of the configuration: its head */
};

struct pci_capability {
    u8 offset;
    u8 kind;
};

struct pci_function {
    struct device device;
    struct pci_address address;
    u8 header_kind;
    u8 line;           /* that its own interrupt comes in by; 0: none that is known */
    u8 message_offset; /* of the capability MSI; 0: it has none */
    u8 table_offset;   /* of MSI-X */
    u8 express_offset;
    u32 capability_count;
    struct pci_capability capabilities[PCI_CAPABILITIES_MAX];
    u64 table_address; /* where the table of MSI-X lies */
    u32 table_count;
    enum pci_way {
        PCI_BY_NONE,
        PCI_BY_LINE,
        PCI_BY_MESSAGE,
        PCI_BY_TABLE,
    } way;                          /* how its interrupts come */
    volatile u32 *table;            /* four words an entry */
    u16 places[PCI_INTERRUPTS_MAX]; /* of its messages; 0: not open */
    u16 command; /* what was written there last */
    bool can_reset;
    u16 saved_control; /* before a reset */
    u32 saved[PCI_SAVED_WORDS];
};

/* Finds all functions and adds them. `only_lines`: no interrupt is to be a message. */
void pci_init(bool only_lines);
/* What was wrong, one after the other, in words; false: there is no mistake of that index. */
bool pci_mistake(u32 index, struct writer *text);

/* From the handler of a line's interrupts: whether it was a function's. */
bool pci_line_came(u32 line);

/* ---- Between its files ---- */

/* Reads what a function is; false: there is none. Its regions have been sized, while it decoded
 * none. */
bool pci_read_function(struct pci_address address, struct pci_function *function);
bool pci_is_bridge(const struct pci_function *function); /* to another bus */
/* Decides how its interrupts come, and gives it its operations. False: no memory. */
bool pci_operate(struct pci_function *function, bool only_lines);
bool pci_may_write(const struct pci_function *function, u32 offset, u32 width);

/* ---- What the platform gives ---- */

/* Offset within `pci_configuration_bytes`, width 1, 2 or 4, aligned. All ones where nothing is.
 * From handlers of interrupts too. */
u32 pci_read(struct pci_address address, u32 offset, u32 width);
void pci_write(struct pci_address address, u32 offset, u32 width, u32 value);
/* Two bytes: some bits cleared, then some set, as one step. */
void pci_change(struct pci_address address, u32 offset, u16 clear, u16 set);
/* The same to what is known to be in there, which is `*value` before and after. */
void pci_renew(struct pci_address address, u32 offset, u16 *value, u16 clear, u16 set);
u32 pci_configuration_bytes(void); /* of each function */

/* Whether the range is nothing that the kernel has or needs. */
bool pci_is_free(enum device_region_kind kind, u64 start, u64 size);

struct pci_message {
    u64 address;
    u32 data;
    u16 place; /* whatever the platform knows it by; to be given back */
};

/* Where a function sends an interrupt as a message to; false: there is no room left. */
bool pci_take_message(struct device *device, u32 index, struct pci_message *message);
void pci_give_message(u16 place);
/* Lets interrupts of the line come to pci_line_came; counted. */
bool pci_open_line(u32 line);
void pci_close_line(u32 line);

#endif
