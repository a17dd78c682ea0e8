/* Prints the log of the system: time, level, who wrote it (nobody: the kernel), text. */
#include "interface/log_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

enum {
    EXIT_FAILED = 1,
    ENTRIES_AT_ONCE = 64,
    LINE_BYTES = 1200,
    LEVELS = 5,
    LEVEL_USUAL = 2,
};

static const char *const levels[LEVELS] = { "error", "warning", "info", "debug", "trace" };

static const char help[] =
    "usage: dmesg [--follow] [-a] [--level LEVEL]\n"
    "Prints the lines of the system's log that are kept, the oldest first.\n"
    "--follow: goes on with those that come. --level: only those that are at least as\n"
    "grave as LEVEL: error, warning, info, debug or trace (info, if it is not given); -a: all.\n";

static struct {
    bool follow;
    uint32_t level; /* the last one that is printed */
} options = { .level = LEVEL_USUAL };

/* ---- Arguments ---- */

static bool is(struct weft_bytes argument, const char *word)
{
    return argument.size == strlen(word) && memcmp(argument.data, word, argument.size) == 0;
}

static bool read_level(struct weft_bytes name)
{
    options.level = 0;
    while (options.level < LEVELS && !is(name, levels[options.level]))
        options.level++;
    return options.level < LEVELS;
}

/* -1: go on; else the exit status. */
static int read_arguments(void)
{
    const struct system_start_record *start = start_record();
    uint32_t count = start == NULL ? 0 : start->arguments.count;
    for (uint32_t i = 1; i < count; i++) {
        const struct weft_bytes *argument = &start->arguments.data[i];
        if (is(*argument, "--help")) {
            print(help);
            return 0;
        }
        bool known = is(*argument, "--follow");
        options.follow |= known;
        if (is(*argument, "-a")) {
            options.level = LEVELS - 1;
            known = true;
        }
        if (!known && is(*argument, "--level") && ++i < count)
            known = read_level(argument[1]);
        if (!known)
            return print_misuse(start->arguments.data[i < count ? i : i - 1], help);
    }
    return -1;
}

/* ---- Lines ---- */

/* The line that is being made; what does not fit is cut off. */
static struct {
    uint8_t bytes[LINE_BYTES];
    uint32_t size;
} line;

static void add(const void *bytes, uint32_t size)
{
    uint32_t room = LINE_BYTES - line.size;
    size = size < room ? size : room;
    memcpy(line.bytes + line.size, bytes, size);
    line.size += size;
}

static void add_text(const char *text)
{
    add(text, strlen(text));
}

/* At least so many characters, with that in front. */
static void add_number(uint64_t number, uint32_t width, char before)
{
    char digits[24];
    uint32_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (sizeof(digits) - at < width)
        digits[--at] = before;
    add(digits + at, (uint32_t)sizeof(digits) - at);
}

static void print_entry(const struct log_entry *entry)
{
    uint64_t time_us = entry->time / 1000;
    if (entry->level > options.level)
        return;
    line.size = 0;
    add_text("[");
    add_number(time_us / 1000000, 5, ' ');
    add_text(".");
    add_number(time_us % 1000000, 6, '0');
    add_text("] ");
    add_text(levels[entry->level]);
    if (entry->process != 0) {
        add_text(": process ");
        add_number(entry->process, 1, ' ');
    }
    add_text(": ");
    add(entry->text.data, entry->text.size);
    add_text("\n");
    print_bytes((struct weft_bytes){ line.bytes, line.size });
}

/* ---- The log ---- */

static _Alignas(8) uint8_t buffer[128 << 10];

/* Prints what is there from `*sequence` on. */
static enum weft_status print_log(struct weft_client *log, uint64_t *sequence)
{
    struct log_entry_list list = { .count = 1 };
    while (list.count != 0) {
        enum weft_status status = log_read(log, *sequence, ENTRIES_AT_ONCE, &list);
        if (status != WEFT_OK)
            return status;
        for (uint32_t i = 0; i < list.count; i++)
            print_entry(&list.data[i]);
        if (list.count != 0)
            *sequence = list.data[list.count - 1].sequence + 1;
    }
    return WEFT_OK;
}

int weft_main(void)
{
    struct weft_client log = { .slot = log_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
    uint64_t sequence = 0, newest;
    int result = read_arguments();
    if (result >= 0)
        return result;
    enum weft_status status = print_log(&log, &sequence);
    while (options.follow && status == WEFT_OK) {
        status = log_next(&log, sequence, &newest);
        if (status == WEFT_OK)
            status = print_log(&log, &sequence);
    }
    if (status == WEFT_OK)
        return 0;
    print(status == WEFT_DENIED ? "this program may not use log\n" : "the log cannot be read\n");
    return EXIT_FAILED;
}
