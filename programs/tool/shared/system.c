#include "programs/tool/shared/system.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct weft_client *system_client_of(int32_t slot)
{
    static _Alignas(8) uint8_t buffer[1 << 20];
    static struct weft_client client = { .buffer = buffer, .capacity = sizeof(buffer) };
    client.slot = slot;
    return &client;
}

struct weft_client *system_client(void)
{
    return system_client_of(system_slot());
}

int tell_status(const char *what, enum weft_status status)
{
    const char *why = "the system does not answer";
    if (status == WEFT_DENIED)
        why = "this program may not use `system`";
    else if (status == WEFT_TOO_LARGE)
        why = "there is more than fits";
    fprintf(stderr, "%s: %s\n", what, why);
    return EXIT_FAILED;
}

int tell_error(const char *what, enum system_error error)
{
    const char *why = "it cannot be done";
    if (error == SYSTEM_ERROR_NOT_FOUND)
        why = "there is none, or it is not this program's to see";
    else if (error == SYSTEM_ERROR_DENIED)
        why = "the right is missing";
    else if (error == SYSTEM_ERROR_LIMIT || error == SYSTEM_ERROR_NO_MEMORY)
        why = "there is no room for that";
    fprintf(stderr, "%s: %s\n", what, why);
    return EXIT_FAILED;
}

int tell_result(const char *what, enum weft_status status,
                const struct system_none_error_result *result)
{
    if (status != WEFT_OK)
        return tell_status(what, status);
    return result->failed ? tell_error(what, result->error) : 0;
}

int find_process(const char *text, int32_t *slot)
{
    uint64_t number;
    struct system_process_error_result found;
    if (!read_number(text, &number)) {
        fprintf(stderr, "%s: it is no number of a process; ps lists them\n", text);
        return EXIT_USAGE;
    }
    enum weft_status status = system_find(system_client(), number, &found);
    if (status != WEFT_OK)
        return tell_status(text, status);
    if (found.failed)
        return tell_error(text, found.error);
    *slot = found.value;
    return 0;
}

void go_where_called(void)
{
    const char *folder = getenv("PWD");
    if (folder != NULL && chdir(folder) != 0)
        return; /* only absolute paths mean something then */
}

bool read_number(const char *text, uint64_t *number)
{
    char *end;
    *number = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0';
}

void write_amount(char text[AMOUNT_TEXT], uint64_t kib, bool for_people)
{
    static const char units[] = "KMGTPE";
    double amount = (double)kib;
    unsigned unit = 0;
    while (amount >= 1024 && units[unit + 1] != '\0') {
        amount /= 1024;
        unit++;
    }
    if (!for_people)
        snprintf(text, AMOUNT_TEXT, "%" PRIu64, kib);
    else
        snprintf(text, AMOUNT_TEXT, amount < 9.95 && unit != 0 ? "%.1f%c" : "%.0f%c", amount, units[unit]);
}

void print_text(struct weft_bytes text, uint32_t width)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        bool is_plain = byte >= ' ' && byte != 0x7F;
        shown += (uint32_t)(is_plain ? putchar(byte) != EOF : printf("\\x%02x", byte));
    }
    while (shown++ < width)
        putchar(' ');
}

bool asks_for_help(int count, char **arguments, const char *help)
{
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], "--help") == 0)
            return fputs(help, stdout) != EOF;
    return false;
}
