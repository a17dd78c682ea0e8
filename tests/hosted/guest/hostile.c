/* Sends the native handlers what no honest program would: requests of every function with random
 * arguments to random slots, with random changes to their bytes, gifts where none belong, and
 * messages taken back at random. Prints TAP: that it came through is the test, under a sanitizer
 * or not. It talks to nobody outside: the slots that reach the network get short bodies only. */
#include "interface/files_program.h"
#include "interface/names_program.h"
#include "interface/stream_program.h"
#include "interface/system_program.h"
#include "interface/tcp_program.h"
#include "interface/terminal_program.h"
#include "interface/udp_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

enum { BUFFER = 64 << 10, TARGETS_MAX = 64, ROUNDS = 20000, BODY_MAX = 256, ANSWER_MAX = 2 << 20 };

static _Alignas(8) uint8_t buffer[BUFFER];
static uint64_t state = 42;
static int32_t targets[TARGETS_MAX];
static uint32_t target_count;
static uint32_t sent, answered; /* messages, and those that a handler understood */

static uint32_t random(uint32_t bound)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % bound;
}

static struct weft_client on(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = BUFFER };
}

static void close(int32_t slot)
{
    struct weft_client client = on(system_slot());
    system_close(&client, (struct system_any_list){ &slot, 1 });
}

/* A slot that an answer brought takes a random place among the targets. */
static void adopt(int32_t slot)
{
    if (target_count < TARGETS_MAX) {
        targets[target_count++] = slot;
        return;
    }
    uint32_t place = TARGETS_MAX / 2 + random(TARGETS_MAX / 2);
    close(targets[place]);
    targets[place] = slot;
}

static struct weft_bytes random_path(void)
{
    static const char *const paths[] = { "hello", "folder",    "folder/", "../x",
                                         "new",   "a/b",       "",        "inside",
                                         "/etc",  "folder/..", "new/",    "folder/new" };
    const char *path = paths[random(sizeof(paths) / sizeof(paths[0]))];
    return (struct weft_bytes){ (const uint8_t *)path, strlen(path) };
}

static uint64_t random_offset(void)
{
    return random(4) == 0 ? UINT64_MAX - random(100) : random(1 << 20);
}

static void make_bytes_request(struct body_writer *writer)
{
    uint64_t offset = random_offset();
    uint32_t count = random(2) == 0 ? random(100) : random(1 << 30) * 4;
    switch (random(8)) {
    case 0:
        files_node_read_encode(writer, offset, count);
        break;
    case 1:
        files_node_write_encode(writer, random(1 << 16), random_path());
        break;
    case 2:
        files_node_set_size_encode(writer, random(4) == 0 ? offset : random(1 << 16));
        break;
    case 3:
        files_node_list_encode(writer, random(2) == 0 ? 0 : offset, count);
        break;
    case 4:
        files_node_advise_encode(writer, offset, count, (enum files_advice)random(6));
        break;
    case 5:
        stream_read_encode(writer, count);
        break;
    case 6:
        tcp_connection_receive_encode(writer, count, random(2) == 0);
        break;
    default:
        tcp_connection_send_encode(writer, random_path());
        break;
    }
}

static void make_names_request(struct body_writer *writer)
{
    int32_t gift = targets[random(target_count)];
    struct files_new_time now = { .tag = FILES_NEW_TIME_NOW };
    switch (random(10)) {
    case 0:
        files_node_rename_encode(writer, random_path(), gift, random_path());
        break;
    case 1:
        files_node_link_encode(writer, random_path(), random(2) == 0, gift, random_path());
        break;
    case 2:
        files_node_symlink_encode(writer, random_path(), random_path());
        break;
    case 3:
        files_node_unlink_encode(writer, random_path());
        break;
    case 4:
        files_node_create_directory_encode(writer, random_path());
        break;
    case 5:
        files_node_remove_directory_encode(writer, random_path());
        break;
    case 6:
        files_node_status_at_encode(writer, random_path(), random(2) == 0);
        break;
    case 7:
        files_node_set_times_at_encode(writer, random_path(), random(2) == 0, now, now);
        break;
    case 8:
        files_node_narrow_encode(writer, random(1 << 12));
        break;
    default:
        files_node_open_encode(writer, random_path(), random(1 << 12));
        break;
    }
}

