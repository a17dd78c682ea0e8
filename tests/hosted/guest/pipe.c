/* Every rule of `pipe`, from one process that is at both ends; prints TAP. With the argument
 * `hostile` it sends nonsense at both ends and at the interface, and then tries whether a pipe
 * still works. */
#include "interface/pipe_program.h"
#include "interface/stream_program.h"
#include "interface/system_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/server.h"
#include "lib/start.h"

enum {
    BUFFER = (2 << 20) + 4096,
    USUAL = 64 << 10,
    BIG = 200000,
    LARGEST = 1 << 20,
    SMALLEST = 4096
};

static _Alignas(8) uint8_t buffer[BUFFER];
static uint8_t data[BUFFER - 64];
static uint32_t failed, count;

static void ok(bool passed, const char *name)
{
    failed += !passed;
    print(passed ? "ok " : "not ok ");
    print_number(++count);
    print(" - ");
    print(name);
    print("\n");
}

static struct weft_client at(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

struct ends {
    int32_t reading, writing;
};

static bool create(uint32_t capacity, struct ends *ends)
{
    struct weft_client client = at(pipe_slot());
    struct pipe_end_end_tuple_error_result result;
    if (pipe_create(&client, capacity, &result) != WEFT_OK || result.failed)
        return false;
    *ends = (struct ends){ result.value.f0, result.value.f1 };
    return true;
}

static int64_t send_write(int32_t slot, uint32_t size)
{
    struct weft_client client = at(slot);
    return stream_write_send(&client, (struct weft_bytes){ data, size }, WEFT_WANT_ANSWER);
}

static int64_t send_read(int32_t slot, uint32_t size)
{
    struct weft_client client = at(slot);
    return stream_read_send(&client, size, WEFT_WANT_ANSWER);
}

/* Whether the answer is there within the time. */
static bool await(int64_t id, struct weft_event *event, int64_t deadline)
{
    return weft_wait(&id, 1, event, buffer, sizeof(buffer), deadline) == WEFT_EVENT_ANSWER;
}

static void withdraw(int64_t id)
{
    weft_answer(id, WEFT_OK, NULL, 0, NULL, 0);
}

/* How many bytes a write that was sent has written; -1: closed. */
static int64_t written(int64_t id)
{
    struct weft_event event;
    struct body_reader reader;
    struct stream_u32_error_result result;
    if (!await(id, &event, -1) || event.status != WEFT_OK)
        return -2;
    body_reader_init(&reader, &event, buffer);
    if (!stream_write_result_decode(&reader, &result))
        return -3;
    return result.failed ? -1 : (int64_t)result.value;
}

/* The bytes of a read; they are as they were written if they are `from` and what follows it. */
static int64_t read_some(int32_t slot, uint32_t wanted, uint32_t from)
{
    struct weft_client client = at(slot);
    struct stream_bytes_error_result result;
    if (stream_read(&client, wanted, &result) != WEFT_OK || result.failed)
        return -1;
    return memcmp(result.value.data, data + from, result.value.size) == 0 ? result.value.size : -2;
}

/* Whether `wanted` bytes of `data` come, from `from` on. */
static bool read_all(int32_t slot, uint32_t from, uint32_t wanted)
{
    while (wanted != 0) {
        int64_t size = read_some(slot, wanted, from);
        if (size <= 0)
            return false;
        from += (uint32_t)size;
        wanted -= (uint32_t)size;
    }
    return true;
}

static bool is_at_end(int32_t slot)
{
    return read_some(slot, 10, 0) == 0;
}

static uint64_t readable(int32_t slot)
{
    struct weft_client client = at(slot);
    struct stream_u64_error_result result;
    return stream_readable(&client, &result) == WEFT_OK && !result.failed ? result.value
                                                                          : UINT64_MAX;
}

static void close_both(struct ends ends)
{
    server_close((int32_t[]){ ends.reading, ends.writing }, 2);
}

static void test_order(void)
{
    struct ends ends;
    ok(create(0, &ends), "a pipe is made");
    int64_t first = send_write(ends.writing, 10);
    ok(written(first) == 10, "a write into an empty pipe is answered at once");
    ok(readable(ends.reading) == 10, "what is there is told");
    ok(read_some(ends.reading, 4, 0) == 4 && read_some(ends.reading, 100, 4) == 6,
       "bytes come in order, as many as are there");
    int64_t waiting = send_read(ends.reading, 100);
    ok(written(send_write(ends.writing, 50)) == 50, "with a reader waiting");
    struct weft_event event;
    ok(await(waiting, &event, -1) && event.size == 12 + 50, "the reader has it all");
    server_close(&ends.writing, 1);
    ok(is_at_end(ends.reading) && is_at_end(ends.reading) && readable(ends.reading) == 0,
       "the writing end is closed: the end, each time");
    server_close(&ends.reading, 1);
}

static void test_end_behind_bytes(void)
{
    struct ends ends;
    create(0, &ends);
    send_write(ends.writing, 1000);
    struct weft_client client = at(ends.writing);
    struct stream_none_error_result result;
    ok(stream_finish(&client, &result) == WEFT_OK && !result.failed,
       "finish is the end of writing");
    ok(written(send_write(ends.writing, 5)) == -1, "after which a write is refused");
    ok(read_all(ends.reading, 0, 1000) && is_at_end(ends.reading), "the end is behind the bytes");
    close_both(ends);
    create(0, &ends);
    int64_t waiting = send_read(ends.reading, 10);
    server_close(&ends.writing, 1);
    struct weft_event event;
    ok(await(waiting, &event, -1) && event.status == WEFT_OK, "a waiting reader finds the end");
    server_close(&ends.reading, 1);
}

static void test_pressure(void)
{
    struct ends ends;
    struct weft_event event;
    create(0, &ends);
    int64_t full = send_write(ends.writing, USUAL);
    int64_t waiting = send_write(ends.writing, 100);
    ok(written(full) == USUAL, "a pipe holds 64 KiB");
    ok(!await(waiting, &event, 0) && readable(ends.reading) == USUAL, "the next writer waits");
    ok(read_all(ends.reading, 0, 99) && !await(waiting, &event, 0), "and still waits");
    ok(read_all(ends.reading, 99, 1) && written(waiting) == 100, "until all of it has room");
    ok(read_all(ends.reading, 100, USUAL - 100) && read_all(ends.reading, 0, 100),
       "nothing is lost");
    int64_t big = send_write(ends.writing, BIG);
    ok(read_all(ends.reading, 0, BIG) && written(big) == BIG, "a write larger than the pipe");
    int64_t largest = send_write(ends.writing, LARGEST);
    ok(read_all(ends.reading, 0, LARGEST) && written(largest) == LARGEST, "the largest write");
    int64_t larger = send_write(ends.writing, 2 << 20);
    ok(await(larger, &event, -1) && event.status == WEFT_TOO_LARGE, "one above it is refused");
    close_both(ends);
}

static void test_reader_gone(void)
{
    struct ends ends;
    create(SMALLEST, &ends);
    int64_t big = send_write(ends.writing, 10000);
    int64_t next = send_write(ends.writing, 10);
    ok(read_all(ends.reading, 0, 3000), "part of a write that waits is read");
    server_close(&ends.reading, 1);
    ok(written(big) == 3000 && written(next) == -1,
       "the reader goes: the writer is told how much was read, and the next that it is closed");
    ok(written(send_write(ends.writing, 1)) == -1, "as is each later write");
    struct weft_client client = at(ends.writing);
    struct stream_u64_error_result result;
    ok(stream_writable(&client, &result) == WEFT_OK && result.failed, "nothing can be written");
    server_close(&ends.writing, 1);
}

static void test_withdrawn(void)
{
    struct ends ends;
    struct weft_event event;
    create(SMALLEST, &ends);
    int64_t first = send_read(ends.reading, 10);
    int64_t second = send_read(ends.reading, 10);
    withdraw(first);
    send_write(ends.writing, 7);
    ok(await(second, &event, -1) && event.size == 12 + 7, "a withdrawn read takes nothing");
    int64_t third = send_write(ends.writing, 3000);
    int64_t fourth = send_write(ends.writing, 3000);
    int64_t fifth = send_write(ends.writing, 500);
    ok(written(third) == 3000 && !await(fourth, &event, 0), "a write waits");
    withdraw(fourth);
    ok(read_all(ends.reading, 0, 3000) && read_all(ends.reading, 0, 1096),
       "withdrawn: what had room of it stays");
    ok(written(fifth) == 500 && read_all(ends.reading, 0, 500), "what is behind it follows");
    int64_t sixth = send_write(ends.writing, 9000);
    withdraw(sixth);
    server_close(&ends.writing, 1);
    ok(read_all(ends.reading, 0, 4096) && is_at_end(ends.reading), "and no more than fits");
    server_close(&ends.reading, 1);
}

static void test_directions(void)
{
    struct ends ends;
    struct stream_bytes_error_result read;
    struct stream_u32_error_result write;
    struct stream_u64_error_result ready;
    struct stream_none_error_result none;
    enum stream_kind kind;
    create(0, &ends);
    struct weft_client client = at(ends.writing);
    ok(stream_read(&client, 1, &read) == WEFT_OK && read.failed &&
           read.error == STREAM_ERROR_UNSUPPORTED,
       "the writing end cannot be read");
    ok(stream_readable(&client, &ready) == WEFT_OK && ready.failed, "or become readable");
    ok(stream_writable(&client, &ready) == WEFT_OK && ready.value == USUAL, "its room is told");
    client = at(ends.reading);
    ok(stream_write(&client, (struct weft_bytes){ data, 1 }, &write) == WEFT_OK && write.failed &&
           write.error == STREAM_ERROR_UNSUPPORTED,
       "the reading end cannot be written");
    ok(stream_finish(&client, &none) == WEFT_OK && none.failed, "or finished");
    ok(stream_kind(&client, &kind) == WEFT_OK && kind == STREAM_KIND_PIPE, "it is a pipe");
    close_both(ends);
}

static void test_copies(void)
{
    struct ends ends;
    struct system_any_error_result copy;
    create(0, &ends);
    struct weft_client client = at(system_slot());
    ok(system_copy(&client, ends.writing, &copy) == WEFT_OK && !copy.failed, "a second writer");
    server_close(&ends.writing, 1);
    ok(written(send_write(copy.value, 9)) == 9 && read_all(ends.reading, 0, 9),
       "writes on when the first is gone");
    server_close(&copy.value, 1);
    ok(is_at_end(ends.reading), "the end comes with the last");
    server_close(&ends.reading, 1);
}

static void test_many(void)
{
    enum { MANY = 500, TOO_MANY = 5000 };
    static struct ends many[TOO_MANY];
    uint32_t good = 0;
    for (uint32_t i = 0; i < MANY; i++)
        good += create(0, &many[i]) && written(send_write(many[i].writing, i + 1)) == i + 1;
    for (uint32_t i = 0; i < MANY; i++)
        good += read_all(many[i].reading, 0, i + 1);
    ok(good == 2 * MANY, "500 pipes at once, each with its own bytes");
    uint32_t made = MANY;
    while (made < TOO_MANY && create(0, &many[made]))
        made++;
    ok(made == 4096, "one silo has 4096 pipes at most");
    for (uint32_t i = 0; i < made; i++)
        close_both(many[i]);
    struct ends ends;
    ok(create(0, &ends) && written(send_write(ends.writing, 3)) == 3 &&
           read_all(ends.reading, 0, 3),
       "closed ones can be had again");
    close_both(ends);
}

static void test_small_writes(void)
{
    struct ends ends;
    bool good = create(0, &ends);
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 5000; i++) {
            struct weft_client client = at(ends.writing);
            struct stream_u32_error_result result;
            good = good &&
                   stream_write(&client, (struct weft_bytes){ data + i, 1 }, &result) == WEFT_OK &&
                   !result.failed;
        }
        good = good && read_all(ends.reading, 0, 5000);
    }
    ok(good, "many writes of one byte");
    close_both(ends);
}

