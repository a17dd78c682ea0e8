/* The kernel on a bare PC, in the order in which it comes up. */
#include "arch/x86_64/privileged/registers.h"
#include "kernel/kernel.h"
#include "platform/bare/console.h"
#include "platform/bare/launch.h"
#include "platform/bare/options.h"
#include "platform/bare/pci.h"
#include "platform/bare/screen.h"
#include "platform/bare/space.h"
#include "platform/bare/terminal.h"
#include "platform/pc/bochs.h"
#include "platform/pc/boot_info.h"
#include "platform/pc/clock.h"
#include "platform/pc/cpus.h"
#include "platform/pc/legacy.h"
#include "platform/pc/mistake.h"
#include "platform/pc/pci_access.h"
#include "platform/pc/physical.h"
#include "platform/pc/power.h"
#include "platform/pc/report.h"
#include "platform/pc/serial.h"

_Noreturn void pc_main(u32 boot_magic, u32 boot_address);

static struct boot_info boot_info;
static struct acpi acpi;

void console_send(struct bytes bytes)
{
    serial_write(bytes);
    screen_write(bytes);
}

usize terminal_receive(u8 *buffer, usize capacity)
{
    return serial_read(buffer, capacity);
}

static void limit_memory(u64 bytes)
{
    u64 rest = bytes == 0 ? UINT64_MAX : bytes;
    for (u32 i = 0; i < boot_info.memory.count; i++) {
        struct memory_range *range = &boot_info.memory.ranges[i];
        u64 size = u64_min(range->end - range->start, rest);
        rest -= size;
        if (size < range->end - range->start)
            memory_map_remove(&boot_info.memory, range->start + size, UINT64_MAX);
    }
}

/* What follows needs memory before it could say that there is none. */
static void want_memory(void)
{
    enum { LEAST_BYTES = 8 << 20 };
    if (memory_map_bytes(&boot_info.memory) >= LEAST_BYTES)
        return;
    console_write(BYTES_LITERAL("weft: the boot loader tells of less memory than 8 MiB\n"), true);
    for (u32 i = 0; i < boot_info.mistake_count; i++) {
        console_write(BYTES_LITERAL("weft: "), true);
        console_write(bytes_from_text(boot_info.mistakes[i]), true);
        console_write(BYTES_LITERAL("\n"), true);
    }
    machine_stop(1);
}

/* What the boot loader has set up; where none has, the card of the usual virtual machines. */
static void show_screen(void)
{
    struct screen_mode *picture = &boot_info.picture;
    if (picture->address == 0)
        bochs_set_up(picture);
    void *pixels = picture->address == 0 ? NULL
                                         : physical_map(picture->address,
                                                        screen_mode_bytes(picture), PHYSICAL_PICTURE);
    if (pixels != NULL)
        screen_init(picture, pixels);
    else
        log_line(LOG_INFO, (struct process_id){ 0 },
                 BYTES_LITERAL("there is no screen: all text goes to the serial port"));
}

static struct bytes bundle(void)
{
    u64 size = boot_info.bundle.end - boot_info.bundle.start;
    const void *data =
        size == 0 ? NULL : physical_map(boot_info.bundle.start, size, PHYSICAL_TABLES);
    return (struct bytes){ data, data == NULL ? 0 : size };
}

_Noreturn void pc_main(u32 boot_magic, u32 boot_address)
{
    clock_begin();
    serial_init();
    start_first();
    boot_info_read(boot_magic, boot_address, &boot_info);
    options_read(boot_info.command_line);
    log_set_level(options.log);
    report_boot(&boot_info);
    limit_memory(options.memory_bytes);
    want_memory();
    physical_init(&boot_info);
    space_init();
    start_descriptors();
    acpi_read(boot_info.acpi_root, &acpi);
    report_acpi(&acpi);
    power_init(&acpi);
    start_interrupts(&acpi);
    start_announce(&acpi, options.cpus);
    clock_init(&acpi);
    serial_listen();
    legacy_init();
    if (pci_access_init(&acpi, &boot_info.memory))
        pci_init(options.only_lines);
    interrupts_on();
    show_screen();
    start_others();
    report_start(&boot_info, &acpi);
    mistake_make(options.mistake);
    int status = launch_start(bundle());
    if (status == 0) {
        clock_settle();
        cpus_run();
        status = launch_end();
    }
    if (launch_restarts())
        power_restart();
    machine_stop(status);
}
