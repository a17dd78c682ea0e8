/* A service that kills others, init excepted:
 *
 *     chaos SEED KILLS
 *
 * In its directory it waits for the file `turns` to grow: with the first byte it counts what there
 * is, with each byte after that it kills one process, chosen by the seed, some moments later, and
 * lets `kills` grow. After as many kills, and one byte more, it waits until there is as much as at
 * the start, and writes `result`. */
#include "interface/clock_program.h"
#include "interface/files_program.h"
#include "interface/system_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/server.h"
#include "lib/start.h"

enum {
    LOOK_US = 1000,
    DELAY_US_MAX = 12000, /* between a turn and its kill */
    QUIET_LOOKS = 100,    /* so often the same is counted */
    PATIENCE_LOOKS = 20000,
    FIGURES = 4,
};

/* Slots are those of init: what others hold depends on what they have been asked for. */
static const char *const figure_names[FIGURES] = { "processes", "silos", "messages", "slots" };

struct census {
    uint64_t figures[FIGURES];
};

static _Alignas(8) uint8_t buffer[1 << 20];
static uint64_t chance;

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static uint64_t number_of(uint32_t argument)
{
    struct weft_bytes text = start_record()->arguments.data[argument];
    uint64_t number = 0;
    for (uint32_t i = 0; i < text.size; i++)
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    return number;
}

/* xorshift64* */
static uint64_t draw(uint64_t below)
{
    chance ^= chance >> 12;
    chance ^= chance << 25;
    chance ^= chance >> 27;
    return (chance * UINT64_C(0x2545F4914F6CDD1D) >> 32) % below;
}

static void sleep_us(uint64_t microseconds)
{
    struct weft_client client = client_of(clock_slot());
    uint64_t now = 0;
    clock_monotonic(&client, &now);
    clock_until(&client, now + microseconds * 1000);
}

/* ---- Turns ----------------------------------------------------------------------------------- */

static uint64_t turns(void)
{
    struct weft_client client = client_of(start_slot("dir:/chaos"));
    struct files_status_error_result result;
    return files_node_status_at(&client, WEFT_BYTES("turns"), false, &result) == WEFT_OK &&
                   !result.failed
               ? result.value.size
               : 0;
}

static void await_turn(uint64_t turn)
{
    while (turns() < turn)
        sleep_us(LOOK_US);
}

/* ---- Killing --------------------------------------------------------------------------------- */

static bool list(struct system_process_status_list *processes)
{
    struct weft_client client = client_of(system_slot());
    return system_processes(&client, 0, 0, UINT32_MAX, processes) == WEFT_OK;
}

/* What is in the silo of the system is init and this. 0: nothing else is there just now. */
static uint64_t choose_victim(void)
{
    struct system_process_status_list processes;
    uint32_t count = 0;
    if (!list(&processes))
        main_exit(1);
    for (uint32_t i = 0; i < processes.count; i++)
        count += processes.data[i].silo != start_record()->silo;
    uint64_t chosen = draw(UINT32_MAX);
    for (uint32_t i = 0; i < processes.count && count != 0; i++)
        if (processes.data[i].silo != start_record()->silo && chosen-- % count == 0)
            return processes.data[i].process;
    return 0;
}

static bool kill(uint64_t process)
{
    struct weft_client client = client_of(system_slot());
    struct system_process_error_result found;
    struct system_none_error_result result = { .failed = true };
    if (process == 0 || system_find(&client, process, &found) != WEFT_OK || found.failed)
        return false;
    client = client_of(found.value);
    bool is_killed = system_process_kill(&client, &result) == WEFT_OK && !result.failed;
    server_close(&found.value, 1);
    return is_killed;
}

/* ---- Counting -------------------------------------------------------------------------------- */

