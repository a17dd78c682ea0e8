#include "platform/pc/report.h"

#include "kernel/kernel.h"
#include "platform/bare/options.h"
#include "platform/bare/pages.h"
#include "platform/bare/pci.h"
#include "platform/pc/clock.h"
#include "platform/pc/features.h"

/* A line that is being made; what does not fit is cut off. */
struct line {
    struct writer text;
    u8 buffer[256];
};

static struct writer *begin(struct line *line, const char *text)
{
    writer_init(&line->text, line->buffer, sizeof(line->buffer));
    writer_text(&line->text, text);
    return &line->text;
}

static void say(enum log_severity level, const struct line *line)
{
    struct bytes text = { line->buffer, u64_min(line->text.size, sizeof(line->buffer)) };
    log_line(level, (struct process_id){ 0 }, text);
}

static void say_text(enum log_severity level, const char *text)
{
    log_line(level, (struct process_id){ 0 }, bytes_from_text(text));
}

static void say_place(struct writer *text, const char *what, u64 address)
{
    writer_text(text, what);
    if (address == 0) {
        writer_text(text, "none");
        return;
    }
    writer_text(text, "at 0x");
    writer_hex(text, address, 1);
}

/* ---- What the loader told ---- */

static void say_range(const char *what, const struct memory_range *range)
{
    struct line line;
    struct writer *text = begin(&line, what);
    writer_text(text, " 0x");
    writer_hex(text, range->start, 9);
    writer_text(text, " to 0x");
    writer_hex(text, range->end, 9);
    writer_text(text, ", ");
    writer_decimal(text, (range->end - range->start) >> 10);
    writer_text(text, " KiB");
    say(LOG_DEBUG, &line);
}

void report_boot(const struct boot_info *info)
{
    struct line line;
    struct writer *text = begin(&line, "command line: ");
    writer_text(text, info->command_line);
    say(LOG_DEBUG, &line);
    for (u32 i = 0; i < info->memory.count; i++)
        say_range("memory", &info->memory.ranges[i]);
    if (info->bundle.start != info->bundle.end)
        say_range("boot bundle", &info->bundle);
}

/* ---- What the machine has ---- */

void report_acpi(const struct acpi *acpi)
{
    struct line line;
    struct writer *text = begin(&line, "ACPI: ");
    writer_decimal(text, acpi->cpu_count);
    writer_text(text, " CPUs");
    for (u32 i = 0; i < acpi->io_apic_count; i++)
        say_place(text, ", I/O APIC ", acpi->io_apics[i].registers);
    say_place(text, ", HPET ", acpi->hpet);
    writer_text(text, acpi->can_power_off ? ", powers off" : ", does not power off");
    say(LOG_DEBUG, &line);
}

/* What of what the CPU offers is on. */
static void say_features(void)
{
    struct line line;
    struct writer *text = begin(&line, "features:");
    for (u32 i = 0; i < CPU_FEATURE_COUNT; i++) {
        struct cpu_feature feature = features_get(i);
        writer_text(text, feature.enabled ? " " : "");
        writer_text(text, feature.enabled ? feature.name : "");
    }
    say(LOG_DEBUG, &line);
}

static void say_what_is_there(void)
{
    struct line line;
    struct writer *text = begin(&line, "weft: ");
    writer_decimal(text, machine_cpu_count());
    writer_text(text, machine_cpu_count() == 1 ? " CPU, " : " CPUs, ");
    writer_decimal(text, pages_count().total * PAGE_BYTES >> 20);
    writer_text(text, " MiB of memory free, TSC at ");
    writer_decimal(text, clock_tsc_hz() / 1000000);
    writer_text(text, " MHz");
    say(LOG_INFO, &line);
}

static void say_mistakes_of_pci(void)
{
    struct line line;
    for (u32 i = 0; pci_mistake(i, begin(&line, "")); i++)
        say(LOG_WARNING, &line);
}

static void say_unknown_words(void)
{
    struct line line;
    u32 told = (u32)u64_min(options.unknown_count, OPTIONS_UNKNOWN_MAX);
    for (u32 i = 0; i < told; i++) {
        writer_bytes(begin(&line, "a word of the command line means nothing, and was passed over: "),
                     options.unknown[i]);
        say(LOG_WARNING, &line);
    }
    if (told == options.unknown_count)
        return;
    struct writer *text = begin(&line, "so do more words of it: ");
    writer_decimal(text, options.unknown_count - told);
    say(LOG_WARNING, &line);
}

static void say_mistakes(const struct boot_info *info, const struct acpi *acpi)
{
    for (u32 i = 0; i < info->mistake_count; i++)
        say_text(LOG_WARNING, info->mistakes[i]);
    if (acpi->mistake != NULL)
        say_text(LOG_WARNING, acpi->mistake);
    say_mistakes_of_pci();
    say_unknown_words();
}

void report_start(const struct boot_info *info, const struct acpi *acpi)
{
    say_features();
    say_what_is_there();
    say_mistakes(info, acpi);
}
