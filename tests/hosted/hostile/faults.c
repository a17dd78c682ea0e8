/* Starts programs that do all that a program can do wrong, one after the other, and after each another
 * one, which answers if the system still does: "NAME STATUS", then "answers 7". The first argument
 * says how many loop without end at one time. */
#include "tests/hosted/hostile/hostile.h"

enum { ANSWER = 7, LOOPS_MAX = 64, BOMB_PROCESSES = 12, GROW_MANY = 256 };

/* ---- What goes wrong ---- */

static uint32_t fall(uint32_t depth);

static uint32_t (*volatile falls)(uint32_t depth) = fall;
static volatile uint32_t zero, number = 100;

static uint32_t fall(uint32_t depth)
{
    return falls(depth + 1) ^ depth;
}

static void grow_to_the_limit(void)
{
    for (uint32_t step = GROW_MANY; step > 0; step /= 2)
        while (__builtin_wasm_memory_grow(0, step) != (size_t)-1)
            continue;
}

/* Its children do the same. */
static void multiply(void)
{
    while (hostile_spawn("multiply", hostile_text("")) != WEFT_NO_SLOT)
        continue;
    hostile_sleep_until(UINT64_MAX);
}

static int do_wrong(void)
{
    if (hostile_part_is("stack"))
        return (int)fall(0);
    if (hostile_part_is("divide"))
        return (int)(number / zero);
    if (hostile_part_is("bounds"))
        return *(volatile int *)(uintptr_t)(UINT32_MAX - 15 - zero);
    if (hostile_part_is("trap"))
        __builtin_trap();
    if (hostile_part_is("memory"))
        grow_to_the_limit();
    if (hostile_part_is("multiply"))
        multiply();
    while (hostile_part_is("loop"))
        continue;
    return ANSWER;
}

/* ---- Who looks ---- */

static void say_answers(void)
{
    hostile_say("answers", hostile_join(hostile_spawn("answer", hostile_text(""))));
}

static void try_one(const char *part)
{
    int32_t process = hostile_spawn(part, hostile_text(""));
    hostile_say(part, hostile_join(process));
    hostile_close(process);
    say_answers();
}

/* While they loop, another one answers. */
static void try_loops(uint32_t count)
{
    int32_t loops[LOOPS_MAX];
    for (uint32_t i = 0; i < count; i++)
        loops[i] = hostile_spawn("loop", hostile_text(""));
    hostile_sleep_until(hostile_now() + 50000000);
    say_answers();
    for (uint32_t i = 0; i < count; i++)
        hostile_kill(loops[i]);
    for (uint32_t i = 0; i < count; i++)
        hostile_say("loop", hostile_join(loops[i]));
    say_answers();
}

static uint64_t create_silo(void)
{
    struct system_u64_error_result result = { .failed = true };
    struct system_limits limits = { .processes = BOMB_PROCESSES };
    struct weft_client client = hostile_client(system_slot());
    system_create_silo(&client, 0, hostile_text("bomb"), limits, &result);
    return result.failed ? 0 : result.value;
}

static uint32_t processes_in(uint64_t silo)
{
    struct system_process_status_list list = { 0 };
    struct weft_client client = hostile_client(system_slot());
    uint32_t count = 0;
    system_processes(&client, 0, 0, UINT32_MAX, &list);
    for (uint32_t i = 0; i < list.count; i++)
        count += list.data[i].silo == silo;
    return count;
}

/* They are held by their silo, and go with it. */
static void try_multiply(void)
{
    uint64_t silo = create_silo();
    struct weft_bytes words[] = { hostile_text("hostile"), hostile_text("multiply"),
                                  hostile_text("") };
    struct system_spawn_options options = { .program = hostile_cid(),
                                            .silo = silo,
                                            .arguments = { words, 3 } };
    struct system_process_error_result result;
    struct weft_client client = hostile_client(system_slot());
    if (system_spawn(&client, options, (struct system_named_slot_list){ 0 }, &result) != WEFT_OK ||
        result.failed)
        return;
    hostile_sleep_until(hostile_now() + 500000000);
    hostile_say("multiply", processes_in(silo));
    say_answers();
    struct system_none_error_result gone;
    client = hostile_client(system_slot());
    system_destroy_silo(&client, silo, &gone);
    hostile_join(result.value);
    say_answers();
}

int weft_main(void)
{
    uint32_t count = hostile_number(hostile_argument(1));
    if (start_record()->arguments.count > 2)
        return do_wrong();
    try_one("stack");
    try_one("divide");
    try_one("bounds");
    try_one("trap");
    try_one("memory");
    try_loops(count < LOOPS_MAX ? count : LOOPS_MAX);
    try_multiply();
    return 0;
}
