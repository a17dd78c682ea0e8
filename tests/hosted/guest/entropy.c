/* Asks for random numbers; `feed` first brings some entropy itself, `stuck` brings bytes that are all
 * the same, and asks then. */
#include "interface/entropy_program.h"
#include "interface/random_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

enum { FED_BYTES = 64, FED_BITS = 8 * FED_BYTES };

static bool is_argument(const char *word)
{
    const struct system_start_record *start = start_record();
    return start->arguments.count > 1 && start->arguments.data[1].size == strlen(word) &&
           memcmp(start->arguments.data[1].data, word, strlen(word)) == 0;
}

static enum weft_status feed(struct weft_client *entropy, bool stuck)
{
    uint8_t bytes[FED_BYTES];
    uint32_t value = 12345;
    for (uint32_t i = 0; i < FED_BYTES; i++) {
        value = value * 1664525 + 1013904223;
        bytes[i] = stuck ? 0 : (uint8_t)(value >> 24);
    }
    return entropy_feed(entropy, (struct weft_bytes){ bytes, FED_BYTES }, FED_BITS);
}

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[1024];
    bool feeds = is_argument("feed"), stuck = is_argument("stuck");
    struct weft_bytes numbers;
    if (feeds || stuck) {
        struct weft_client entropy = { .slot = entropy_slot(), .buffer = buffer, .capacity = 1024 };
        enum weft_status status = feed(&entropy, stuck);
        print(status == WEFT_OK ? "fed\n" : status == WEFT_DENIED ? "denied\n" : "not fed\n");
    }
    struct weft_client random = { .slot = random_slot(), .buffer = buffer, .capacity = 1024 };
    if (random_bytes(&random, 32, &numbers) != WEFT_OK || numbers.size != 32)
        return 1;
    print("random\n");
    return 0;
}
