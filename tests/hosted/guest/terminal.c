/* What a terminal has besides its bytes, step by step as the arguments say; each step prints a
 * line, so that the test at the other end knows where this program is. */
#include "interface/stream_program.h"
#include "interface/terminal_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/server.h"
#include "lib/start.h"

static _Alignas(8) uint8_t buffer[4096];
static struct weft_client terminal = { .buffer = buffer, .capacity = sizeof(buffer) };
static struct terminal_size known;

static bool is(struct weft_bytes word, const char *text)
{
    return word.size == strlen(text) && memcmp(word.data, text, word.size) == 0;
}

static void show(enum weft_status status, const struct terminal_size_error_result *result)
{
    if (status != WEFT_OK || result->failed) {
        print("no terminal\n");
        return;
    }
    known = result->value;
    print("size ");
    print_number(known.columns);
    print(" ");
    print_number(known.rows);
    print("\n");
}

static void set_mode(uint32_t mode)
{
    struct terminal_none_error_result result;
    enum weft_status status = terminal_set_mode(&terminal, mode, &result);
    print(status == WEFT_OK && !result.failed ? "mode set\n" : "mode not set\n");
}

/* One byte from the terminal's own stream. */
static void read_byte(void)
{
    static _Alignas(8) uint8_t bytes[256];
    struct weft_client stream = { .buffer = bytes, .capacity = sizeof(bytes) };
    struct stream_bytes_error_result result;
    if (terminal_open(&terminal, &stream.slot) != WEFT_OK)
        return;
    print("reading\n");
    if (stream_read(&stream, 1, &result) != WEFT_OK || result.failed || result.value.size != 1)
        return;
    print("byte ");
    print_number(result.value.data[0]);
    print("\n");
}

/* It is told when the terminal has the question, which an answer to a later one shows. */
static void await_interrupt(void)
{
    struct terminal_size_error_result size;
    struct weft_event event;
    int64_t id = terminal_interrupted_send(&terminal, WEFT_WANT_ANSWER);
    if (id <= 0 || terminal_size(&terminal, &size) != WEFT_OK)
        return;
    print("waiting\n");
    if (weft_wait(&id, 1, &event, buffer, sizeof(buffer), -1) == WEFT_EVENT_ANSWER &&
        event.status == WEFT_OK)
        print("interrupted\n");
}

/* As many jobs as there can be; then one of them goes, and there is room for one. */
static void make_jobs(void)
{
    struct terminal_job_error_result result;
    int32_t last = WEFT_NO_SLOT;
    uint32_t count = 0;
    for (; terminal_job(&terminal, &result) == WEFT_OK && !result.failed; count++)
        last = result.value;
    print("jobs ");
    print_number(count);
    print("\n");
    server_close(&last, 1);
    while (terminal_job(&terminal, &result) != WEFT_OK || result.failed)
        continue; /* the last one's end comes a moment later */
    print("one more\n");
}

static void step(struct weft_bytes word)
{
    struct terminal_size_error_result size;
    if (is(word, "size")) {
        show(terminal_size(&terminal, &size), &size);
    } else if (is(word, "resized")) {
        print("waiting\n");
        show(terminal_resized(&terminal, known, &size), &size);
    } else if (is(word, "raw")) {
        set_mode(TERMINAL_MODE_RAW | TERMINAL_MODE_NO_ECHO);
    } else if (is(word, "byte")) {
        read_byte();
    } else if (is(word, "interrupted")) {
        await_interrupt();
    } else if (is(word, "jobs")) {
        make_jobs();
    } else if (is(word, "trap")) {
        __builtin_trap();
    } else if (is(word, "loop")) {
        print("looping\n");
        for (volatile uint32_t turns = 0;; turns++)
            ;
    }
}

int weft_main(void)
{
    const struct system_start_record *start = start_record();
    terminal.slot = terminal_slot();
    for (uint32_t i = 1; i < start->arguments.count; i++)
        step(start->arguments.data[i]);
    return 0;
}
