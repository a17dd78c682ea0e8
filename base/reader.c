#include "base/base.h"

void reader_init(struct reader *reader, struct bytes bytes)
{
    const u8 *end = bytes.size == 0 ? bytes.data : bytes.data + bytes.size; /* NULL has no + */
    *reader = (struct reader){ bytes.data, bytes.data, end, NULL, 0 };
}

void reader_fail_at(struct reader *reader, const char *mistake, usize offset)
{
    if (reader->mistake != NULL)
        return;
    reader->mistake = mistake;
    reader->mistake_offset = offset;
    reader->end = reader->at;
}

void reader_fail(struct reader *reader, const char *mistake)
{
    reader_fail_at(reader, mistake, reader_offset(reader));
}

struct bytes reader_bytes(struct reader *reader, usize size)
{
    if (reader_left(reader) < size) {
        reader_fail(reader, "unexpected end");
        return (struct bytes){ 0 };
    }
    struct bytes bytes = { reader->at, size };
    reader->at += size;
    return bytes;
}

struct reader reader_part(struct reader *reader, usize size)
{
    struct bytes bytes = reader_bytes(reader, size);
    struct reader part = *reader;
    part.at = reader_ok(reader) ? bytes.data : reader->at;
    part.end = part.at + bytes.size;
    return part;
}

u8 reader_u8(struct reader *reader)
{
    if (reader->at == reader->end) {
        reader_fail(reader, "unexpected end");
        return 0;
    }
    return *reader->at++;
}

u32 reader_u32(struct reader *reader)
{
    u32 value = 0;
    struct bytes bytes = reader_bytes(reader, sizeof(value));
    if (bytes.size != 0)
        __builtin_memcpy(&value, bytes.data, sizeof(value));
    return value;
}

u64 reader_u64(struct reader *reader)
{
    u64 value = 0;
    struct bytes bytes = reader_bytes(reader, sizeof(value));
    if (bytes.size != 0)
        __builtin_memcpy(&value, bytes.data, sizeof(value));
    return value;
}

/* An unsigned LEB128 of `bits` bits. */
static u64 leb_unsigned(struct reader *reader, u32 bits)
{
    u64 value = 0;
    for (u32 shift = 0;; shift += 7) {
        usize offset = reader_offset(reader);
        u8 byte = reader_u8(reader);
        if (!reader_ok(reader))
            return 0;
        u32 room = bits - shift;
        if (room < 7 && (byte & 0x7F) >> room != 0) {
            const char *mistake = (byte & 0x80) != 0 ? "integer representation too long"
                                                     : "integer too large";
            reader_fail_at(reader, mistake, offset);
            return 0;
        }
        value |= (u64)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0)
            return value;
        if (room <= 7) {
            reader_fail_at(reader, "integer representation too long", offset);
            return 0;
        }
    }
}

/* A signed LEB128 of `bits` bits: in the last byte the unused bits repeat the sign. */
static i64 leb_signed(struct reader *reader, u32 bits)
{
    u64 value = 0;
    for (u32 shift = 0;; shift += 7) {
        usize offset = reader_offset(reader);
        u8 byte = reader_u8(reader);
        if (!reader_ok(reader))
            return 0;
        u32 room = bits - shift;
        if (room <= 7 && (byte & 0x80) != 0) {
            reader_fail_at(reader, "integer representation too long", offset);
            return 0;
        }
        if (room < 7) {
            u8 unused = (u8)((byte & 0x7F) >> (room - 1));
            if (unused != 0 && unused != 0x7F >> (room - 1)) {
                reader_fail_at(reader, "integer too large", offset);
                return 0;
            }
        }
        value |= (u64)(byte & 0x7F) << shift;
        if ((byte & 0x80) != 0)
            continue;
        u32 width = shift + 7 < 64 ? shift + 7 : 64;
        return (i64)(value << (64 - width)) >> (64 - width);
    }
}

u32 reader_leb_u32(struct reader *reader)
{
    if (reader->at != reader->end && *reader->at < 0x80)
        return *reader->at++;
    return (u32)leb_unsigned(reader, 32);
}

u64 reader_leb_u64(struct reader *reader)
{
    return leb_unsigned(reader, 64);
}

i32 reader_leb_i32(struct reader *reader)
{
    return (i32)leb_signed(reader, 32);
}

i64 reader_leb_i33(struct reader *reader)
{
    return leb_signed(reader, 33);
}

i64 reader_leb_i64(struct reader *reader)
{
    return leb_signed(reader, 64);
}

u32 reader_count(struct reader *reader, usize item_size_min, u32 max, const char *what)
{
    usize offset = reader_offset(reader);
    u32 count = reader_leb_u32(reader);
    if (count > max) {
        reader_fail_at(reader, what, offset);
        return 0;
    }
    if ((u64)count * item_size_min > reader_left(reader)) {
        reader_fail_at(reader, "unexpected end", offset);
        return 0;
    }
    return count;
}

struct bytes reader_name(struct reader *reader)
{
    u32 size = reader_leb_u32(reader);
    usize offset = reader_offset(reader);
    struct bytes name = reader_bytes(reader, size);
    if (!bytes_are_utf8(name))
        reader_fail_at(reader, "malformed UTF-8 encoding", offset);
    return reader_ok(reader) ? name : (struct bytes){ 0 };
}
