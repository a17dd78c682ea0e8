/* Takes all of the CPU it can get, with four threads, in the way that its argument names, while a
 * witness measures what is left for others. */
#include "lib/thread.h"
#include "tests/hosted/hostile/hostile.h"

enum { THREADS = 3, STACK_SIZE = 8192, BUFFER_SIZE = 1 << 20, WITNESSED_NS = 1000000000 };

static _Alignas(16) uint8_t stacks[THREADS][STACK_SIZE];

static void compute(void *argument)
{
    (void)argument;
    for (;;)
        __asm__ volatile("");
}

static void call(void *argument)
{
    (void)argument;
    for (;;) {
        uint8_t buffer[64];
        struct weft_client client = { .slot = clock_slot(), .buffer = buffer, .capacity = 64 };
        uint64_t now;
        clock_monotonic(&client, &now);
    }
}

static void list(void *argument)
{
    static _Alignas(8) uint8_t buffer[BUFFER_SIZE];
    (void)argument;
    for (;;) {
        struct weft_client client = { .slot = system_slot(),
                                      .buffer = buffer,
                                      .capacity = BUFFER_SIZE };
        struct system_process_status_list result;
        system_processes(&client, &result);
    }
}

/* Messages to nobody, again and again: each is refused. */
static void refuse(void *argument)
{
    (void)argument;
    for (;;)
        weft_send(1 << 20, stacks, sizeof(stacks), NULL, 0, WEFT_WANT_ANSWER);
}

static int hog(struct weft_bytes how)
{
    static const struct {
        const char *name;
        void (*function)(void *);
    } ways[] = { { "compute", compute }, { "call", call }, { "list", list }, { "refuse", refuse } };
    for (uint32_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (!hostile_is(how, ways[i].name))
            continue;
        for (uint32_t k = 0; k < THREADS; k++)
            thread_start(ways[i].function, NULL, stacks[k], STACK_SIZE);
        ways[i].function(NULL);
    }
    return 1;
}

int weft_main(void)
{
    if (hostile_part_is("witness"))
        return hostile_witness(WITNESSED_NS);
    if (hostile_part_is("hog"))
        return hog(hostile_argument(2));
    int32_t process = hostile_spawn("hog", hostile_argument(1));
    hostile_report(hostile_spawn("witness", hostile_text("")));
    hostile_kill(process);
    hostile_say("ended", hostile_join(process));
    return 0;
}
