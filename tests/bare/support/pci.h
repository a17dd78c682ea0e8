/* A configuration space of 256 bytes a function for the tests of PCI: what is written sticks as far
 * as its bits can be set. */
#ifndef TESTS_BARE_SUPPORT_PCI_H
#define TESTS_BARE_SUPPORT_PCI_H

#include "platform/bare/pci.h"

enum { SPACE_FUNCTIONS = 64, SPACE_BYTES = 256 };

struct space_function {
    struct pci_address address;
    u8 bytes[SPACE_BYTES];
    u8 settable[SPACE_BYTES];
};

struct space {
    struct space_function functions[SPACE_FUNCTIONS];
    u32 count;
    u32 sized_while_decoding; /* writes to a region's register while it was decoded */
    u64 reads;
    u64 taken_start; /* memory that the kernel has */
    u64 taken_end;
};

extern struct space space;

struct space_function *space_add(u8 bus, u8 device, u8 function);
void space_put(struct space_function *function, u32 offset, u32 width, u32 value);
u32 space_get(const struct space_function *function, u32 offset, u32 width);
/* A region that can be put anywhere aligned to its size, of 32 bits; `flags` are its low bits. */
void space_region(struct space_function *function, u32 index, u64 address, u64 size, u32 flags);

#endif
