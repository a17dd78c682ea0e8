#include "base/tar.h"

/* A header block:
 *
 *   offset size              offset size
 *     0    100  name           156     1  type
 *   100      8  mode           157   100  target of a link
 *   108      8  user           257     6  "ustar" and a zero
 *   116      8  group          263     2  "00"
 *   124     12  size, octal    265    80  names of user and group, device
 *   136     12  time           345   155  prefix
 *   148      8  checksum       500    12  zero */
enum {
    BLOCK_SIZE = 512,
    NAME_SIZE = 100,
    SIZE_OFFSET = 124,
    SIZE_SIZE = 12,
    CHECKSUM_OFFSET = 148,
    CHECKSUM_SIZE = 8,
    TYPE_OFFSET = 156,
    MAGIC_OFFSET = 257,
    PREFIX_OFFSET = 345,
    PREFIX_SIZE = 155,
};

static struct bytes field_text(const u8 *field, usize size)
{
    usize length = 0;
    while (length < size && field[length] != 0)
        length++;
    return (struct bytes){ field, length };
}

/* Octal digits, with spaces before and a space or zero behind; false if it is anything else. */
static bool field_octal(const u8 *field, usize size, u64 *value)
{
    usize at = 0;
    usize digits = 0;
    *value = 0;
    while (at < size && field[at] == ' ')
        at++;
    for (; at < size && field[at] >= '0' && field[at] <= '7'; at++, digits++)
        *value = *value * 8 + (u64)(field[at] - '0');
    return digits > 0 && (at == size || field[at] == ' ' || field[at] == 0);
}

/* The sum of all bytes, with its own field taken as spaces. */
static bool checksum_holds(const u8 *block)
{
    u64 sum = 0;
    u64 expected;
    for (usize i = 0; i < BLOCK_SIZE; i++) {
        bool own = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_SIZE;
        sum += own ? ' ' : block[i];
    }
    return field_octal(block + CHECKSUM_OFFSET, CHECKSUM_SIZE, &expected) && sum == expected;
}

static bool block_is_zero(const u8 *block)
{
    for (usize i = 0; i < BLOCK_SIZE; i++)
        if (block[i] != 0)
            return false;
    return true;
}

void tar_init(struct tar *tar, struct bytes archive)
{
    reader_init(&tar->reader, archive);
}

/* One member of any type; false at the end, or at a mistake. */
static bool next_member(struct reader *reader, struct tar_entry *entry, u8 *type)
{
    if (reader_left(reader) == 0)
        return false;
    const u8 *block = reader_bytes(reader, BLOCK_SIZE).data;
    if (!reader_ok(reader) || block_is_zero(block))
        return false;
    usize start = reader_offset(reader) - BLOCK_SIZE;
    u64 size;
    if (!bytes_start_with((struct bytes){ block + MAGIC_OFFSET, 5 }, BYTES_LITERAL("ustar")))
        reader_fail_at(reader, "tar: not a ustar header", start);
    else if (!checksum_holds(block))
        reader_fail_at(reader, "tar: wrong checksum", start);
    else if (!field_octal(block + SIZE_OFFSET, SIZE_SIZE, &size))
        reader_fail_at(reader, "tar: malformed size", start);
    else if (size > reader_left(reader))
        reader_fail_at(reader, "tar: file is cut off", start);
    if (!reader_ok(reader))
        return false;
    entry->prefix = field_text(block + PREFIX_OFFSET, PREFIX_SIZE);
    entry->name = field_text(block, NAME_SIZE);
    entry->contents = reader_bytes(reader, size);
    reader_bytes(reader, u64_min(u64_align_up(size, BLOCK_SIZE) - size, reader_left(reader)));
    *type = block[TYPE_OFFSET];
    return true;
}

bool tar_next(struct tar *tar, struct tar_entry *entry)
{
    u8 type;
    while (next_member(&tar->reader, entry, &type))
        if (type == '0' || type == 0)
            return true;
    return false;
}

struct bytes tar_name(const struct tar_entry *entry, u8 *buffer)
{
    struct writer writer;
    writer_init(&writer, buffer, TAR_NAME_MAX);
    if (entry->prefix.size != 0) {
        writer_bytes(&writer, entry->prefix);
        writer_u8(&writer, '/');
    }
    writer_bytes(&writer, entry->name);
    struct bytes name = { buffer, writer.size };
    if (bytes_start_with(name, BYTES_LITERAL("./")))
        name = (struct bytes){ buffer + 2, name.size - 2 };
    return name;
}

bool tar_find(struct bytes archive, struct bytes name, struct tar_entry *entry)
{
    struct tar tar;
    u8 buffer[TAR_NAME_MAX];
    tar_init(&tar, archive);
    while (tar_next(&tar, entry))
        if (bytes_equal(tar_name(entry, buffer), name))
            return true;
    return false;
}
