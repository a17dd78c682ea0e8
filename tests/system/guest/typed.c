/* Tells what is typed, a read a line, in hexadecimal, until an empty read. Its argument says how:
 * `line`, `raw`, `hidden`, `mouse` (raw, with what is done with the mouse); `interrupt` waits for the interrupt key, `flood` writes until that comes,
 * `restart` has the keyboard's driver started anew first. */
#include "interface/services_program.h"
#include "interface/stream_program.h"
#include "interface/terminal_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

enum { AT_ONCE = 1024, FLOOD_BYTES = 1 << 16 };

static _Alignas(8) uint8_t buffer[AT_ONCE + 64];
static _Alignas(8) uint8_t flood_buffer[FLOOD_BYTES + 64];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static void print_hex(struct weft_bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (uint32_t i = 0; i < bytes.size; i++) {
        uint8_t pair[2] = { (uint8_t)digits[bytes.data[i] >> 4], (uint8_t)digits[bytes.data[i] & 15] };
        print_bytes((struct weft_bytes){ pair, 2 });
    }
}

static void print_size(void)
{
    struct weft_client client = client_of(terminal_slot());
    struct terminal_size_error_result result;
    if (terminal_size(&client, &result) != WEFT_OK || result.failed)
        return;
    print_number(result.value.columns);
    print(" by ");
    print_number(result.value.rows);
    print("\n");
}

static void set_mode(uint32_t mode)
{
    struct weft_client client = client_of(terminal_slot());
    struct terminal_none_error_result result;
    terminal_set_mode(&client, mode, &result);
}

static int tell_reads(void)
{
    struct weft_client client = client_of(start_slot("stdin"));
    struct stream_bytes_error_result result;
    print("ready\n");
    for (;;) {
        if (stream_read(&client, AT_ONCE, &result) != WEFT_OK || result.failed)
            return 1;
        print("read ");
        print_hex(result.value);
        print("\n");
        if (result.value.size == 0)
            return 0;
    }
}

static int await_interrupt(void)
{
    struct weft_client client = client_of(terminal_slot());
    print("waiting\n");
    enum weft_status status = terminal_interrupted(&client);
    print(status == WEFT_OK ? "interrupted\n" : "failed\n");
    return status != WEFT_OK;
}

/* Nobody waits for these writes to be done, so as many are under way as there is room for. */
static int flood(void)
{
    static uint8_t text[FLOOD_BYTES];
    struct weft_client client = client_of(terminal_slot());
    struct weft_client out = { .slot = start_slot("stdout"),
                               .buffer = flood_buffer,
                               .capacity = sizeof(flood_buffer) };
    struct weft_event event;
    int64_t asked = terminal_interrupted_send(&client, WEFT_WANT_ANSWER);
    for (uint32_t i = 0; i < FLOOD_BYTES; i++)
        text[i] = i % 64 == 63 ? '\n' : (uint8_t)('!' + i % 89);
    print("flooding\n");
    while (weft_wait(&asked, 1, &event, buffer, sizeof(buffer), 0) == WEFT_EVENT_NONE)
        stream_write_send(&out, (struct weft_bytes){ text, FLOOD_BYTES }, 0);
    return 0;
}

static void restart_keyboard(void)
{
    struct weft_client client = client_of(services_slot());
    struct services_none_error_result result;
    services_restart(&client, WEFT_BYTES("ps2"), &result);
}

static bool is(struct weft_bytes text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

int weft_main(void)
{
    const struct system_start_record *record = start_record();
    if (record == NULL || record->arguments.count < 2)
        return 2;
    struct weft_bytes how = record->arguments.data[1];
    print_size();
    if (is(how, "interrupt"))
        return await_interrupt();
    if (is(how, "flood"))
        return flood();
    if (is(how, "restart"))
        restart_keyboard();
    if (is(how, "mouse"))
        print("\x1b[?1000h\x1b[?1006h");
    if (is(how, "raw") || is(how, "mouse"))
        set_mode(TERMINAL_MODE_RAW | TERMINAL_MODE_NO_ECHO);
    if (is(how, "hidden"))
        set_mode(TERMINAL_MODE_NO_ECHO);
    return tell_reads();
}
