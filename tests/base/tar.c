/* base/tar.h: what tar programs write, and what nobody should. */
#include "base/base.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK = 512, ARCHIVE_BLOCKS = 12 };

static u8 archive[ARCHIVE_BLOCKS * BLOCK];
static usize archive_size;

static void set_checksum(u8 *block)
{
    unsigned sum = 0;
    memset(block + 148, ' ', 8);
    for (u32 i = 0; i < BLOCK; i++)
        sum += block[i];
    snprintf((char *)block + 148, 8, "%06o", sum);
}

static u8 *add(const char *prefix, const char *name, char type, const char *contents)
{
    u8 *block = archive + archive_size;
    memset(block, 0, BLOCK);
    memcpy(block, name, strlen(name));
    snprintf((char *)block + 124, 12, "%011o", (unsigned)strlen(contents));
    block[156] = (u8)type;
    memcpy(block + 257, "ustar\00000", 8);
    memcpy(block + 345, prefix, strlen(prefix));
    set_checksum(block);
    archive_size += BLOCK;
    if (contents[0] != '\0') {
        memset(archive + archive_size, 0, BLOCK);
        memcpy(archive + archive_size, contents, strlen(contents));
        archive_size += BLOCK;
    }
    return block;
}

static void begin(void)
{
    memset(archive, 0, sizeof(archive));
    archive_size = 0;
}

static struct bytes whole(void)
{
    return (struct bytes){ archive, archive_size };
}

static bool holds(const char *name, const char *contents)
{
    struct tar_entry entry;
    return tar_find(whole(), bytes_from_text(name), &entry) &&
           bytes_equal(entry.contents, bytes_from_text(contents));
}

static const char *mistake_of(struct bytes bytes)
{
    struct tar tar;
    struct tar_entry entry;
    tar_init(&tar, bytes);
    while (tar_next(&tar, &entry))
        ;
    return tar.reader.mistake == NULL ? "" : tar.reader.mistake;
}

static void test_good(void)
{
    begin();
    add("", "folder/", '5', "");
    add("", "./folder/first", '0', "one");
    add("long/path", "second", 0, "two");
    add("", "link", '2', "");
    add("", "empty", '0', "");
    archive_size += 2 * BLOCK;
    TAP_OK(holds("folder/first", "one"), "a leading ./ does not count");
    TAP_OK(holds("long/path/second", "two"), "a prefix comes before the name");
    TAP_OK(holds("empty", ""), "a file may be empty");
    struct tar_entry entry;
    TAP_OK(!tar_find(whole(), BYTES_LITERAL("folder/"), &entry) &&
               !tar_find(whole(), BYTES_LITERAL("link"), &entry),
           "directories and links are passed over");
    TAP_OK(!tar_find(whole(), BYTES_LITERAL("third"), &entry), "a file that is not there");
    TAP_OK(mistake_of(whole())[0] == '\0', "the end is two zero blocks");
    archive_size -= 2 * BLOCK;
    TAP_OK(mistake_of(whole())[0] == '\0', "or just the end");
}

static void test_longest_name(void)
{
    char prefix[156];
    char name[101];
    u8 buffer[TAR_NAME_MAX];
    memset(prefix, 'p', 155);
    memset(name, 'n', 100);
    prefix[155] = name[100] = '\0';
    begin();
    add(prefix, name, '0', "x");
    struct tar tar;
    struct tar_entry entry = { 0 };
    tar_init(&tar, whole());
    TAP_OK(tar_next(&tar, &entry) && tar_name(&entry, buffer).size == 256,
           "the longest name has 256 bytes");
}

static void test_bad(void)
{
    begin();
    u8 *block = add("", "file", '0', "contents");
    block[0] = 'F';
    TAP_OK(strstr(mistake_of(whole()), "checksum") != NULL, "a changed header");
    block[0] = 'f';
    block[257] = 'x';
    TAP_OK(strstr(mistake_of(whole()), "ustar") != NULL, "another format");
    block[257] = 'u';
    memcpy(block + 124, "0000000000x", 11);
    set_checksum(block);
    TAP_OK(strstr(mistake_of(whole()), "size") != NULL, "a size that is no number");
    memcpy(block + 124, "777777777777", 12);
    set_checksum(block);
    TAP_OK(strstr(mistake_of(whole()), "cut off") != NULL, "a size beyond the end");
    memcpy(block + 124, "00000000010", 12);
    set_checksum(block);
    TAP_OK(mistake_of((struct bytes){ archive, BLOCK + 8 })[0] == '\0', "padding may be missing");
    TAP_OK(mistake_of((struct bytes){ archive, BLOCK + 7 })[0] != '\0', "a byte may not");
    TAP_OK(mistake_of((struct bytes){ archive, BLOCK - 1 })[0] != '\0', "half a header");
}

int main(void)
{
    test_good();
    test_longest_name();
    test_bad();
    return tap_done();
}
