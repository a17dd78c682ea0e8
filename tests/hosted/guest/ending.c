/* Waits for the end of the system and asks for it: `patient` ends when it is told, `stubborn` never
 * does. A number is the patience in milliseconds, a minute if there is none; `restart` is what it
 * asks for in place of `off`. */
#include "interface/power_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

enum { MILLISECOND = 1000000, STATUS_WHEN_TOLD = 5 };

static bool is(const char *word)
{
    const struct system_start_record *start = start_record();
    for (uint32_t i = 1; start != NULL && i < start->arguments.count; i++) {
        struct weft_bytes argument = start->arguments.data[i];
        if (argument.size == strlen(word) && memcmp(argument.data, word, argument.size) == 0)
            return true;
    }
    return false;
}

static uint64_t patience(void)
{
    const struct system_start_record *start = start_record();
    struct weft_bytes text = start->arguments.data[start->arguments.count - 1];
    uint64_t number = 0;
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return UINT64_MAX;
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    }
    return number * MILLISECOND;
}

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[256], other[256];
    struct weft_client power = { .slot = power_slot(), .buffer = buffer, .capacity = 256 };
    struct weft_client asking = { .slot = power_slot(), .buffer = other, .capacity = 256 };
    struct weft_event event;
    enum power_end end = is("restart") ? POWER_END_RESTART : POWER_END_OFF;
    int64_t waits = power_ending_send(&power, WEFT_WANT_ANSWER);
    int64_t asks = power_finish_send(&asking, end, patience(), WEFT_WANT_ANSWER);
    int64_t ids[] = { waits, asks };
    if (waits < 0 || asks < 0)
        return 3;
    if (weft_wait(ids, 2, &event, buffer, sizeof(buffer), -1) != WEFT_EVENT_ANSWER)
        return 4;
    if (event.id != waits) {
        print(event.status == WEFT_UNSUPPORTED ? "unsupported\n" : "refused\n");
        return 6;
    }
    print("told\n");
    while (is("stubborn"))
        continue;
    return STATUS_WHEN_TOLD;
}
