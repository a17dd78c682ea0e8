#include "platform/bare/line.h"

enum {
    KEY_INTERRUPT = 3, /* ^C */
    KEY_END = 4,       /* ^D */
    KEY_BACKSPACE = 8,
    KEY_RETURN = 13,
    KEY_KILL = 21, /* ^U */
    KEY_DELETE = 127,
};

static void make_ready(struct line *line, const u8 *bytes, u32 size)
{
    for (u32 i = 0; i < size && line->ready_size < LINE_READY_MAX; i++) {
        line->ready[(line->ready_start + line->ready_size) % LINE_READY_MAX] = bytes[i];
        line->ready_size++;
    }
}

static void show(const struct line *line, struct writer *echo, const char *text)
{
    if (!line->no_echo)
        writer_text(echo, text);
}

/* The last character of the line, which may be several bytes. */
static bool erase(struct line *line, struct writer *echo)
{
    if (line->edited_size == 0)
        return false;
    do {
        line->edited_size--;
    } while (line->edited_size > 0 && (line->edited[line->edited_size] & 0xC0) == 0x80);
    show(line, echo, "\b \b");
    return true;
}

static void end_line(struct line *line, struct writer *echo)
{
    line->edited[line->edited_size++] = '\n'; /* add leaves room for it */
    make_ready(line, line->edited, line->edited_size);
    line->edited_size = 0;
    show(line, echo, "\n");
}

static void end_input(struct line *line)
{
    line->ended = line->edited_size == 0;
    make_ready(line, line->edited, line->edited_size);
    line->edited_size = 0;
}

static void add(struct line *line, u8 byte, struct writer *echo)
{
    if (line->edited_size == LINE_BYTES_MAX - 1)
        return;
    line->edited[line->edited_size++] = byte;
    if (!line->no_echo)
        writer_u8(echo, byte);
}

enum line_event line_type(struct line *line, u8 byte, struct writer *echo)
{
    if (byte == KEY_INTERRUPT) {
        line->edited_size = 0;
        show(line, echo, "^C\n");
        return LINE_INTERRUPT;
    }
    if (line->raw) {
        make_ready(line, &byte, 1);
        if (!line->no_echo)
            writer_u8(echo, byte);
        return LINE_NOTHING;
    }
    switch (byte) {
    case KEY_BACKSPACE:
    case KEY_DELETE:
        erase(line, echo);
        break;
    case KEY_KILL:
        while (erase(line, echo))
            continue;
        break;
    case KEY_END:
        end_input(line);
        break;
    case KEY_RETURN:
    case '\n':
        end_line(line, echo);
        break;
    default:
        add(line, byte, echo);
        break;
    }
    return LINE_NOTHING;
}

bool line_is_ready(const struct line *line)
{
    return line->ready_size != 0 || line->ended;
}

u32 line_take(struct line *line, u8 *buffer, u32 capacity)
{
    u32 size = (u32)u64_min(line->ready_size, capacity);
    if (line->ready_size == 0)
        line->ended = false;
    for (u32 i = 0; i < size; i++)
        buffer[i] = line->ready[(line->ready_start + i) % LINE_READY_MAX];
    line->ready_start = (line->ready_start + size) % LINE_READY_MAX;
    line->ready_size -= size;
    return size;
}
