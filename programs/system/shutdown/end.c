#include "programs/system/shutdown/end.h"

#include "interface/power_program.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

enum {
    EXIT_FAILED = 1,
    PATIENCE_USUAL = 10, /* seconds */
    PATIENCE_MAX = 60,
};

static bool is(struct weft_bytes argument, const char *word)
{
    return argument.size == strlen(word) && memcmp(argument.data, word, argument.size) == 0;
}

/* A number of seconds up to PATIENCE_MAX. */
static bool read_seconds(struct weft_bytes text, uint64_t *seconds)
{
    *seconds = 0;
    for (uint32_t i = 0; i < text.size; i++) {
        uint8_t digit = (uint8_t)(text.data[i] - '0');
        if (digit > 9 || *seconds > PATIENCE_MAX)
            return false;
        *seconds = *seconds * 10 + digit;
    }
    return text.size != 0 && *seconds <= PATIENCE_MAX;
}

/* -1: go on; else the exit status. */
static int read_arguments(const char *help, uint64_t *seconds)
{
    const struct system_start_record *start = start_record();
    uint32_t count = start == NULL ? 0 : start->arguments.count;
    for (uint32_t i = 1; i < count; i++) {
        const struct weft_bytes *argument = &start->arguments.data[i];
        if (is(*argument, "--help")) {
            print(help);
            return 0;
        }
        bool known = is(*argument, "--patience") && ++i < count;
        if (!known || !read_seconds(argument[1], seconds))
            return print_misuse(start->arguments.data[i < count ? i : i - 1], help);
    }
    return -1;
}

static const char *reason_of(enum weft_status status)
{
    switch (status) {
    case WEFT_DENIED:
        return "this program may not use power\n";
    case WEFT_UNSUPPORTED:
        return "this machine cannot do that; a Weft within another system leaves that to it, and `exit` "
               "ends the session\n";
    default:
        return "the system did not take the request\n";
    }
}

int end_system(enum power_end end, const char *help)
{
    static const uint64_t second_ns = 1000000000;
    static _Alignas(8) uint8_t buffer[64];
    struct weft_client power = { .slot = power_slot(), .buffer = buffer, .capacity = 64 };
    uint64_t seconds = PATIENCE_USUAL;
    int result = read_arguments(help, &seconds);
    if (result >= 0)
        return result;
    print(reason_of(power_finish(&power, end, seconds * second_ns)));
    return EXIT_FAILED;
}
