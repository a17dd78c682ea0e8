/* Two processes of one program that send each other a message of 64 bytes and its answer, as often as the first
 * argument says: the first hits back, the one that it starts serves. What one round takes is the difference
 * between two runs; for machines whose time is the count of their instructions it tells the time at its end. */
#include "interface/clock_program.h"
#include "interface/system_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/server.h"
#include "lib/start.h"

enum { BODY_BYTES = 64, CID_MAX = 64 };

#define RALLY_INTERFACE "3333333333333333333333333333333333333333333333333333333333333333"

static _Alignas(8) uint8_t buffer[4096];
static uint8_t body[BODY_BYTES];
static struct weft_event event;

static uint32_t number_of(struct weft_bytes text)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < text.size && i < 9; i++)
        number = number * 10 + (uint32_t)(text.data[i] - '0');
    return number;
}

/* Base32 without padding, in lower case, behind its sign `b` (RFC 4648, multibase). */
static uint32_t decode(struct weft_bytes text, uint8_t *cid)
{
    uint32_t bits = 0, bit_count = 0, size = 0;
    for (uint32_t i = 1; i < text.size && size < CID_MAX; i++) {
        uint8_t letter = text.data[i];
        bits = bits << 5 | (uint32_t)(letter >= 'a' ? letter - 'a' : letter - '2' + 26);
        bit_count += 5;
        if (bit_count < 8)
            continue;
        bit_count -= 8;
        cid[size++] = (uint8_t)(bits >> bit_count);
    }
    return size;
}

static int serve(int32_t slot, uint32_t rounds)
{
    for (uint32_t i = 0; i < rounds; i++) {
        int64_t id = weft_send(slot, body, sizeof(body), 0, 0, WEFT_WANT_ANSWER);
        if (id <= 0 || weft_wait(&id, 1, &event, body, sizeof(body), -1) != WEFT_EVENT_ANSWER)
            return 1;
    }
    return 0;
}

static bool start_other(const struct system_start_record *record)
{
    uint8_t cid[CID_MAX];
    struct system_named_slot slot = { { (const uint8_t *)"other", 5 },
                                      server_mint(RALLY_INTERFACE, 1) };
    struct system_spawn_options options = { .program = { cid, decode(record->program, cid) },
                                            .arguments = record->arguments };
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct system_process_error_result result;
    return system_spawn(&client, options, (struct system_named_slot_list){ &slot, 1 }, &result) ==
               WEFT_OK &&
           !result.failed;
}

static void tell_time(void)
{
    struct weft_client client = { .slot = clock_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t now = 0;
    if (clock_monotonic(&client, &now) != WEFT_OK)
        return;
    print("ended at ");
    print_number(now);
    print(" ns\n");
}

/* Until the other one's end closes its slot. */
static int hit_back(void)
{
    for (;;) {
        int32_t kind = weft_wait(0, 0, &event, body, sizeof(body), -1);
        if (kind == WEFT_EVENT_MESSAGE)
            weft_answer(event.id, WEFT_OK, body, event.size, 0, 0);
        else if (kind == WEFT_EVENT_CLOSED)
            break;
        else
            return 1;
    }
    tell_time();
    return 0;
}

int weft_main(void)
{
    const struct system_start_record *record = start_record();
    if (record == NULL || record->arguments.count < 2)
        return 2;
    int32_t other = start_slot("other");
    if (other != WEFT_NO_SLOT)
        return serve(other, number_of(record->arguments.data[1]));
    return start_other(record) ? hit_back() : 1;
}