/* ---- Nonsense ----------------------------------------------------------------------------------
 */

static uint64_t state = 88172645463325252u;

static uint32_t random(uint32_t bound)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % bound;
}

static void send_nonsense(int32_t slot, int64_t *ids, uint32_t *id_count)
{
    static const uint32_t sizes[] = { 0, 3, 4, 8, 12, 40, 5000, 70000, 300000 };
    static _Alignas(8) uint8_t body[300000];
    uint32_t size = sizes[random(9)];
    for (uint32_t i = 0; i < 40; i++)
        body[i] = (uint8_t)(random(3) == 0 ? random(256) : 0);
    body[0] = (uint8_t)random(8);
    if (random(2) == 0)
        ((uint32_t *)(void *)body)[2] = random(size + 20);
    if (random(2) == 0)
        ((uint32_t *)(void *)body)[1] = random(20);
    int32_t gift[] = { slot | WEFT_GIFT_COPY };
    int64_t id = weft_send(slot, body, size, gift, random(8) == 0, random(8) != 0);
    if (id > 0 && random(3) == 0)
        withdraw(id);
    else if (id > 0)
        ids[(*id_count)++ % 64] = id;
    if (*id_count > 64 && random(4) != 0)
        withdraw(ids[random(64)]);
}

static void hostile(void)
{
    static int64_t ids[64];
    uint32_t id_count = 0;
    for (uint32_t round = 0; round < 60; round++) {
        struct ends ends;
        if (!create(random(3) == 0 ? 0 : random(200000), &ends))
            break;
        for (uint32_t i = 0; i < 200; i++)
            send_nonsense(random(9) == 0 ? pipe_slot()
                                         : (random(2) == 0 ? ends.reading : ends.writing),
                          ids, &id_count);
        if (random(4) != 0)
            server_close(&ends.reading, 1);
        if (random(4) != 0)
            server_close(&ends.writing, 1);
    }
    struct ends ends;
    ok(create(0, &ends) && written(send_write(ends.writing, BIG / 4)) == BIG / 4 &&
           read_all(ends.reading, 0, BIG / 4),
       "after much nonsense a pipe works as before");
    struct weft_event event;
    int64_t id = 0;
    for (uint32_t i = 0; i < 1025 && id >= 0; i++)
        id = send_read(ends.reading, 1);
    ok(id < 0 || (await(id, &event, -1) && event.status == WEFT_LIMIT),
       "who has too many questions waiting is refused");
    create(0, &ends);
    id = 0;
    for (uint32_t i = 0; i < 65 && id >= 0; i++)
        id = send_write(ends.writing, LARGEST);
    ok(id < 0 || (await(id, &event, -1) && event.status == WEFT_LIMIT),
       "who has too many bytes waiting is refused");
}

int weft_main(void)
{
    for (uint32_t i = 0; i < sizeof(data); i++)
        data[i] = (uint8_t)(i * 2654435761u >> 13);
    if (start_record()->arguments.count > 1) {
        hostile();
    } else {
        test_order();
        test_end_behind_bytes();
        test_pressure();
        test_reader_gone();
        test_withdrawn();
        test_directions();
        test_copies();
        test_many();
        test_small_writes();
    }
    print("1..");
    print_number(count);
    print("\n");
    return failed != 0;
}
