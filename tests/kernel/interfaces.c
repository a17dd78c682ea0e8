/* The interfaces that the kernel itself answers besides `system`: clock, random, log, boot. */
#include "interface/boot.h"
#include "interface/clock.h"
#include "interface/entropy.h"
#include "interface/log.h"
#include "interface/random.h"
#include "tests/kernel/support/pair.h"

#include <stdlib.h>
#include <string.h>

/* ---- clock ---- */

static u64 ask_u64(struct puppet *puppet, bool encoded,
                   bool (*decode)(struct body_reader *, uint64_t *))
{
    u64 result = 0;
    if (!encoded || request_send(puppet, puppet->slots[SLOT_CLOCK]) != 0 ||
        !decode(request_reader(puppet), &result))
        return 0;
    return result;
}

static void test_clocks(void)
{
    struct pair pair = pair_start();
    world_run(12345);
    TAP_OK(ask_u64(pair.client, clock_monotonic_encode(request_begin(pair.client)),
                   clock_monotonic_result_decode) == simulate_now(),
           "the monotonic clock is the machine's");
    u64 realtime = ask_u64(pair.client, clock_realtime_encode(request_begin(pair.client)),
                           clock_realtime_result_decode);
    TAP_OK(realtime == simulate_now() + 1700000000000000000, "so is the real time");
    puppet_do(pair.client, (struct script_call){ .call = CALL_COMPUTE, .arguments = { 1000 } });
    TAP_OK(ask_u64(pair.client, clock_cpu_encode(request_begin(pair.client)),
                   clock_cpu_result_decode) <= simulate_now(),
           "nobody has used more CPU time than there was");
    PAIR_END();
}

static i64 ask_until(struct puppet *puppet, u64 deadline)
{
    bool encoded = clock_until_encode(request_begin(puppet), deadline);
    return encoded ? request_send(puppet, puppet->slots[SLOT_CLOCK]) : REQUEST_STATUS;
}

static void test_until(void)
{
    struct pair pair = pair_start();
    u64 deadline = simulate_now() + 7 * MILLISECOND;
    TAP_OK(ask_until(pair.client, deadline) == PUPPET_BLOCKED, "an alarm is not answered at once");
    simulate_run(deadline - 1);
    TAP_OK(request_finish(pair.client) == PUPPET_BLOCKED, "nor early");
    simulate_run(deadline);
    TAP_OK(request_finish(pair.client) == 0 && simulate_now() == deadline, "but in time");
    TAP_OK(ask_until(pair.client, deadline) == 0, "one in the past is answered at once");
    i64 id = puppet_send(pair.client, pair.client->slots[SLOT_CLOCK], "", WEFT_WANT_ANSWER);
    TAP_OK(pair_gets_answer(pair.client, id, WEFT_INVALID), "what is no request is INVALID");
    PAIR_END();
}

static void test_alarms_of_the_dead(void)
{
    struct pair pair = pair_start();
    struct puppet *others[3];
    for (u32 i = 0; i < 3; i++) {
        others[i] = pair_puppet();
        ask_until(others[i], simulate_now() + (i + 1) * (u64)MILLISECOND);
    }
    puppet_kill(others[1]);
    world_run(10 * MILLISECOND);
    TAP_OK(request_finish(others[0]) == 0 && request_finish(others[2]) == 0,
           "alarms of others come though one who had set one died");
    TAP_OK(!pair.client->ended, "and that is all");
    PAIR_END();
}

/* ---- random ---- */

static bool ask_random(struct puppet *puppet, u32 count, struct weft_bytes *bytes)
{
    bool encoded = random_bytes_encode(request_begin(puppet), count);
    return encoded && request_send(puppet, puppet->slots[SLOT_RANDOM]) == 0 &&
           random_bytes_result_decode(request_reader(puppet), bytes);
}

