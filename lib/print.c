#include "lib/print.h"

#include "interface/stream_program.h"
#include "lib/memory.h"
#include "lib/start.h"

enum { LINE_MAX = 512, BODY_HEAD = 32 };

static uint8_t line[LINE_MAX];
static uint32_t line_size;
static const char *output = "stdout";

static void flush(void)
{
    uint8_t buffer[LINE_MAX + BODY_HEAD];
    int32_t slot = start_slot(output);
    struct weft_client client = { .slot = slot != WEFT_NO_SLOT ? slot : stream_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct stream_u32_error_result result;
    stream_write(&client, (struct weft_bytes){ line, line_size }, &result);
    line_size = 0;
}

void print_bytes(struct weft_bytes text)
{
    for (uint32_t i = 0; i < text.size; i++) {
        line[line_size++] = text.data[i];
        if (text.data[i] == '\n' || line_size == LINE_MAX)
            flush();
    }
}

void print(const char *text)
{
    print_bytes((struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) });
}

void print_number(uint64_t number)
{
    uint8_t digits[20];
    uint32_t at = sizeof(digits);
    do {
        digits[--at] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    print_bytes((struct weft_bytes){ digits + at, (uint32_t)sizeof(digits) - at });
}

static struct weft_bytes part_of(const char *text, char end)
{
    uint32_t size = 0;
    while (text[size] != end && text[size] != '\n')
        size++;
    return (struct weft_bytes){ (const uint8_t *)text, size };
}

int print_misuse(struct weft_bytes argument, const char *help)
{
    enum { EXIT_USAGE = 2 };
    const char *form = help + sizeof("usage: ") - 1;
    struct weft_bytes name = part_of(form, ' ');
    output = "stderr";
    print_bytes(name);
    print(": ");
    print_bytes(argument);
    print(": it is used so: ");
    print_bytes(part_of(form, '\n'));
    print("\n`");
    print_bytes(name);
    print(" --help` tells more\n");
    output = "stdout";
    return EXIT_USAGE;
}
