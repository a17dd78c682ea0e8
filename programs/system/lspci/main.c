/* Lists the devices of the machine, in the manner of lspci. */
#include "lib/main.h"
#include "interface/machine_program.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"
#include "programs/system/lspci/classes.h"

enum { EXIT_FAILED = 1 };

static const char help[] =
    "usage: lspci [-v]\n"
    "Lists the devices of the machine: where, what kind, whose. -v: their regions, interrupts\n"
    "and owners too. A Weft that runs within another system has none: they are that system's.\n";

static void print_hex(uint64_t number, uint32_t digits)
{
    for (uint32_t i = digits; i > 0; i--) {
        const char text[2] = { "0123456789abcdef"[number >> 4 * (i - 1) & 15], 0 };
        print(text);
    }
}

/* As few digits as it takes. */
static void print_address(uint64_t address)
{
    uint32_t digits = 1;
    while (digits < 16 && address >> 4 * digits != 0)
        digits++;
    print_hex(address, digits);
}

static void print_pair(uint16_t vendor, uint16_t model)
{
    print_hex(vendor, 4);
    print(":");
    print_hex(model, 4);
}

/* Regions have sizes that are powers of two, nearly always. */
static void print_size(uint64_t size)
{
    static const char *const units[] = { "", "K", "M", "G", "T" };
    uint32_t unit = 0;
    for (; size >= 1024 && size % 1024 == 0 && unit < 4; unit++)
        size /= 1024;
    print_number(size);
    print(units[unit]);
}

static void print_region(uint32_t index, const struct machine_region *region)
{
    if (region->kind == MACHINE_REGION_KIND_NONE)
        return;
    bool is_ports = region->kind == MACHINE_REGION_KIND_PORTS;
    print("        Region ");
    print_number(index);
    print(is_ports ? ": ports at " : ": memory at ");
    print_address(region->address);
    print(region->prefetchable ? " (prefetchable) [size=" : " [size=");
    print_size(region->size);
    print("]\n");
}

static void print_more(const struct machine_device *device)
{
    if (device->subsystem_vendor != 0) {
        print("        Subsystem: ");
        print_pair(device->subsystem_vendor, device->subsystem_model);
        print("\n");
    }
    for (uint32_t i = 0; i < device->regions.count; i++)
        print_region(i, &device->regions.data[i]);
    if (device->interrupts != 0) {
        print("        Interrupts: ");
        print_number(device->interrupts);
        print("\n");
    }
    if (device->owner != 0) {
        print("        Claimed by process ");
        print_number(device->owner);
        print("\n");
    }
}

/* `pci:00:03.0` is known to people without its first four letters. */
static struct weft_bytes place_of(const struct machine_device *device)
{
    enum { PREFIX_BYTES = 4 };
    struct weft_bytes name = device->name;
    if (name.size <= PREFIX_BYTES || memcmp(name.data, "pci:", PREFIX_BYTES) != 0)
        return name;
    return (struct weft_bytes){ name.data + PREFIX_BYTES, name.size - PREFIX_BYTES };
}

static void print_device(const struct machine_device *device)
{
    print_bytes(place_of(device));
    print(" ");
    print(class_name(device->class_));
    if (device->vendor != 0) {
        print(": ");
        print_pair(device->vendor, device->model);
    }
    if (device->revision != 0) {
        print(" (rev ");
        print_hex(device->revision, 2);
        print(")");
    }
    print("\n");
}

static bool is(struct weft_bytes argument, const char *word)
{
    return argument.size == strlen(word) && memcmp(argument.data, word, argument.size) == 0;
}

static int list(bool more)
{
    static _Alignas(8) uint8_t buffer[1 << 18];
    struct weft_client client = { .slot = machine_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct machine_device_list devices;
    enum weft_status status = machine_devices(&client, &devices);
    if (status != WEFT_OK) {
        print(status == WEFT_DENIED ? "lspci: this program may not use machine\n"
                                    : "lspci: the devices cannot be had\n");
        return EXIT_FAILED;
    }
    if (devices.count == 0)
        print("lspci: there is nothing to list: this Weft runs within another system, which has the "
              "devices\n");
    for (uint32_t i = 0; i < devices.count; i++) {
        print_device(&devices.data[i]);
        if (more)
            print_more(&devices.data[i]);
    }
    return 0;
}

int weft_main(void)
{
    const struct system_start_record *start = start_record();
    bool more = false;
    for (uint32_t i = 1; start != NULL && i < start->arguments.count; i++) {
        struct weft_bytes argument = start->arguments.data[i];
        if (is(argument, "--help")) {
            print(help);
            return 0;
        }
        if (!is(argument, "-v"))
            return print_misuse(argument, help);
        more = true;
    }
    return list(more);
}
