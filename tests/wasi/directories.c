/* fd_readdir. */
#include "tests/wasi/support/case.h"

enum { HEAD = 24, COUNT = 300 };

struct dirent {
    uint64_t next;
    uint64_t inode;
    uint32_t name_size;
    uint8_t type;
};

struct found {
    uint32_t entries;
    uint32_t files;
    bool has_dot;
    bool has_dots;
    bool is_sound;
    uint64_t last;
};

static uint8_t buffer[1 << 16];
static uint32_t used;

/* Takes the whole entries of the buffer. */
static void take(struct found *found)
{
    uint32_t offset = 0;
    struct dirent entry;
    while (offset + HEAD <= used) {
        memcpy(&entry, buffer + offset, HEAD);
        if (offset + HEAD + entry.name_size > used)
            return;
        const char *name = (const char *)buffer + offset + HEAD;
        found->entries++;
        found->has_dot = found->has_dot || (entry.name_size == 1 && name[0] == '.');
        found->has_dots = found->has_dots || (entry.name_size == 2 && memcmp(name, "..", 2) == 0);
        if (entry.name_size > 5 && memcmp(name, "entry", 5) == 0) {
            found->files++;
            found->is_sound = found->is_sound && entry.type == TYPE_FILE && entry.inode != 0;
        }
        found->last = entry.next;
        offset += HEAD + entry.name_size;
    }
}

/* Reads a whole directory with a buffer of that size. */
static struct found read_all(uint32_t fd, uint32_t capacity)
{
    struct found found = { .is_sound = true };
    do {
        uint32_t before = found.entries;
        if (raw_fd_readdir(fd, at(buffer), capacity, found.last, at(&used)) != SUCCESS)
            found.is_sound = false;
        take(&found);
        if (used == capacity && found.entries == before)
            found.is_sound = false; /* an entry that never fits */
    } while (used == capacity && found.is_sound);
    return found;
}

static void test_whole(uint32_t fd)
{
    static const uint32_t sizes[] = { 60, 64, 100, 256, 1000, 4096, 65536 };
    for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct found found = read_all(fd, sizes[i]);
        TAP_OK(found.is_sound && found.files == COUNT && found.entries == COUNT + 2,
               "each entry once, whatever the buffer's size");
        TAP_OK(found.has_dot && found.has_dots, "the two dots are there");
    }
}

static void test_cut_off(uint32_t fd)
{
    struct dirent first;
    struct dirent again;
    GIVES(SUCCESS, raw_fd_readdir(fd, at(buffer), HEAD, 0, at(&used)), "room for a head");
    TAP_OK(used == HEAD, "is filled");
    memcpy(&first, buffer, HEAD);
    GIVES(SUCCESS, raw_fd_readdir(fd, at(buffer), 10, 0, at(&used)), "room for less");
    TAP_OK(used == 10, "is filled, too");
    GIVES(SUCCESS, raw_fd_readdir(fd, at(buffer), 0, 0, at(&used)), "no room");
    TAP_OK(used == 0, "for nothing");
    GIVES(SUCCESS, raw_fd_readdir(fd, at(buffer), 4096, first.next, at(&used)), "behind the first");
    memcpy(&again, buffer, HEAD);
    TAP_OK(again.next != first.next && used == 4096, "comes another");
    GIVES(SUCCESS, raw_fd_readdir(fd, at(buffer), 4096, read_all(fd, 4096).last, at(&used)),
          "behind the last");
    TAP_OK(used == 0, "comes none");
}

static void test_errors(uint32_t fd)
{
    uint32_t other;
    GIVES(FAULT, raw_fd_readdir(fd, NOWHERE, 4096, 0, at(&used)), "bad buffer");
    GIVES(FAULT, raw_fd_readdir(fd, at(buffer), 4096, 0, NOWHERE), "bad pointer for the size");
    GIVES(BADF, raw_fd_readdir(88, at(buffer), 4096, 0, at(&used)), "no descriptor");
    open_at(ROOT, "many/entry0", 0, R_READ, &other);
    GIVES(NOTDIR, raw_fd_readdir(other, at(buffer), 4096, 0, at(&used)), "a file");
    raw_fd_close(other);
    open_at(ROOT, "many", DIRECTORY, R_OPEN, &other);
    GIVES(NOTCAPABLE, raw_fd_readdir(other, at(buffer), 4096, 0, at(&used)), "without the right");
    raw_fd_close(other);
    GIVES(NOTDIR, raw_fd_readdir(1, at(buffer), 4096, 0, at(&used)), "a stream");
}

/* What is created and removed meanwhile: the rest is still there once. */
static void test_changes(uint32_t fd)
{
    struct found found = { .is_sound = true };
    raw_fd_readdir(fd, at(buffer), 1000, 0, at(&used));
    take(&found);
    unlink_file(ROOT, "many/entry0");
    make_file(ROOT, "many/other", "");
    while (used != 0) {
        raw_fd_readdir(fd, at(buffer), 1000, found.last, at(&used));
        take(&found);
    }
    TAP_OK(found.files == COUNT || found.files == COUNT - 1, "changes meanwhile disturb no others");
    struct found fresh = read_all(fd, 4096);
    TAP_OK(fresh.files == COUNT - 1 && fresh.entries == COUNT + 2, "from the start they are seen");
    unlink_file(ROOT, "many/other");
}

static void test_kinds(void)
{
    uint32_t fd;
    uint32_t types[8] = { 0 };
    make_directory(ROOT, "kinds");
    make_directory(ROOT, "kinds/directory");
    make_file(ROOT, "kinds/file", "");
    make_link("file", ROOT, "kinds/link");
    open_at(ROOT, "kinds", DIRECTORY, R_READDIR, &fd);
    raw_fd_readdir(fd, at(buffer), 4096, 0, at(&used));
    for (uint32_t offset = 0; offset < used;) {
        struct dirent entry;
        memcpy(&entry, buffer + offset, HEAD);
        types[entry.type & 7]++;
        offset += HEAD + entry.name_size;
    }
    TAP_OK(types[TYPE_DIRECTORY] == 3 && types[TYPE_FILE] == 1 && types[TYPE_LINK] == 1,
           "entries tell their types");
    raw_fd_close(fd);
    unlink_file(ROOT, "kinds/link");
    unlink_file(ROOT, "kinds/file");
    remove_directory(ROOT, "kinds/directory");
    remove_directory(ROOT, "kinds");
}

int main(void)
{
    char name[32];
    uint32_t fd;
    bool made = make_directory(ROOT, "many") == SUCCESS;
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(name, sizeof(name), "many/entry%u", i);
        made = made && make_file(ROOT, name, "");
    }
    TAP_OK(made, "three hundred files");
    GIVES(SUCCESS, open_at(ROOT, "many", DIRECTORY, R_READDIR, &fd), "their directory");
    test_whole(fd);
    test_cut_off(fd);
    test_errors(fd);
    test_changes(fd);
    test_kinds();
    return tap_done();
}