static void test_random(void)
{
    struct pair pair = pair_start();
    struct weft_bytes bytes;
    u8 first[32] = { 0 };
    bool got = ask_random(pair.client, 32, &bytes) && bytes.size == 32;
    if (got)
        memcpy(first, bytes.data, 32);
    TAP_OK(got && ask_random(pair.client, 32, &bytes) && memcmp(first, bytes.data, 32) != 0,
           "random bytes are others each time");
    TAP_OK(ask_random(pair.client, 0, &bytes) && bytes.size == 0, "none can be asked for");
    bool encoded = random_bytes_encode(request_begin(pair.client), 1 << 20);
    TAP_OK(encoded &&
               request_send(pair.client, pair.client->slots[SLOT_RANDOM]) ==
                   REQUEST_STATUS - WEFT_TOO_LARGE &&
               pair.client->script.event.size > 1 << 20,
           "or a MiB");
    encoded = random_bytes_encode(request_begin(pair.client), (1 << 20) + 1);
    i64 result = request_send(pair.client, pair.client->slots[SLOT_RANDOM]);
    TAP_OK(encoded && result < 0 && result != REQUEST_STATUS - WEFT_TOO_LARGE,
           "but no more at once");
    PAIR_END();
}

static i64 feed(struct puppet *puppet, i32 slot, u32 size, u32 bits)
{
    static const u8 bytes[8192];
    bool encoded = entropy_feed_encode(request_begin(puppet), (struct weft_bytes){ bytes, size },
                                       bits);
    return encoded ? request_send(puppet, slot) : PUPPET_ENDED;
}

static void test_random_waits(void)
{
    bool started = world_start(&(struct world_options){ .machine = { .entropy_lacks = 256 } });
    BASE_ASSERT(started);
    struct puppet *first = pair_puppet(), *second = pair_puppet(), *driver = pair_puppet();
    i32 slot = (i32)request_resolve_hash(driver, ENTROPY_INTERFACE_HASH);
    struct weft_bytes bytes = { 0 };
    TAP_OK(!ask_random(first, 32, &bytes) && !ask_random(second, 16, &bytes) &&
               request_finish(first) == PUPPET_BLOCKED,
           "without entropy whoever asks for random bytes waits");
    TAP_OK(simulate_logged("somebody waits"), "and the operator is told");
    world_run(SECOND);
    TAP_OK(feed(driver, slot, 500, 255) == 0 && request_finish(first) == PUPPET_BLOCKED,
           "nearly enough is not enough");
    struct puppet *dead = pair_puppet();
    ask_random(dead, 16, &bytes);
    puppet_kill(dead);
    TAP_OK(feed(driver, slot, 500, 1) == 0 && request_finish(first) == 0 &&
               random_bytes_result_decode(request_reader(first), &bytes) && bytes.size == 32 &&
               request_finish(second) == 0,
           "enough is");
    TAP_OK(ask_random(driver, 8, &bytes) && bytes.size == 8, "then nobody waits any more");
    PAIR_END();
}

static void test_feed_is_bounded(void)
{
    struct pair pair = pair_start();
    i32 slot = (i32)request_resolve_hash(pair.client, ENTROPY_INTERFACE_HASH);
    TAP_OK(feed(pair.client, slot, 900, UINT32_MAX) == 0 && feed(pair.client, slot, 0, 0) == 0,
           "any claim of entropy is taken");
    PAIR_END();
}

/* ---- log ---- */

static void write_line(struct puppet *puppet, enum log_level level, const char *text)
{
    struct weft_bytes line = { (const u8 *)text, (u32)strlen(text) };
    struct body_writer *writer = request_begin(puppet);
    bool encoded = log_write_encode(writer, level, line);
    BASE_ASSERT(encoded);
    puppet_do(puppet,
              (struct script_call){
                  .call = CALL_SEND,
                  .arguments = { puppet->slots[SLOT_LOG], PUPPET_AT(puppet, body), writer->size },
              });
}

static u32 read_lines(struct puppet *puppet, u64 sequence, u32 count, struct log_entry_list *list)
{
    bool encoded = log_read_encode(request_begin(puppet), sequence, count);
    *list = (struct log_entry_list){ 0 };
    if (!encoded || request_send(puppet, puppet->slots[SLOT_LOG]) != 0 ||
        !log_read_result_decode(request_reader(puppet), list))
        return 0;
    return list->count;
}

