/* Threads of one process that share its memory and slots, and talk by messages on a slot that leads
 * to their own process. Each adds its part of the numbers below a million. */
#include "interface/sum_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/server.h"
#include "lib/thread.h"

enum { THREADS = 4, NUMBERS = 1000000, STACK_SIZE = 16384 };

static _Alignas(16) uint8_t stacks[THREADS][STACK_SIZE];

/* What one thread works on. */
struct part {
    int32_t slot;
    uint32_t from;
    uint32_t to;
};

static void work(void *argument)
{
    const struct part *part = argument;
    uint8_t buffer[64];
    struct weft_client client = { .slot = part->slot,
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t sum = 0;
    for (uint32_t number = part->from; number < part->to; number++)
        sum += number;
    sum_add(&client, sum, &sum);
}

/* The first thread's side. */
struct state {
    uint64_t sum;
    uint32_t parts;
};

static enum weft_status add(void *context, const struct weft_event *event,
                            const struct sum_add_arguments *arguments)
{
    uint8_t body[16];
    struct body_writer writer;
    struct state *state = context;
    state->sum += arguments->part;
    state->parts++;
    body_writer_init(&writer, body, sizeof(body));
    return sum_add_answer(&writer, event->id, &state->sum);
}

int weft_main(void)
{
    static const struct sum_server adder = { .add = add };
    static struct part parts[THREADS];
    static _Alignas(8) uint8_t buffer[1024];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    struct state state = { 0 };
    int32_t slot = server_mint(SUM_INTERFACE_HASH, 1);
    for (uint32_t i = 0; i < THREADS; i++) {
        parts[i] = (struct part){ slot, NUMBERS / THREADS * i, NUMBERS / THREADS * (i + 1) };
        if (thread_start(work, &parts[i], stacks[i], STACK_SIZE) != WEFT_OK)
            return 1;
    }
    while (state.parts < THREADS)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server, sum_dispatch(&adder, &state, &server.event, &server.reader));
    print("the sum is ");
    print_number(state.sum);
    print("\n");
    return state.sum == (uint64_t)NUMBERS * (NUMBERS - 1) / 2 ? 0 : 1;
}
