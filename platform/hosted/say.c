#include "platform/hosted/say.h"

#include "platform/hosted/machine_stop.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static bool as_json;

void say_as_json(void)
{
    as_json = true;
}

bool say_is_json(void)
{
    return as_json;
}

/* Bytes of the character at `at`; 0: it is none, or one that controls a terminal. */
static usize printable_size(struct bytes text, usize at)
{
    u8 first = text.data[at];
    usize size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    struct bytes character = { text.data + at, u64_min(size, text.size - at) };
    bool control = first < 0x20 || first == 0x7F ||
                   (first == 0xC2 && size == 2 && character.size == 2 && character.data[1] < 0xA0);
    return control || !bytes_are_utf8(character) ? 0 : size;
}

void say_write_harmless(struct writer *writer, struct bytes text)
{
    for (usize at = 0; at < text.size;) {
        usize size = text.data[at] == '\n' ? 1 : printable_size(text, at);
        if (size == 0) {
            writer_text(writer, "\\x");
            writer_hex(writer, text.data[at], 2);
            size = 1;
        } else {
            writer_bytes(writer, (struct bytes){ text.data + at, size });
        }
        at += size;
    }
}

void say_write_json(struct writer *writer, struct bytes text)
{
    for (usize at = 0; at < text.size;) {
        u8 first = text.data[at];
        usize size = printable_size(text, at);
        if (first == '"' || first == '\\') {
            writer_u8(writer, '\\');
            writer_u8(writer, first);
        } else if (first == '\n') {
            writer_text(writer, "\\n");
        } else if (size != 0) {
            writer_bytes(writer, (struct bytes){ text.data + at, size });
        } else if (first < 0x80) {
            writer_text(writer, "\\u");
            writer_hex(writer, first, 4);
        } else {
            writer_text(writer, "\\ufffd");
        }
        at += size == 0 ? 1 : size;
    }
}

static void write_field(struct writer *writer, const struct say_field *field)
{
    writer_text(writer, ",\"");
    writer_text(writer, field->name);
    writer_text(writer, "\":");
    if (field->text.data == NULL) {
        writer_signed(writer, field->number);
        return;
    }
    writer_u8(writer, '"');
    say_write_json(writer, field->text);
    writer_u8(writer, '"');
}

static void write_line(struct writer *writer, const char *event, struct bytes message,
                       const struct say_field *fields, u32 field_count)
{
    if (!as_json) {
        writer_text(writer, "weft: ");
        say_write_harmless(writer, message);
        writer_text(writer, "\n");
        return;
    }
    writer_text(writer, "{\"event\":\"");
    writer_text(writer, event);
    writer_text(writer, "\",\"message\":\"");
    say_write_json(writer, message);
    writer_u8(writer, '"');
    for (u32 i = 0; i < field_count; i++)
        write_field(writer, &fields[i]);
    writer_text(writer, "}\n");
}

void say_fields(const char *event, struct bytes message, const struct say_field *fields,
                u32 field_count)
{
    struct writer writer;
    writer_init(&writer, NULL, 0);
    write_line(&writer, event, message, fields, field_count);
    usize size = writer.size;
    u8 *line = malloc(size);
    if (line == NULL)
        return;
    writer_init(&writer, line, size);
    write_line(&writer, event, message, fields, field_count);
    stop_say((struct bytes){ line, size });
    free(line);
}

void say(const char *event, const char *format, ...)
{
    char *message = NULL;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&message, format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    say_fields(event, (struct bytes){ (u8 *)message, (usize)size }, NULL, 0);
    free(message);
}