static bool entry_is(const struct log_entry *entry, const char *text)
{
    return bytes_equal((struct bytes){ entry->text.data, entry->text.size }, bytes_from_text(text));
}

static void test_log(void)
{
    struct pair pair = pair_start();
    struct log_entry_list list;
    u64 before = simulate_log_count();
    write_line(pair.client, LOG_LEVEL_DEBUG, "quiet");
    TAP_OK(simulate_log_count() == before, "a line of a low level is not shown to the operator");
    write_line(pair.client, LOG_LEVEL_ERROR, "two\nlines\x1b[2J");
    TAP_OK(simulate_log_count() == before + 1 && !simulate_logged("\x1b") &&
               !simulate_logged("two\nlines"),
           "one of a high level is, its control characters escaped");
    TAP_OK(read_lines(pair.client, 0, 100, &list) == 2 && entry_is(&list.data[0], "quiet") &&
               list.data[0].level == LOG_LEVEL_DEBUG && list.data[0].process == pair.client->id,
           "both can be read, with level and sender");
    TAP_OK(list.data[1].sequence == list.data[0].sequence + 1, "and count up");
    u64 last = list.data[1].sequence;
    TAP_OK(read_lines(pair.client, last, 100, &list) == 1 &&
               read_lines(pair.client, 0, 1, &list) == 1,
           "from a number on, and as many as one wants");
    TAP_OK(read_lines(pair.client, last + 1, 100, &list) == 0, "there are no more");
    PAIR_END();
}

static void test_log_is_fair(void)
{
    enum { LINES = 700 };
    struct pair pair = pair_start();
    struct log_entry_list list;
    char text[901];
    memset(text, 'x', 900);
    text[900] = '\0';
    write_line(pair.server, LOG_LEVEL_DEBUG, "of another");
    for (u32 i = 0; i < LINES; i++)
        write_line(pair.client, LOG_LEVEL_DEBUG, text);
    u32 count = read_lines(pair.client, 2, 5, &list);
    TAP_OK(count == 5 && list.data[0].sequence > 2, "the oldest lines fall out of the log");
    TAP_OK(read_lines(pair.client, LINES + 1, 5, &list) == 1 &&
               list.data[0].sequence == LINES + 1 && entry_is(&list.data[0], text),
           "the newest are whole");
    TAP_OK(read_lines(pair.client, 0, 1, &list) == 1 && list.data[0].sequence == 1 &&
               entry_is(&list.data[0], "of another"),
           "who writes without end drives out nobody else's lines");
    PAIR_END();
}

static void test_log_budget(void)
{
    struct pair pair = pair_start();
    char text[901];
    memset(text, 'y', 900);
    text[900] = '\0';
    u64 before = simulate_log_count();
    for (u32 i = 0; i < 100; i++)
        write_line(pair.client, LOG_LEVEL_ERROR, text);
    u64 shown = simulate_log_count() - before;
    TAP_OK(shown >= 2 && shown <= 6, "of a hundred long lines at once a few are shown");
    TAP_OK(simulate_logged("writes more than is shown"), "and the operator is told once");
    write_line(pair.server, LOG_LEVEL_ERROR, "of another process");
    TAP_OK(simulate_logged("of another process"), "others are shown as ever");
    world_run(10 * (u64)SECOND);
    write_line(pair.client, LOG_LEVEL_ERROR, "later");
    TAP_OK(simulate_logged("lines were not shown") && simulate_logged("later"),
           "later ones are shown again, and how many were not");
    struct log_entry_list list;
    TAP_OK(read_lines(pair.client, 1, 5, &list) == 5, "the log itself has all of them");
    PAIR_END();
}

static i64 ask_next(struct puppet *puppet, u64 sequence)
{
    bool encoded = log_next_encode(request_begin(puppet), sequence);
    BASE_ASSERT(encoded);
    return request_send(puppet, puppet->slots[SLOT_LOG]);
}

static bool told_next(struct puppet *puppet, u64 sequence)
{
    u64 newest = 0;
    return request_finish(puppet) == 0 &&
           log_next_result_decode(request_reader(puppet), &newest) && newest == sequence;
}

