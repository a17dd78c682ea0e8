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
        system_processes(&client, 0, 0, UINT32_MAX, &result);
    }
}

/* Messages to nobody, again and again: each is refused. */
static void refuse(void *argument)
{
    (void)argument;
    for (;;)
        weft_send(1 << 20, stacks, sizeof(stacks), NULL, 0, WEFT_WANT_ANSWER);
}

/* ---- Loading ---- */

enum {
    BODY_COUNT = 160,
    BODY_SIZE = 100000,
    NUMBER_SIZE = 4, /* at the end of the module, so that no two are the same */
    MODULE_SIZE = BODY_COUNT * (BODY_SIZE + 5) + 512,
};

static uint8_t *put_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++, value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

/* Constants that nobody wants. */
static uint8_t *put_body(uint8_t *at)
{
    enum { LOCALS_NONE = 0, I32_CONST = 0x41, DROP = 0x1A, NOP = 0x01, END = 0x0B };
    at = put_u32(at, BODY_SIZE);
    uint8_t *end = at + BODY_SIZE;
    *at++ = LOCALS_NONE;
    while (at + 3 < end) {
        *at++ = I32_CONST;
        *at++ = 0;
        *at++ = DROP;
    }
    while (at + 1 < end)
        *at++ = NOP;
    *at++ = END;
    return at;
}

static uint32_t make_module(uint8_t *module)
{
    static const uint8_t head[] = { 0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0 };
    memcpy(module, head, sizeof(head));
    uint8_t *at = module + sizeof(head);
    *at++ = 3; /* the section of functions: all of type 0 */
    at = put_u32(at, 5 + BODY_COUNT);
    at = put_u32(at, BODY_COUNT);
    memset(at, 0, BODY_COUNT);
    at += BODY_COUNT;
    *at++ = 10; /* that of their bodies */
    at = put_u32(at, 5 + BODY_COUNT * (5 + BODY_SIZE));
    at = put_u32(at, BODY_COUNT);
    for (uint32_t i = 0; i < BODY_COUNT; i++)
        at = put_body(at);
    *at++ = 0; /* one of anybody's, without a name */
    *at++ = 1 + NUMBER_SIZE;
    *at++ = 0;
    return (uint32_t)(at + NUMBER_SIZE - module);
}

/* New programs, as large as 16 MB, one after the other. */
static void load(void *argument)
{
    static uint8_t module[MODULE_SIZE], buffers[THREADS + 1][MODULE_SIZE + 256];
    static uint32_t threads, number;
    (void)argument;
    uint32_t self = __atomic_fetch_add(&threads, 1, __ATOMIC_RELAXED);
    uint32_t size = make_module(module);
    for (;;) {
        struct weft_client client = { .slot = system_slot(),
                                      .buffer = buffers[self],
                                      .capacity = sizeof(buffers[self]) };
        struct system_bytes_error_result result;
        uint32_t mark = __atomic_fetch_add(&number, 1, __ATOMIC_RELAXED);
        memcpy(module + size - NUMBER_SIZE, &mark, NUMBER_SIZE);
        if (system_add_program(&client, (struct weft_bytes){ module, size }, &result) != WEFT_OK ||
            result.failed)
            __builtin_trap();
    }
}

/* ---- Ways ---- */

static int hog(struct weft_bytes how)
{
    static const struct {
        const char *name;
        void (*function)(void *);
    } ways[] = { { "compute", compute }, { "call", call }, { "list", list }, { "refuse", refuse }, { "load", load } };
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
