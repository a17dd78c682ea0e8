/* A guest that sends as many numbers to alpha as its first argument says, never more than WINDOW without
 * an answer, and expects each of them back, once. What became of them it tells to gamma: how many came
 * back, and how many did not as they should. */
#include "lib/main.h"
#include "lib/start.h"
#include "lib/weft.h"
#include "tests/simulate/script.h"

#include <stddef.h>

enum { WINDOW = 16 };

#define SLOT(name, import) WEFT_IMPORT("weft:interface", import) int32_t slot_##name(void)

SLOT(alpha, "alpha@" ALPHA_HASH);
SLOT(gamma, "gamma@" GAMMA_HASH);

static struct {
    int64_t id; /* 0: free */
    uint64_t number;
} out[WINDOW];

static uint64_t counts[2]; /* well, otherwise */

static uint64_t number_of(struct weft_bytes text)
{
    uint64_t number = 0;
    for (uint32_t i = 0; i < text.size; i++)
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    return number;
}

static void send(uint64_t number)
{
    uint32_t at = 0;
    while (out[at].id != 0)
        at++;
    out[at].id = weft_send(slot_alpha(), &number, sizeof(number), NULL, 0, WEFT_WANT_ANSWER);
    out[at].number = number;
}

static void take(void)
{
    struct weft_event event;
    uint64_t number = 0;
    bool is_well = weft_wait(NULL, 0, &event, &number, sizeof(number), -1) == WEFT_EVENT_ANSWER &&
                   event.status == WEFT_OK;
    uint32_t at = 0;
    while (at < WINDOW && out[at].id != event.id)
        at++;
    counts[is_well && at < WINDOW && out[at].number == number ? 0 : 1]++;
    if (at < WINDOW)
        out[at].id = 0;
}

int weft_main(void)
{
    const struct system_start_record *start = start_record();
    uint64_t count = number_of(start->arguments.data[1]), sent = 0;
    for (; sent < count; sent++) {
        if (sent >= WINDOW)
            take();
        send(sent);
    }
    for (uint64_t i = 0; i < WINDOW; i++)
        take();
    weft_send(slot_gamma(), counts, sizeof(counts), NULL, 0, 0);
    return 0;
}
