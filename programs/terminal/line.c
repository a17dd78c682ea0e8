#include "programs/terminal/line.h"

#include "lib/memory.h"
#include "programs/terminal/utf8.h"
#include "programs/terminal/width.h"

enum {
    KEY_CONTROL_C = 0x03,
    KEY_CONTROL_D = 0x04,
    KEY_CONTROL_H = 0x08,
    KEY_RETURN = 0x0D,
    KEY_CONTROL_U = 0x15,
    KEY_CONTROL_W = 0x17,
    KEY_CONTROL_Z = 0x1A,
    KEY_RUBOUT = 0x7F,
};

/* ---- What can be read ---- */

static void make_ready(struct line *line, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size && line->ready_size < LINE_READY_MAX; i++) {
        line->ready[(line->ready_start + line->ready_size) % LINE_READY_MAX] = bytes[i];
        line->ready_size++;
    }
}

bool line_is_ready(const struct line *line)
{
    return line->ready_size != 0 || line->end_count != 0;
}

uint32_t line_ready_size(const struct line *line)
{
    return line->end_count != 0 ? line->ends[0] : line->ready_size;
}

uint32_t line_take(struct line *line, uint8_t *buffer, uint32_t capacity)
{
    uint32_t size = line_ready_size(line);
    if (size == 0 && line->end_count != 0)
        memmove(line->ends, line->ends + 1, --line->end_count * sizeof(line->ends[0]));
    if (size > capacity)
        size = capacity;
    for (uint32_t i = 0; i < size; i++)
        buffer[i] = line->ready[(line->ready_start + i) % LINE_READY_MAX];
    line->ready_start = (line->ready_start + size) % LINE_READY_MAX;
    line->ready_size -= size;
    for (uint32_t i = 0; i < line->end_count; i++)
        line->ends[i] -= size;
    return size;
}

/* ---- Echo ---- */

static void show(const struct line *line, const void *bytes, size_t size)
{
    if (!line->no_echo)
        line->echo(line->context, bytes, size);
}

static bool is_control(uint8_t byte)
{
    return byte < 0x20 || byte == KEY_RUBOUT;
}

/* A control character is shown as two. */
static void show_byte(const struct line *line, uint8_t byte)
{
    uint8_t shown[2] = { '^', (uint8_t)(byte ^ 0x40) };
    if (is_control(byte))
        show(line, shown, sizeof(shown));
    else
        show(line, &byte, 1);
}

/* ---- Editing ---- */

static bool erase(struct line *line)
{
    if (line->edited_size == 0)
        return false;
    uint32_t at = (uint32_t)utf8_last(line->edited, line->edited_size);
    uint32_t width = 2;
    if (!is_control(line->edited[at]))
        width = width_of(utf8_read(line->edited + at, line->edited_size - at));
    line->edited_size = at;
    for (uint32_t i = 0; i < width; i++)
        show(line, "\b \b", 3);
    return true;
}

static bool ends_with_blank(const struct line *line)
{
    return line->edited_size > 0 && line->edited[line->edited_size - 1] <= ' ';
}

static void erase_word(struct line *line)
{
    while (ends_with_blank(line))
        erase(line);
    while (!ends_with_blank(line) && erase(line))
        continue;
}

static void end_line(struct line *line)
{
    line->edited[line->edited_size++] = '\n'; /* `add` leaves room for it */
    make_ready(line, line->edited, line->edited_size);
    line->edited_size = 0;
    show(line, "\n", 1);
}

/* Behind some text it ends that; at the beginning of a line it is the end of input. */
static void end_input(struct line *line)
{
    if (line->edited_size == 0 && line->end_count < LINE_ENDS_MAX)
        line->ends[line->end_count++] = line->ready_size;
    make_ready(line, line->edited, line->edited_size);
    line->edited_size = 0;
}

static void add(struct line *line, uint8_t byte)
{
    if (line->edited_size == LINE_BYTES_MAX - 1)
        return;
    line->edited[line->edited_size++] = byte;
    show_byte(line, byte);
}

void line_forget(struct line *line)
{
    line->edited_size = line->ready_size = line->end_count = 0;
}

static enum line_event forget(struct line *line, enum line_event event)
{
    line_forget(line);
    return event;
}

void line_show_key(const struct line *line, const char *key)
{
    show(line, key, strlen(key));
}

static void edit(struct line *line, uint8_t byte)
{
    switch (byte) {
    case KEY_CONTROL_H:
    case KEY_RUBOUT:
        erase(line);
        break;
    case KEY_CONTROL_U:
        while (erase(line))
            continue;
        break;
    case KEY_CONTROL_W:
        erase_word(line);
        break;
    case KEY_CONTROL_D:
        end_input(line);
        break;
    case KEY_RETURN:
    case '\n':
        end_line(line);
        break;
    default:
        add(line, byte);
        break;
    }
}

enum line_event line_type(struct line *line, uint8_t byte)
{
    if (byte == KEY_CONTROL_C && (!line->raw || line->takes_interrupt))
        return forget(line, LINE_INTERRUPT);
    if (byte == KEY_CONTROL_Z && line->takes_stop)
        return forget(line, LINE_STOP);
    if (!line->raw) {
        edit(line, byte);
        return LINE_NOTHING;
    }
    make_ready(line, &byte, 1);
    show(line, &byte, 1);
    return LINE_NOTHING;
}

void line_set_mode(struct line *line, bool raw, bool no_echo)
{
    if (raw) {
        make_ready(line, line->edited, line->edited_size);
        line->edited_size = 0;
    }
    line->raw = raw;
    line->no_echo = no_echo;
}
