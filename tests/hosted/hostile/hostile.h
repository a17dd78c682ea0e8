/* What the hostile guests share: starting themselves again in another part, and a witness, who
 * measures how late the CPU comes to somebody who does nothing wrong. */
#ifndef TESTS_HOSTED_HOSTILE_HOSTILE_H
#define TESTS_HOSTED_HOSTILE_HOSTILE_H

#include "interface/clock_program.h"
#include "interface/system_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

static _Alignas(8) uint8_t hostile_buffer[256 << 10];

static inline struct weft_client hostile_client(int32_t slot)
{
    return (struct weft_client){ .slot = slot,
                                 .buffer = hostile_buffer,
                                 .capacity = sizeof(hostile_buffer) };
}

static inline struct weft_bytes hostile_text(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

static inline uint64_t hostile_now(void)
{
    struct weft_client client = hostile_client(clock_slot());
    uint64_t now = 0;
    clock_monotonic(&client, &now);
    return now;
}

static inline void hostile_sleep_until(uint64_t deadline)
{
    struct weft_client client = hostile_client(clock_slot());
    clock_until(&client, deadline);
}

static inline void hostile_say(const char *what, uint64_t number)
{
    print(what);
    print(" ");
    print_number(number);
    print("\n");
}

static inline void hostile_close(int32_t slot)
{
    struct weft_client client = hostile_client(system_slot());
    system_close(&client, (struct system_any_list){ &slot, 1 });
}

/* The argument with that index, or "". */
static inline struct weft_bytes hostile_argument(uint32_t index)
{
    const struct system_start_record *record = start_record();
    if (record == NULL || index >= record->arguments.count)
        return hostile_text("");
    return record->arguments.data[index];
}

static inline bool hostile_is(struct weft_bytes text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

/* The part that this process plays, if it is not the first. */
static inline bool hostile_part_is(const char *part)
{
    return hostile_is(hostile_argument(1), part);
}

static inline uint32_t hostile_number(struct weft_bytes text)
{
    uint32_t value = 0;
    for (uint32_t i = 0; i < text.size; i++)
        value = value * 10 + text.data[i] - '0';
    return value;
}

/* Its own CID in binary form, from base32: 5 bits a letter behind the `b`. */
static inline struct weft_bytes hostile_cid(void)
{
    static uint8_t cid[64];
    struct weft_bytes text = start_record()->program;
    uint32_t bits = 0, bit_count = 0, size = 0;
    for (uint32_t i = 1; i < text.size; i++) {
        uint8_t letter = text.data[i];
        bits = bits << 5 | (uint32_t)(letter >= 'a' ? letter - 'a' : letter - '2' + 26);
        bit_count += 5;
        if (bit_count < 8)
            continue;
        bit_count -= 8;
        cid[size++] = (uint8_t)(bits >> bit_count);
    }
    return (struct weft_bytes){ cid, size };
}

/* Starts this program again with these arguments and that slot, which is given away, as `up`, if
 * there is one; its own slot, or WEFT_NO_SLOT. */
static inline int32_t hostile_spawn_below(struct weft_bytes *words, uint32_t count, int32_t up)
{
    struct system_spawn_options options = { .program = hostile_cid(),
                                            .arguments = { words, count } };
    struct system_named_slot slot = { hostile_text("up"), up };
    struct system_named_slot_list slots = { &slot, up == WEFT_NO_SLOT ? 0 : 1 };
    struct system_process_error_result result;
    struct weft_client client = hostile_client(system_slot());
    if (system_spawn(&client, options, slots, &result) != WEFT_OK || result.failed)
        return WEFT_NO_SLOT;
    return result.value;
}

static inline int32_t hostile_spawn_with(struct weft_bytes *words, uint32_t count)
{
    return hostile_spawn_below(words, count, WEFT_NO_SLOT);
}

static inline int32_t hostile_spawn(const char *part, struct weft_bytes more)
{
    struct weft_bytes words[] = { hostile_text("hostile"), hostile_text(part), more };
    return hostile_spawn_with(words, 3);
}

/* A slot to itself, or WEFT_NO_SLOT. */
static inline int32_t hostile_mint(struct weft_bytes interface, uint64_t badge)
{
    struct system_any_error_result result;
    struct weft_client client = hostile_client(system_slot());
    if (system_mint(&client, interface, badge, &result) != WEFT_OK || result.failed)
        return WEFT_NO_SLOT;
    return result.value;
}

/* The exit status of a process that was spawned; 1000 if it trapped, 2000 if it was killed. */
static inline uint32_t hostile_join(int32_t process)
{
    struct system_ending ending;
    struct weft_client client = hostile_client(process);
    if (system_process_ended(&client, &ending) != WEFT_OK)
        return 3000;
    if (ending.tag == SYSTEM_ENDING_EXITED)
        return ending.exited;
    return ending.tag == SYSTEM_ENDING_TRAPPED ? 1000 : 2000;
}

static inline void hostile_kill(int32_t process)
{
    struct system_none_error_result result;
    struct weft_client client = hostile_client(process);
    system_process_kill(&client, &result);
}

/* Sleeps a millisecond at a time; how late it woke at the worst, in microseconds. */
static inline int hostile_witness(uint64_t for_ns)
{
    uint64_t start = hostile_now();
    uint64_t worst = 0;
    for (uint64_t now = start; now < start + for_ns;) {
        uint64_t deadline = now + 1000000;
        hostile_sleep_until(deadline);
        now = hostile_now();
        worst = now - deadline > worst ? now - deadline : worst;
    }
    return (int)(worst / 1000);
}

static inline void hostile_report(int32_t witness)
{
    hostile_say("late", hostile_join(witness));
}

#endif