static struct census count_all(void)
{
    struct census census = { 0 };
    struct system_process_status_list processes;
    struct system_silo_status_list silos;
    if (!list(&processes))
        main_exit(1);
    census.figures[0] = processes.count;
    for (uint32_t i = 0; i < processes.count; i++)
        if (processes.data[i].silo == start_record()->silo)
            census.figures[3] += processes.data[i].slots;
    struct weft_client client = client_of(system_slot());
    if (system_silos(&client, 0, 0, UINT32_MAX, &silos) != WEFT_OK)
        main_exit(1);
    census.figures[1] = silos.count;
    for (uint32_t i = 0; i < silos.count; i++)
        if (silos.data[i].silo == start_record()->silo)
            census.figures[2] = silos.data[i].messages;
    return census;
}

static bool is_same(const struct census *a, const struct census *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* What is there when nothing happens; with `wanted`, as soon as it is that. */
static struct census settle(const struct census *wanted)
{
    struct census last = count_all();
    for (uint32_t looks = 0, same = 0; looks < PATIENCE_LOOKS; looks++) {
        sleep_us(LOOK_US);
        struct census now = count_all();
        same = is_same(&now, &last) ? same + 1 : 0;
        last = now;
        if (same >= QUIET_LOOKS && (wanted == NULL || is_same(&now, wanted)))
            break;
    }
    return last;
}

/* ---- The result ------------------------------------------------------------------------------ */

static uint32_t add_text(uint8_t *text, uint32_t size, const char *more)
{
    uint32_t length = (uint32_t)strlen(more);
    memcpy(text + size, more, length);
    return size + length;
}

static uint32_t add_number(uint8_t *text, uint32_t size, uint64_t number)
{
    char digits[21];
    uint32_t at = sizeof(digits) - 1;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    size = add_text(text, size, " ");
    return add_text(text, size, digits + at);
}

static void write_file(struct weft_bytes name, uint64_t offset, struct weft_bytes text)
{
    struct weft_client client = client_of(start_slot("dir:/chaos"));
    struct files_node_error_result file;
    struct files_u32_error_result written;
    if (files_node_open(&client, name, FILES_OPEN_FLAGS_CREATE | FILES_OPEN_FLAGS_WRITE, &file) !=
            WEFT_OK ||
        file.failed)
        main_exit(1);
    client = client_of(file.value);
    files_node_write(&client, offset, text, &written);
    server_close(&file.value, 1);
}

/* Each process by its name, with its messages and slots: where something is left over. */
static void write_list(struct weft_bytes name)
{
    static uint8_t text[1 << 16];
    struct system_process_status_list processes;
    uint32_t size = 0;
    if (!list(&processes))
        main_exit(1);
    for (uint32_t i = 0; i < processes.count && size < sizeof(text) - 512; i++) {
        const struct system_process_status *row = &processes.data[i];
        memcpy(text + size, row->name.data, row->name.size);
        size = add_number(text, size + row->name.size, row->messages);
        size = add_text(text, add_number(text, size, row->slots), "\n");
    }
    write_file(name, 0, (struct weft_bytes){ text, size });
}

static void write_result(uint64_t kills, const struct census *before, const struct census *after)
{
    uint8_t text[512];
    uint32_t size = add_number(text, add_text(text, 0, "kills"), kills);
    for (uint32_t i = 0; i < FIGURES; i++) {
        size = add_text(text, add_text(text, size, "\n"), figure_names[i]);
        size = add_number(text, size, before->figures[i]);
        size = add_number(text, size, after->figures[i]);
    }
    size = add_text(text, size, "\n");
    write_file(WEFT_BYTES("result"), 0, (struct weft_bytes){ text, size });
}

int weft_main(void)
{
    uint64_t wanted = number_of(2), kills = 0;
    chance = number_of(1) + 1;
    await_turn(1);
    struct census before = settle(NULL);
    write_list(WEFT_BYTES("before"));
    for (; kills < wanted; kills++) {
        await_turn(kills + 2);
        sleep_us(draw(DELAY_US_MAX));
        while (!kill(choose_victim()))
            sleep_us(LOOK_US); /* it has ended by itself, or nobody is there */
        write_file(WEFT_BYTES("kills"), kills, WEFT_BYTES("."));
    }
    await_turn(wanted + 2);
    struct census after = settle(&before);
    write_list(WEFT_BYTES("after"));
    write_result(kills, &before, &after);
    for (;;)
        sleep_us(1000000);
}
