/* What is read of PCI functions, over a configuration space that is made up. */
#include "tests/bare/support/pci.h"
#include "machine/machine.h"
#include "tests/bare/support/memory.h"
#include "tests/tap.h"

#include <string.h>

/* ---- What devices.c asks for ---- */

void device_answer_wait(i64 message, u64 count)
{
    (void)message;
    (void)count;
}

void device_answer_gone(i64 message)
{
    (void)message;
}

u64 machine_monotonic_ns(void)
{
    return 0;
}

/* ---- The tests; devices stay, so each looks at those that it added ---- */

static u32 first;

static void start(void)
{
    space = (struct space){ 0 };
    first = devices_count();
}

static struct device *device_at(u32 index)
{
    return devices_at(first + index);
}

static bool mistake_says(u32 index, const char *words)
{
    u8 buffer[160];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    return pci_mistake(index, &text) && strstr(writer_terminate(&text), words) != NULL;
}

static void test_regions(void)
{
    start();
    struct space_function *function = space_add(0, 3, 1);
    space_add(0, 3, 0);
    space_put(function, 0x04, 2, 3);
    space_region(function, 0, 0xFE000000, 0x20000, 0);
    space_region(function, 1, 0xC000, 0x40, 1);
    space_region(function, 2, 0x4200000000, (u64)1 << 33, 0xC);
    pci_init(false);
    const struct device *device = device_at(1);
    const struct device_region *regions = device->regions;
    TAP_OK(devices_count() == first + 2 && strcmp(device->name, "pci:00:03.1") == 0,
           "functions are found and named by where they are");
    TAP_OK(regions[0].kind == DEVICE_REGION_KIND_MEMORY && regions[0].address == 0xFE000000 &&
               regions[0].size == 0x20000 && !regions[0].prefetchable,
           "a region of memory");
    TAP_OK(regions[1].kind == DEVICE_REGION_KIND_PORTS && regions[1].address == 0xC000 &&
               regions[1].size == 0x40,
           "of ports");
    TAP_OK(regions[2].kind == DEVICE_REGION_KIND_MEMORY && regions[2].address == 0x4200000000 &&
               regions[2].size == (u64)1 << 33 && regions[2].prefetchable &&
               regions[3].kind == DEVICE_REGION_KIND_NONE,
           "and one with a wide address, which takes two registers");
    TAP_OK(space.sized_while_decoding == 0 && space_get(function, 0x04, 2) == (3 | 1 << 10) &&
               space_get(function, 0x10, 4) == 0xFE000000 && space_get(function, 0x1C, 4) == 0x42,
           "sizes are read while nothing is decoded, and all is as it was");
}

static void test_wrong_regions(void)
{
    start();
    space.taken_start = 0x100000;
    space.taken_end = 0x8000000;
    struct space_function *function = space_add(0, 1, 0);
    space_region(function, 0, 0x7FF0000, 0x20000, 0);
    space_region(function, 1, 0x9000000, 0x1000, 0);
    space_region(function, 2, 0, 0x1000, 0);
    space_region(function, 3, 0xA000000, 0x1000, 0);
    struct space_function *other = space_add(0, 2, 0);
    space_region(other, 0, 0x9000000, 0x2000, 0);
    space_region(other, 1, 0xA001000, 0x1000, 0);
    pci_init(false);
    const struct device_region *regions = device_at(0)->regions;
    TAP_OK(regions[0].kind == DEVICE_REGION_KIND_NONE && mistake_says(0, "00:01.0") &&
               mistake_says(0, "the kernel"),
           "a region over memory is none, which is told");
    TAP_OK(regions[1].kind == DEVICE_REGION_KIND_NONE &&
               device_at(1)->regions[0].kind == DEVICE_REGION_KIND_NONE &&
               mistake_says(1, "another one") && mistake_says(2, "00:02.0"),
           "nor are two that overlap");
    TAP_OK(regions[2].kind == DEVICE_REGION_KIND_NONE && !mistake_says(3, ""),
           "one without an address is not there, and no mistake");
    TAP_OK(regions[3].size == 0x1000 && device_at(1)->regions[1].size == 0x1000,
           "those beside each other are");
}

static void bridge_to(struct space_function *function, u8 bus)
{
    space_put(function, 0x0E, 1, 0x01);
    space_put(function, 0x0B, 1, 0x06);
    space_put(function, 0x19, 1, bus);
}

static void test_bridges(void)
{
    start();
    bridge_to(space_add(0, 1, 0), 5);
    bridge_to(space_add(5, 0, 0), 0xFF);
    space_add(0xFF, 31, 0);
    bridge_to(space_add(0xFF, 0, 0), 5);
    bridge_to(space_add(0, 2, 0), 0);
    space_add(9, 0, 0);
    pci_init(false);
    TAP_OK(devices_count() == first + 5, "bridges are followed, to all that is behind them");
    TAP_OK(mistake_says(0, "seen before: 5") && !mistake_says(1, ""),
           "each bus once: one that leads back is told");
    TAP_OK(device_at(0)->is_kernels && !device_claim(device_at(0), 1) &&
               device_claim(device_at(4), 1),
           "bridges are the kernel's");
}

