/* Bytes to and from people: putchar, s_putchar, getchar, abort. */
#include "programs/library/wasm_os/wasm_os.h"

#include "interface/clock_program.h"
#include "interface/stream_program.h"
#include "lib/memory.h"
#include "lib/start.h"

enum {
    PAGE_SIZE = 1 << 16,
    /* A program that waits for a key asks again and again. After so many vain questions each one
     * waits a little, so that it does not keep a CPU busy with nothing. */
    VAIN_QUESTIONS_MAX = 64,
    VAIN_WAIT_NS = 10 * 1000 * 1000,
    TEXT_MAX = 512, /* bytes of one text of `abort` that are shown */
};

bool caller_has(uint32_t address, uint64_t size)
{
    uint64_t memory = (uint64_t)weft_caller_pages() * PAGE_SIZE;
    return size <= memory && address <= memory - size;
}

struct weft_client *client_of(int32_t slot)
{
    static _Alignas(8) uint8_t buffer[4096];
    static struct weft_client client = { .buffer = buffer, .capacity = sizeof(buffer) };
    client.slot = slot;
    client.impatient = false;
    return &client;
}

static void write_to(const char *name, struct weft_bytes text)
{
    int32_t slot = start_slot(name);
    struct stream_u32_error_result result;
    if (slot != WEFT_NO_SLOT)
        stream_write(client_of(slot), text, &result);
}

void console_write(struct weft_bytes text)
{
    write_to("stdout", text);
}

void os_putchar(int32_t byte)
{
    uint8_t text = (uint8_t)byte;
    console_write((struct weft_bytes){ &text, 1 });
}

void os_serial_putchar(int32_t byte)
{
    uint8_t text = (uint8_t)byte;
    write_to("stderr", (struct weft_bytes){ &text, 1 });
}

/* ---- Input --------------------------------------------------------------------------------- */

/* Until when a question may wait: 0 is not at all. */
static int64_t patience(uint32_t vain_questions)
{
    uint64_t now;
    if (vain_questions < VAIN_QUESTIONS_MAX ||
        clock_monotonic(client_of(clock_slot()), &now) != WEFT_OK)
        return 0;
    return (int64_t)now + VAIN_WAIT_NS;
}

/* Whether a byte can be read, or the end of input seen, without waiting. */
static bool is_readable(int32_t slot, int64_t deadline)
{
    uint8_t body[64];
    struct weft_event event;
    int64_t id = stream_readable_send(client_of(slot), WEFT_WANT_ANSWER);
    if (id <= 0)
        return true; /* reading will tell what is wrong */
    if (weft_wait(&id, 1, &event, body, sizeof(body), deadline) == WEFT_EVENT_ANSWER)
        return true;
    weft_answer(id, WEFT_OK, NULL, 0, NULL, 0);
    return false;
}

int32_t os_getchar(void)
{
    static uint32_t vain_questions;
    int32_t slot = start_slot("stdin");
    if (slot == WEFT_NO_SLOT)
        return WASM_OS_FAILED;
    if (!is_readable(slot, patience(vain_questions))) {
        vain_questions += vain_questions < VAIN_QUESTIONS_MAX;
        return 0;
    }
    vain_questions = 0;
    struct stream_bytes_error_result result;
    if (stream_read(client_of(slot), 1, &result) != WEFT_OK || result.failed ||
        result.value.size != 1)
        return WASM_OS_FAILED;
    return result.value.data[0];
}

/* ---- Abort --------------------------------------------------------------------------------- */

struct text {
    uint8_t bytes[2 * TEXT_MAX];
    uint32_t size;
};

static void put_bytes(struct text *text, const char *bytes)
{
    size_t size = strlen(bytes);
    if (size > sizeof(text->bytes) - text->size)
        return;
    memcpy(text->bytes + text->size, bytes, size);
    text->size += (uint32_t)size;
}

static void put_number(struct text *text, int32_t number)
{
    char digits[12];
    uint32_t at = sizeof(digits) - 1;
    uint32_t left = number < 0 ? 0 - (uint32_t)number : (uint32_t)number;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0);
    if (number < 0)
        digits[--at] = '-';
    put_bytes(text, digits + at);
}

/* A string of AssemblyScript: UTF-16 with its size in bytes in the 4 bytes before it. What is not
 * plain text is shown as `?`. */
static void put_string(struct text *text, uint32_t address)
{
    uint16_t units[TEXT_MAX / 4];
    uint32_t size;
    if (address < sizeof(size) ||
        weft_caller_load(&size, address - (uint32_t)sizeof(size), sizeof(size)) != 0)
        return;
    if (size > sizeof(units))
        size = sizeof(units);
    if (weft_caller_load(units, address, size) != 0)
        return;
    for (uint32_t i = 0; i < size / 2; i++) {
        char byte[2] = { units[i] >= ' ' && units[i] < 0x7F ? (char)units[i] : '?', 0 };
        put_bytes(text, byte);
    }
}

void os_abort(uint32_t message, uint32_t file, int32_t line, int32_t column)
{
    struct text text = { .size = 0 };
    put_bytes(&text, "Program aborted.");
    if (message != 0) {
        put_bytes(&text, " ");
        put_string(&text, message);
    }
    if (file != 0) {
        put_bytes(&text, " (");
        put_string(&text, file);
        put_bytes(&text, ":");
        put_number(&text, line);
        put_bytes(&text, ":");
        put_number(&text, column);
        put_bytes(&text, ")");
    }
    put_bytes(&text, "\n");
    console_write((struct weft_bytes){ text.bytes, text.size });
    __builtin_trap();
}