static void test_log_is_followed(void)
{
    struct pair pair = pair_start();
    struct puppet *third = pair_puppet();
    write_line(third, LOG_LEVEL_DEBUG, "one");
    TAP_OK(ask_next(pair.client, 1) == 0 && told_next(pair.client, 1),
           "who asks for what is there is answered at once");
    TAP_OK(ask_next(pair.client, 2) == PUPPET_BLOCKED, "else it waits");
    TAP_OK(ask_next(pair.server, 1000) == PUPPET_BLOCKED, "as does who asks for what is far");
    write_line(third, LOG_LEVEL_DEBUG, "two");
    TAP_OK(told_next(pair.client, 2) && told_next(pair.server, 2), "until the next line");
    ask_next(pair.client, 3);
    puppet_kill(pair.client);
    write_line(third, LOG_LEVEL_DEBUG, "three");
    TAP_OK(!third->ended, "who has died is not waited for");
    PAIR_END();
}

/* ---- boot ---- */

enum { BLOCK = 512 };

/* A tar of one file, as POSIX has it. */
static struct bytes make_tar(const char *name, const char *content)
{
    static u8 tar[4 * BLOCK];
    u32 sum = 0;
    memset(tar, 0, sizeof(tar));
    snprintf((char *)tar, 100, "%s", name);
    memcpy(tar + 100, "0000444", 8);
    memcpy(tar + 108, "0000000", 8);
    memcpy(tar + 116, "0000000", 8);
    snprintf((char *)tar + 124, 12, "%011o", (unsigned)strlen(content));
    memcpy(tar + 136, "00000000000", 12);
    memset(tar + 148, ' ', 8);
    tar[156] = '0';
    memcpy(tar + 257, "ustar", 6);
    memcpy(tar + 263, "00", 2);
    for (u32 i = 0; i < BLOCK; i++)
        sum += tar[i];
    snprintf((char *)tar + 148, 8, "%06o", sum);
    memcpy(tar + BLOCK, content, strlen(content));
    return (struct bytes){ tar, sizeof(tar) };
}

/* The size of what was read; -1: no such file. */
static i64 read_boot(struct puppet *puppet, i32 slot, const char *name, u64 offset)
{
    struct boot_bytes_option result;
    struct weft_bytes path = { (const u8 *)name, (u32)strlen(name) };
    bool ok = boot_read_encode(request_begin(puppet), path, offset, 100) &&
              request_send(puppet, slot) == 0 &&
              boot_read_result_decode(request_reader(puppet), &result);
    BASE_ASSERT(ok);
    return result.present ? (i64)result.value.size : -1;
}

static void test_boot(void)
{
    struct bytes tar = make_tar("programs/init.wasm", "not really");
    bool started = world_start(&(struct world_options){ .bundle = tar });
    struct puppet *puppet = started ? pair_puppet() : NULL;
    BASE_ASSERT(puppet != NULL);
    i32 slot = (i32)request_resolve_hash(puppet, BOOT_INTERFACE_HASH);
    struct boot_entry_list list;
    TAP_OK(boot_entries_encode(request_begin(puppet)) && request_send(puppet, slot) == 0 &&
               boot_entries_result_decode(request_reader(puppet), &list) && list.count == 1 &&
               list.data[0].size == 10,
           "the files of the boot bundle are listed");
    TAP_OK(read_boot(puppet, slot, "programs/init.wasm", 0) == 10 &&
               read_boot(puppet, slot, "programs/init.wasm", 4) == 6,
           "and read, from any place");
    TAP_OK(read_boot(puppet, slot, "programs/init.wasm", 10) == 0 &&
               read_boot(puppet, slot, "programs/init.wasm", UINT64_MAX) == 0,
           "behind their end is nothing");
    TAP_OK(read_boot(puppet, slot, "programs", 0) == -1 && read_boot(puppet, slot, "", 0) == -1,
           "what is not there is none");
    PAIR_END();
}

static void tests(void)
{
    test_clocks();
    test_until();
    test_alarms_of_the_dead();
    test_random();
    test_random_waits();
    test_feed_is_bounded();
    test_log();
    test_log_is_fair();
    test_log_budget();
    test_log_is_followed();
    test_boot();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
