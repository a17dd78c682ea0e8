#include "lib/say.h"

#include "interface/log_program.h"
#include "lib/memory.h"

enum { SAY_LINE_MAX = 400, BODY_HEAD = 32, DIGITS_MAX = 20 };

struct line {
    uint8_t bytes[SAY_LINE_MAX];
    uint32_t size;
};

static void append(struct line *line, struct weft_bytes text)
{
    for (uint32_t i = 0; i < text.size && line->size < SAY_LINE_MAX; i++)
        line->bytes[line->size++] = text.data[i];
}

static void begin(struct line *line, struct weft_bytes who, const char *what)
{
    line->size = 0;
    append(line, who);
    append(line, WEFT_BYTES(": "));
    append(line, (struct weft_bytes){ (const uint8_t *)what, (uint32_t)strlen(what) });
}

static void send(enum log_level level, const struct line *line)
{
    uint8_t buffer[SAY_LINE_MAX + BODY_HEAD];
    struct weft_client client = { .slot = log_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    log_write_send(&client, level, (struct weft_bytes){ line->bytes, line->size }, 0);
}

void say(enum log_level level, struct weft_bytes who, const char *what)
{
    struct line line;
    begin(&line, who, what);
    send(level, &line);
}

void say_count(enum log_level level, struct weft_bytes who, const char *what, uint64_t count)
{
    struct line line;
    uint8_t digits[DIGITS_MAX];
    uint32_t at = DIGITS_MAX;
    do {
        digits[--at] = (uint8_t)('0' + count % 10);
        count /= 10;
    } while (count != 0);
    begin(&line, who, what);
    append(&line, (struct weft_bytes){ digits + at, DIGITS_MAX - at });
    send(level, &line);
}
