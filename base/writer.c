#include "base/base.h"

void writer_init(struct writer *writer, void *data, usize capacity)
{
    *writer = (struct writer){ data, capacity, 0 };
}

void writer_u8(struct writer *writer, u8 value)
{
    if (writer->size < writer->capacity)
        writer->data[writer->size] = value;
    writer->size++;
}

void writer_bytes(struct writer *writer, struct bytes bytes)
{
    usize room = writer_ok(writer) ? writer->capacity - writer->size : 0;
    usize fitting = bytes.size < room ? bytes.size : room;
    if (fitting != 0)
        __builtin_memcpy(writer->data + writer->size, bytes.data, fitting);
    writer->size += bytes.size;
}

void writer_u32(struct writer *writer, u32 value)
{
    writer_bytes(writer, (struct bytes){ (const u8 *)&value, sizeof(value) });
}

void writer_u64(struct writer *writer, u64 value)
{
    writer_bytes(writer, (struct bytes){ (const u8 *)&value, sizeof(value) });
}

void writer_leb_u64(struct writer *writer, u64 value)
{
    for (; value >= 0x80; value >>= 7)
        writer_u8(writer, (u8)(value | 0x80));
    writer_u8(writer, (u8)value);
}

void writer_align(struct writer *writer, usize alignment)
{
    while ((writer->size & (alignment - 1)) != 0)
        writer_u8(writer, 0);
}

void writer_text(struct writer *writer, const char *text)
{
    writer_bytes(writer, bytes_from_text(text));
}

void writer_decimal(struct writer *writer, u64 value)
{
    u8 digits[20];
    usize first = sizeof(digits);
    do {
        digits[--first] = (u8)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    writer_bytes(writer, (struct bytes){ digits + first, sizeof(digits) - first });
}

void writer_signed(struct writer *writer, i64 value)
{
    if (value < 0)
        writer_u8(writer, '-');
    writer_decimal(writer, value < 0 ? 0 - (u64)value : (u64)value);
}

void writer_hex(struct writer *writer, u64 value, u32 digits)
{
    u32 needed = 1;
    while (needed < 16 && value >> (4 * needed) != 0)
        needed++;
    for (u32 digit = digits > needed ? digits : needed; digit-- > 0;)
        writer_u8(writer, digit < 16 ? (u8) "0123456789abcdef"[value >> (4 * digit) & 15] : '0');
}

void writer_hex_bytes(struct writer *writer, struct bytes bytes)
{
    for (usize i = 0; i < bytes.size; i++)
        writer_hex(writer, bytes.data[i], 2);
}

const char *writer_terminate(struct writer *writer)
{
    usize last = writer->size < writer->capacity ? writer->size : writer->capacity - 1;
    writer->data[last] = 0;
    return (const char *)writer->data;
}
