/* Finding the functions: from bus 0 through the bridges, each bus once. */
#include "platform/bare/pci.h"

#include "machine/machine.h"

enum {
    BUSES = 256,
    DEVICES_A_BUS = 32,
    FUNCTIONS_A_DEVICE = 8,
    HEADER = 0x0E,
    HEADER_MANY = 1 << 7, /* functions in one device */
    COMMAND = 0x04,
    COMMAND_ALL = 7, /* ports, memory and transfers go through a bridge */
    SECONDARY_BUS = 0x19,
    MISTAKES_MAX = 32,
};

struct mistake {
    struct pci_address address;
    enum {
        MISTAKE_TAKEN,
        MISTAKE_OVERLAP,
        MISTAKE_BUS,
        MISTAKE_TOO_MANY,
    } kind;
    u32 number; /* of the region, or bus */
};

static struct pci_function *functions[DEVICES_MAX];
static u32 function_count;
static struct mistake mistakes[MISTAKES_MAX];
static u32 mistake_count;

static void note(struct pci_address address, u32 kind, u32 number)
{
    if (mistake_count < MISTAKES_MAX)
        mistakes[mistake_count++] = (struct mistake){ address, kind, number };
}

bool pci_mistake(u32 index, struct writer *text)
{
    static const char *const words[] = {
        ": a region lies where the kernel has something, and is not used: ",
        ": a region lies where another one does, and is not used: ",
        ": a bridge leads to a bus that was seen before: ",
        ": there are too many devices; it and what follows are not used: ",
    };
    if (index >= mistake_count)
        return false;
    const struct mistake *mistake = &mistakes[index];
    writer_text(text, "pci:");
    writer_hex(text, mistake->address.bus, 2);
    writer_text(text, ":");
    writer_hex(text, mistake->address.device, 2);
    writer_text(text, ".");
    writer_decimal(text, mistake->address.function);
    writer_text(text, words[mistake->kind]);
    writer_decimal(text, mistake->number);
    return true;
}

/* ---- Regions that may not be ---- */

static bool is_region(const struct device_region *region)
{
    return region->kind != DEVICE_REGION_KIND_NONE;
}

static bool overlap(const struct device_region *a, const struct device_region *b)
{
    return a->kind == b->kind && a->address < b->address + b->size &&
           b->address < a->address + a->size;
}

/* Whether a region of this function, of that index and after, or of those that follow, is there
 * too.
 */
static bool mark_overlaps(u32 function, u32 region, bool marked[DEVICES_MAX][DEVICE_REGIONS_MAX])
{
    const struct device_region *one = &functions[function]->device.regions[region];
    bool found = false;
    for (u32 i = function; i < function_count; i++) {
        const struct device *device = &functions[i]->device;
        for (u32 j = i == function ? region + 1 : 0; j < device->region_count; j++) {
            if (!is_region(&device->regions[j]) || !overlap(one, &device->regions[j]))
                continue;
            marked[i][j] = true;
            found = true;
        }
    }
    return found;
}

static void refuse(struct pci_function *function, u32 region, u32 kind)
{
    function->device.regions[region] = (struct device_region){ .kind = DEVICE_REGION_KIND_NONE };
    note(function->address, kind, region);
    if (function->device.kept_count != 0 && function->device.kept[0].region == region)
        function->table_count = 0;
}

/* Both of two that overlap: which of them is right, nobody knows. */
static void refuse_overlaps(void)
{
    static bool marked[DEVICES_MAX][DEVICE_REGIONS_MAX];
    __builtin_memset(marked, 0, sizeof(marked));
    for (u32 i = 0; i < function_count; i++)
        for (u32 j = 0; j < functions[i]->device.region_count; j++)
            if (is_region(&functions[i]->device.regions[j]) && mark_overlaps(i, j, marked))
                marked[i][j] = true;
    for (u32 i = 0; i < function_count; i++)
        for (u32 j = 0; j < functions[i]->device.region_count; j++)
            if (marked[i][j])
                refuse(functions[i], j, MISTAKE_OVERLAP);
}

static void refuse_taken(struct pci_function *function)
{
    for (u32 i = 0; i < function->device.region_count; i++) {
        const struct device_region *region = &function->device.regions[i];
        if (is_region(region) && !pci_is_free(region->kind, region->address, region->size))
            refuse(function, i, MISTAKE_TAKEN);
    }
}

/* ---- The walk ---- */

struct walk {
    bool is_seen[BUSES];
    u8 buses[BUSES]; /* to be visited, in order */
    u32 count;
};

static void see_bus(struct walk *walk, const struct pci_function *bridge)
{
    struct pci_address at = bridge->address;
    u32 bus = pci_read(at, SECONDARY_BUS, 1);
    if (bus == 0)
        return; /* it was given none */
    if (walk->is_seen[bus]) {
        note(at, MISTAKE_BUS, bus);
        return;
    }
    walk->is_seen[bus] = true;
    walk->buses[walk->count++] = (u8)bus;
    pci_change(at, COMMAND, 0, COMMAND_ALL);
}

static void visit_function(struct walk *walk, struct pci_address at)
{
    static struct pci_function read;
    if (!pci_read_function(at, &read))
        return;
    struct pci_function *function =
        function_count == DEVICES_MAX ? NULL : machine_allocate(sizeof(*function));
    if (function == NULL) {
        note(at, MISTAKE_TOO_MANY, function_count);
        return;
    }
    *function = read;
    functions[function_count++] = function;
    if (pci_is_bridge(function))
        see_bus(walk, function);
}

static void visit_bus(struct walk *walk, u8 bus)
{
    for (u32 device = 0; device < DEVICES_A_BUS; device++) {
        struct pci_address at = { bus, (u8)device, 0 };
        bool has_many = (pci_read(at, HEADER, 1) & HEADER_MANY) != 0;
        for (u32 i = 0; i < (has_many ? FUNCTIONS_A_DEVICE : 1); i++) {
            at.function = (u8)i;
            visit_function(walk, at);
        }
    }
}

void pci_init(bool only_lines)
{
    static struct walk walk;
    walk = (struct walk){ .is_seen = { true }, .count = 1 };
    function_count = 0;
    mistake_count = 0;
    for (u32 i = 0; i < walk.count; i++)
        visit_bus(&walk, walk.buses[i]);
    for (u32 i = 0; i < function_count; i++)
        refuse_taken(functions[i]);
    refuse_overlaps();
    for (u32 i = 0; i < function_count; i++)
        if (!pci_operate(functions[i], only_lines) || !devices_add(&functions[i]->device)) {
            note(functions[i]->address, MISTAKE_TOO_MANY, i);
            return;
        }
}