static void test_capabilities(void)
{
    start();
    struct space_function *function = space_add(0, 0, 0);
    space_region(function, 0, 0xFE000000, 0x10000, 0);
    space_put(function, 0x06, 1, 0x10);
    space_put(function, 0x34, 1, 0x40);
    space_put(function, 0x40, 2, 0x5009); /* a vendor's, 8 bytes, then 0x50 */
    space_put(function, 0x42, 1, 8);
    space_put(function, 0x50, 2, 0x6005); /* MSI */
    space_put(function, 0x60, 2, 0x8011); /* MSI-X: four, in region 0, at 0x8000 and 0xA000 */
    space_put(function, 0x62, 2, 3);
    space_put(function, 0x64, 4, 0x8000);
    space_put(function, 0x68, 4, 0xA000);
    space_put(function, 0x80, 2, 0x4003); /* an unknown one, which leads to the first */
    pci_init(false);
    const struct device *device = device_at(0);
    const struct pci_function *read = device->place;
    TAP_OK(read->capability_count == PCI_CAPABILITIES_MAX && read->message_offset == 0x50 &&
               read->table_offset == 0x60,
           "a list that runs in a circle ends");
    TAP_OK(read->way == PCI_BY_TABLE && device->interrupt_count == 4 && device->kept_count == 2 &&
               device->kept[0].start == 0x8000 && device->kept[0].end == 0x8040 &&
               device->kept[1].start == 0xA000 && device->kept[1].end == 0xA008,
           "a table of interrupts, which is not the driver's");
    static const struct {
        u32 offset;
        u32 width;
        bool may;
    } rows[] = {
        { 0x00, 4, false }, { 0x04, 2, false }, { 0x10, 4, false }, { 0x3C, 1, false },
        { 0x40, 4, false }, { 0x43, 1, true },  { 0x44, 4, true },  { 0x48, 4, true },
        { 0x50, 4, false }, { 0x52, 2, false }, { 0x66, 2, false }, { 0x68, 4, false },
        { 0x6C, 4, true },  { 0x80, 4, false }, { 0xFC, 4, false },
    };
    bool all = true;
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++)
        all = all && pci_may_write(read, rows[i].offset, rows[i].width) == rows[i].may;
    TAP_OK(all, "a driver may write what is the model's own or a vendor's, and nothing else");
}

static void test_ways(void)
{
    start();
    struct space_function *outside = space_add(0, 0, 0);
    space_put(outside, 0x06, 1, 0x10);
    space_put(outside, 0x34, 1, 0x60);
    space_put(outside, 0x60, 2, 0x0011);
    space_put(outside, 0x64, 4, 0x1003);
    space_put(outside, 0x3C, 2, 0x010B);
    struct space_function *none = space_add(0, 1, 0);
    space_put(none, 0x3C, 2, 0x01FF);
    struct space_function *old = space_add(0, 2, 0);
    space_put(old, 0x3C, 2, 0x010B);
    old->settable[0x05] = 0;
    pci_init(false);
    const struct pci_function *functions[3];
    for (u32 i = 0; i < 3; i++)
        functions[i] = device_at(i)->place;
    TAP_OK(functions[0]->way == PCI_BY_LINE && functions[0]->line == 11 &&
               device_at(0)->interrupt_count == 1,
           "a table that lies in no region is none: the line remains");
    TAP_OK(functions[1]->way == PCI_BY_NONE && device_at(1)->interrupt_count == 0,
           "without a line that is known there is no interrupt");
    TAP_OK(functions[2]->way == PCI_BY_NONE, "nor where it could not be held back");
}

static void test_line(void)
{
    bool failed;
    struct device *device = device_at(0);
    struct space_function *function = &space.functions[0];
    device_claim(device, 1);
    u64 opening = device_interrupt_open(&device->interrupts[0], &failed);
    TAP_OK(opening != 0 && !pci_line_came(11), "an interrupt of nobody's");
    device_interrupt_wait(&device->interrupts[0], opening, 7);
    TAP_OK((space_get(function, 4, 2) & 1 << 10) == 0, "who waits lets it through");
    space_put(function, 0x06, 1, 0x18);
    TAP_OK(pci_line_came(11) && (space_get(function, 4, 2) & 1 << 10) != 0 &&
               device->interrupts[0].came == 1,
           "one that its status tells of is held back");
    TAP_OK(!pci_line_came(11), "and comes once");
    device_stop(device);
    TAP_OK(device->interrupts[0].opening == 0 && (space_get(function, 4, 2) & 4) == 0,
           "at the end it is closed, and nothing is transferred");
    device_release(device);
}

int main(void)
{
    memory_start((struct memory_range){ 0 });
    test_regions();
    test_wrong_regions();
    test_bridges();
    test_capabilities();
    test_ways();
    test_line();
    return tap_done();
}
