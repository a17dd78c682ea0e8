/* PCI functions with any contents: bytes of the input are addresses and registers, and which of
 * their bits can be set. */
#include "tests/bare/support/pci.h"
#include "machine/machine.h"

#include <stdlib.h>
#include <string.h>

enum { ALLOCATIONS_MAX = 4 * SPACE_FUNCTIONS, READS_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void *allocations[ALLOCATIONS_MAX];
static u32 allocation_count;
static struct device *added[SPACE_FUNCTIONS];
static u32 added_count;

/* ---- What the code under test asks for ---- */

void *machine_allocate(usize size)
{
    if (allocation_count == ALLOCATIONS_MAX)
        return NULL;
    return allocations[allocation_count++] = calloc(1, size);
}

u64 machine_monotonic_ns(void)
{
    return 1;
}

bool devices_add(struct device *device)
{
    if (added_count == SPACE_FUNCTIONS)
        abort();
    added[added_count++] = device;
    for (u32 i = 0; i < device->interrupt_count; i++)
        device->interrupts[i].device = device;
    return true;
}

void device_interrupt_came(struct device *device, u32 index)
{
    device->operations->hold(device, index, true);
}

/* ---- The input ---- */

/* An address (3 bytes), how many bytes there follow, then pairs: offset and value; an offset's
 * second coming says which bits can be set. */
static void build(const u8 *data, size_t size)
{
    memset(&space, 0, sizeof(space));
    space.taken_start = 0x100000;
    space.taken_end = 0x10000000;
    while (size >= 4 && space.count < SPACE_FUNCTIONS) {
        struct space_function *function = space_add(data[0] % 4, data[1] % 32, data[2] % 8);
        size_t pairs = u64_min(data[3], (size - 4) / 2);
        bool seen[SPACE_BYTES] = { false };
        for (size_t i = 0; i < pairs; i++) {
            u8 offset = data[4 + 2 * i];
            u8 value = data[5 + 2 * i];
            (seen[offset] ? function->settable : function->bytes)[offset] = value;
            seen[offset] = true;
        }
        data += 4 + 2 * pairs;
        size -= 4 + 2 * pairs;
    }
}

static void check_region(const struct device_region *region)
{
    bool is_none = region->kind == DEVICE_REGION_KIND_NONE;
    bool is_power = region->size != 0 && (region->size & (region->size - 1)) == 0;
    if (!is_none && (!is_power || region->address % region->size != 0 ||
                     region->address + region->size < region->address ||
                     !pci_is_free(region->kind, region->address, region->size)))
        abort();
}

static bool overlap(const struct device_region *a, const struct device_region *b)
{
    return a->kind != DEVICE_REGION_KIND_NONE && a->kind == b->kind &&
           a->address < b->address + b->size && b->address < a->address + a->size;
}

static void check_apart(const struct device *device)
{
    for (u32 i = 0; i < added_count; i++)
        for (u32 j = 0; j < added[i]->region_count; j++)
            for (u32 k = 0; k < device->region_count; k++)
                if ((added[i] != device || j != k) &&
                    overlap(&added[i]->regions[j], &device->regions[k]))
                    abort();
}

static void use(struct device *device)
{
    const struct device_operations *operations = device->operations;
    operations->claimed(device);
    operations->allow_transfers(device);
    for (u32 i = 0; i < device->interrupt_count; i++)
        if (operations->open(device, i))
            operations->hold(device, i, false);
    for (u32 line = 0; line < PCI_LINES; line++)
        (void)pci_line_came(line);
    for (u32 i = 0; i < SPACE_BYTES; i += 4)
        (void)operations->write_configuration(device, i, 4, UINT32_MAX);
    for (u32 i = 0; i < device->interrupt_count; i++)
        operations->close(device, i);
    operations->released(device);
    (void)operations->reset(device);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    build(data, size);
    pci_init(size % 2 == 0);
    for (u32 i = 0; i < added_count; i++) {
        for (u32 j = 0; j < added[i]->region_count; j++)
            check_region(&added[i]->regions[j]);
        check_apart(added[i]);
        if (!added[i]->is_kernels)
            use(added[i]);
    }
    if (space.reads > READS_MAX || space.sized_while_decoding > 0)
        abort();
    while (allocation_count > 0)
        free(allocations[--allocation_count]);
    added_count = 0;
    return 0;
}