/* Functions without arguments, by their numbers alone. */
static void make_plain_request(struct body_writer *writer)
{
    body_put_request(writer, random(28), 0, 1);
}

static void make_request(struct body_writer *writer, bool reaches_out)
{
    static const struct tcp_endpoint here = { .address = { .tag = TCP_ADDRESS_V4,
                                                           .v4 = { 127, 0, 0, 1 } } };
    if (reaches_out) {
        if (random(2) == 0)
            tcp_listen_encode(writer, here, random(100));
        else
            make_plain_request(writer);
        return;
    }
    switch (random(5)) {
    case 0:
    case 1:
        make_bytes_request(writer);
        break;
    case 2:
    case 3:
        make_names_request(writer);
        break;
    default:
        make_plain_request(writer);
        break;
    }
    for (uint32_t changes = random(2) == 0 ? random(4) : 0; changes > 0 && writer->size > 0;
         changes--)
        writer->data[random(writer->size)] = (uint8_t)random(256);
    if (random(8) == 0)
        writer->size = random(writer->size + 1);
}

static void take_answers(void)
{
    static _Alignas(8) uint8_t answer[ANSWER_MAX]; /* a larger one would block the queue */
    struct weft_event event;
    while (weft_wait(NULL, 0, &event, answer, ANSWER_MAX, 0) > 0) {
        answered += event.kind == WEFT_EVENT_ANSWER && event.status == WEFT_OK;
        for (uint32_t i = 0; i < event.gift_count; i++)
            adopt(event.gifts[i]);
    }
}

static void round(uint32_t reaching_count)
{
    static uint8_t body[BODY_MAX];
    struct body_writer writer;
    uint32_t target = random(target_count);
    body_writer_init(&writer, body, sizeof(body));
    make_request(&writer, target < reaching_count);
    if (random(20) == 0 && writer.gift_count < WEFT_GIFTS_MAX)
        writer.gifts[writer.gift_count++] = targets[random(target_count)] | WEFT_GIFT_COPY;
    uint32_t flags = random(8) == 0 ? 0 : WEFT_WANT_ANSWER;
    int64_t id = weft_send(targets[target], body, writer.size, writer.gifts, writer.gift_count,
                           flags | WEFT_NO_WAIT);
    sent += id >= 0;
    if (id > 0 && random(4) == 0)
        weft_answer(id, 0, NULL, 0, NULL, 0);
    if (random(4) == 0)
        take_answers();
}

/* The first argument is the seed. */
static void set_seed(void)
{
    const struct system_start_record *start = start_record();
    for (uint32_t i = 0; start->arguments.count > 1 && i < start->arguments.data[1].size; i++)
        state = state * 31 + start->arguments.data[1].data[i];
}

int weft_main(void)
{
    set_seed();
    adopt(tcp_slot());
    adopt(udp_slot());
    adopt(names_slot());
    adopt(terminal_slot());
    adopt(files_slot());
    adopt(start_slot("dir:/data"));
    adopt(start_slot("stderr"));
    adopt(start_slot("stdin"));
    for (uint32_t i = 0; i < ROUNDS; i++)
        round(3);
    take_answers();
    print("# sent ");
    print_number(sent);
    print(", understood ");
    print_number(answered);
    print("\n");
    struct files_status_error_result status;
    struct weft_client client = on(start_slot("dir:/data"));
    bool alive = files_node_status(&client, &status) == WEFT_OK && !status.failed;
    print(alive ? "ok" : "not ok");
    print(" 1 - the handlers outlive twenty thousand hostile messages\n1..1\n");
    return 0;
}
