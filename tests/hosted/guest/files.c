/* Each function of `files` on the host's own directories; prints TAP. Beside it the test has made:
 * `dir:/data` with a file `hello` ("hello, world"), a directory `folder` with `inner` in it, links
 * `inside` (to hello), `outside` (to ../secret), `absolute` (to /etc/passwd), `dangling`, a pipe
 * `pipe`; `dir:/fixed` is the same directory, read-only; `dir:/other` is another, empty. */
#include "interface/files_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

enum { BUFFER = 128 << 10, NONE = -1 };

enum {
    CREATE = FILES_OPEN_FLAGS_CREATE,
    DIRECTORY = FILES_OPEN_FLAGS_DIRECTORY,
    EXCLUSIVE = FILES_OPEN_FLAGS_EXCLUSIVE,
    TRUNCATE = FILES_OPEN_FLAGS_TRUNCATE,
    FOLLOW = FILES_OPEN_FLAGS_FOLLOW,
    READ = FILES_OPEN_FLAGS_READ,
    WRITE = FILES_OPEN_FLAGS_WRITE,
    APPEND = FILES_OPEN_FLAGS_APPEND,
};

static _Alignas(8) uint8_t buffer[BUFFER];
static uint32_t count;
static int32_t data, fixed, other;

static bool ok(bool passed, const char *name)
{
    print(passed ? "ok " : "not ok ");
    print_number(++count);
    print(" - ");
    print(name);
    print("\n");
    return passed;
}

static struct weft_client on(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = BUFFER };
}

static struct weft_bytes text_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, strlen(text) };
}

/* ---- Calls with short results: the error, NONE if there was none ---- */

static int32_t last_node;

static int open(int32_t directory, const char *path, uint32_t flags)
{
    struct files_node_error_result result;
    struct weft_client client = on(directory);
    if (files_node_open(&client, text_of(path), flags, &result) != WEFT_OK)
        return -2;
    last_node = result.failed ? -1 : result.value;
    return result.failed ? (int)result.error : NONE;
}

static int32_t opened(int32_t directory, const char *path, uint32_t flags)
{
    return open(directory, path, flags) == NONE ? last_node : -1;
}

static int end(enum weft_status status, const struct files_none_error_result *result)
{
    return status != WEFT_OK ? -2 : result->failed ? (int)result->error : NONE;
}

static int write(int32_t node, uint64_t offset, const char *text)
{
    struct files_u32_error_result result;
    struct weft_client client = on(node);
    if (files_node_write(&client, offset, text_of(text), &result) != WEFT_OK)
        return -2;
    return result.failed ? (int)result.error : result.value == strlen(text) ? NONE : -3;
}

/* Whether the whole file is that text. */
static bool holds(int32_t node, const char *text)
{
    struct files_bytes_error_result result;
    struct weft_client client = on(node);
    return files_node_read(&client, 0, 4096, &result) == WEFT_OK && !result.failed &&
           result.value.size == strlen(text) &&
           memcmp(result.value.data, text, result.value.size) == 0;
}

static int read_error(int32_t node, uint64_t offset)
{
    struct files_bytes_error_result result;
    struct weft_client client = on(node);
    if (files_node_read(&client, offset, 10, &result) != WEFT_OK)
        return -2;
    return result.failed ? (int)result.error : NONE;
}

static int create_directory(int32_t directory, const char *path)
{
    struct files_none_error_result result;
    struct weft_client client = on(directory);
    return end(files_node_create_directory(&client, text_of(path), &result), &result);
}

static int remove_directory(int32_t directory, const char *path)
{
    struct files_none_error_result result;
    struct weft_client client = on(directory);
    return end(files_node_remove_directory(&client, text_of(path), &result), &result);
}

static int unlink(int32_t directory, const char *path)
{
    struct files_none_error_result result;
    struct weft_client client = on(directory);
    return end(files_node_unlink(&client, text_of(path), &result), &result);
}

static int rename(int32_t from, const char *path, int32_t to, const char *to_path)
{
    struct files_none_error_result result;
    struct weft_client client = on(from);
    return end(files_node_rename(&client, text_of(path), to, text_of(to_path), &result), &result);
}

static int link(int32_t from, const char *path, bool follow, int32_t to, const char *to_path)
{
    struct files_none_error_result result;
    struct weft_client client = on(from);
    return end(files_node_link(&client, text_of(path), follow, to, text_of(to_path), &result),
               &result);
}

static int symlink(int32_t directory, const char *target, const char *path)
{
    struct files_none_error_result result;
    struct weft_client client = on(directory);
    return end(files_node_symlink(&client, text_of(target), text_of(path), &result), &result);
}

static struct files_status last_status;

static int status_at(int32_t directory, const char *path, bool follow)
{
    struct files_status_error_result result;
    struct weft_client client = on(directory);
    if (files_node_status_at(&client, text_of(path), follow, &result) != WEFT_OK)
        return -2;
    if (!result.failed)
        last_status = result.value;
    return result.failed ? (int)result.error : NONE;
}

static int set_size(int32_t node, uint64_t size)
{
    struct files_none_error_result result;
    struct weft_client client = on(node);
    return end(files_node_set_size(&client, size, &result), &result);
}

/* ---- Opening ---- */

static void test_open(void)
{
    ok(holds(opened(data, "hello", READ), "hello, world"), "a file that is there");
    ok(open(data, "nothing", READ) == FILES_ERROR_NOT_FOUND, "one that is not");
    ok(open(data, "hello", READ | CREATE | EXCLUSIVE) == FILES_ERROR_EXISTS, "exclusive");
    ok(open(data, "folder", READ | WRITE) == FILES_ERROR_IS_DIRECTORY, "a directory to write");
    ok(open(data, "folder", DIRECTORY | READ | WRITE) == NONE, "a directory as one");
    ok(open(data, "hello", DIRECTORY) == FILES_ERROR_NOT_DIRECTORY, "a file as a directory");
    ok(open(data, "hello/", READ) == FILES_ERROR_NOT_DIRECTORY, "a file with a slash");
    ok(open(data, "hello/below", READ) == FILES_ERROR_NOT_DIRECTORY, "below a file");
    ok(open(data, "", READ) == FILES_ERROR_NOT_FOUND, "an empty path");
    ok(open(data, "new", CREATE | DIRECTORY) == FILES_ERROR_INVALID,
       "creating by opening: files only");
    ok(open(data, "inside", READ | FOLLOW) == NONE, "a link, followed");
    ok(open(data, "inside", READ) == FILES_ERROR_LOOP, "a link, not followed");
    static const char *const out[] = { "..",       "../secret",           "/etc/passwd",  "outside",
                                       "absolute", "folder/../../secret", "folder/../..", "/" };
    for (uint32_t i = 0; i < sizeof(out) / sizeof(out[0]); i++)
        ok(open(data, out[i], READ | FOLLOW) == FILES_ERROR_NOT_CAPABLE, out[i]);
    ok(open(opened(data, "hello", READ), "x", READ) == FILES_ERROR_NOT_DIRECTORY,
       "a file is no directory to open below");
}

/* ---- Bytes ---- */

static void test_bytes(void)
{
    int32_t node = opened(data, "bytes", READ | WRITE | CREATE | EXCLUSIVE);
    ok(node >= 0 && holds(node, ""), "a new file is empty");
    ok(write(node, 0, "0123456789") == NONE && holds(node, "0123456789"), "write and read");
    ok(write(node, 4, "xx") == NONE && holds(node, "0123xx6789"), "write within");
    ok(write(node, 12, "z") == NONE && set_size(node, 11) == NONE, "write beyond the end");
    ok(set_size(node, 4) == NONE && holds(node, "0123"), "cut off");
    ok(read_error(node, 100) == NONE, "reading beyond the end gives nothing");
    ok(read_error(node, UINT64_MAX) == FILES_ERROR_INVALID, "there is no such offset");
    ok(write(node, UINT64_MAX, "x") == FILES_ERROR_TOO_BIG, "nor one to write at");
    ok(set_size(node, UINT64_MAX) == FILES_ERROR_INVALID, "nor such a size");
    int32_t appending = opened(data, "bytes", WRITE | APPEND);
    ok(write(appending, 0, "end") == NONE && holds(node, "0123end"), "append");
    ok(read_error(appending, 0) == FILES_ERROR_BAD_DESCRIPTOR, "not opened to read");
    int32_t reading = opened(data, "bytes", READ);
    ok(write(reading, 0, "x") == FILES_ERROR_BAD_DESCRIPTOR, "not opened to write");
    ok(set_size(reading, 0) == FILES_ERROR_INVALID, "nor to be cut off");
    ok(opened(data, "bytes", READ | WRITE | TRUNCATE) >= 0 && holds(node, ""), "truncate");
    ok(read_error(data, 0) == FILES_ERROR_IS_DIRECTORY, "a directory has no bytes");
    struct files_none_error_result result;
    struct weft_client client = on(node);
    ok(end(files_node_allocate(&client, 0, 1000, &result), &result) == NONE, "allocate");
    ok(end(files_node_allocate(&client, 0, 0, &result), &result) == FILES_ERROR_INVALID,
       "allocate nothing");
    ok(status_at(data, "bytes", false) == NONE && last_status.size == 1000, "it has grown");
    ok(end(files_node_advise(&client, 0, 10, FILES_ADVICE_WILL_NEED, &result), &result) == NONE,
       "advise");
    ok(end(files_node_sync(&client, false, &result), &result) == NONE &&
           end(files_node_sync(&client, true, &result), &result) == NONE,
       "sync");
    ok(unlink(data, "bytes") == NONE && write(node, 0, "still") == NONE,
       "a file without a name is still there for who has it");
}

static void test_large(void)
{
    static uint8_t large[64 << 10];
    struct files_u32_error_result wrote;
    struct files_bytes_error_result read;
    for (uint32_t i = 0; i < sizeof(large); i++)
        large[i] = (uint8_t)(i * 7);
    int32_t node = opened(data, "large", READ | WRITE | CREATE);
    struct weft_client client = on(node);
    struct weft_bytes all = { large, sizeof(large) };
    ok(files_node_write(&client, 0, all, &wrote) == WEFT_OK && wrote.value == sizeof(large) &&
           files_node_read(&client, 0, sizeof(large), &read) == WEFT_OK &&
           read.value.size == sizeof(large) && memcmp(read.value.data, large, sizeof(large)) == 0,
       "64 KiB at once");
    unlink(data, "large");
}

/* ---- Names ---- */

static void test_names(void)
{
    ok(create_directory(data, "made") == NONE &&
           create_directory(data, "made/") == FILES_ERROR_EXISTS,
       "create a directory, once");
    ok(create_directory(data, "none/made") == FILES_ERROR_NOT_FOUND, "not below nothing");
    ok(create_directory(data, "../made") == FILES_ERROR_NOT_CAPABLE, "not outside");
    ok(create_directory(data, "outside/x") == FILES_ERROR_NOT_CAPABLE, "not through a link");
    ok(remove_directory(data, "folder") == FILES_ERROR_NOT_EMPTY, "remove: not empty");
    ok(remove_directory(data, "hello") == FILES_ERROR_NOT_DIRECTORY, "remove: not a directory");
    ok(remove_directory(data, "..") == FILES_ERROR_NOT_CAPABLE, "remove: not outside");
    ok(unlink(data, "made") == FILES_ERROR_IS_DIRECTORY, "unlink: a directory");
    ok(remove_directory(data, "made/") == NONE, "remove, with a slash");
    ok(unlink(data, "made") == FILES_ERROR_NOT_FOUND, "it is gone");
    ok(unlink(data, "hello/") == FILES_ERROR_NOT_DIRECTORY, "unlink: a file with a slash");

    opened(data, "one", CREATE | WRITE);
    ok(rename(data, "one", data, "two") == NONE &&
           status_at(data, "one", false) == FILES_ERROR_NOT_FOUND,
       "rename");
    ok(rename(data, "two", other, "moved") == NONE && status_at(other, "moved", false) == NONE,
       "rename into another grant");
    ok(rename(other, "moved", data, "../moved") == FILES_ERROR_NOT_CAPABLE, "not out of it");
    ok(rename(other, "moved", data, "folder") == FILES_ERROR_IS_DIRECTORY, "nor over a directory");
    ok(rename(other, "moved", opened(data, "hello", READ), "x") == FILES_ERROR_NOT_DIRECTORY,
       "nor below a file");

    ok(link(other, "moved", false, other, "again") == NONE &&
           status_at(other, "again", false) == NONE && last_status.links == 2,
       "link");
    ok(link(data, "outside", true, other, "stolen") == FILES_ERROR_NOT_CAPABLE,
       "a link is not made to what is outside");
    ok(link(data, "outside", false, other, "pointer") == NONE &&
           status_at(other, "pointer", false) == NONE &&
           last_status.kind == FILES_NODE_KIND_SYMBOLIC_LINK,
       "a symbolic link can have a second name");
    ok(link(data, "folder", false, other, "x") == FILES_ERROR_NOT_PERMITTED, "a directory cannot");
    ok(link(other, "moved", false, other, "again") == FILES_ERROR_EXISTS,
       "nor can a name serve twice");
    unlink(other, "again");
    unlink(other, "moved");
    unlink(other, "pointer");
}

static void test_symlinks(void)
{
    struct files_string_error_result target;
    struct weft_client client = on(data);
    ok(symlink(data, "hello", "soft") == NONE && open(data, "soft", READ | FOLLOW) == NONE,
       "symlink");
    ok(symlink(data, "/etc/passwd", "hard") == FILES_ERROR_NOT_PERMITTED, "not to absolute paths");
    ok(symlink(data, "../secret", "up") == NONE &&
           open(data, "up", READ | FOLLOW) == FILES_ERROR_NOT_CAPABLE,
       "one that leads out leads nowhere");
    ok(files_node_read_link(&client, WEFT_BYTES("soft"), &target) == WEFT_OK && !target.failed &&
           target.value.size == 5,
       "read a link");
    ok(files_node_read_link(&client, WEFT_BYTES("hello"), &target) == WEFT_OK && target.failed &&
           target.error == FILES_ERROR_INVALID,
       "what is no link has no target");
    ok(files_node_read_link(&client, WEFT_BYTES("outside/"), &target) == WEFT_OK && target.failed &&
           target.error == FILES_ERROR_NOT_CAPABLE,
       "a slash does not make it tell of what is outside");
    ok(status_at(data, "dangling", false) == NONE &&
           status_at(data, "dangling", true) == FILES_ERROR_NOT_FOUND,
       "a link that dangles");
    unlink(data, "soft");
    unlink(data, "up");
}

/* ---- Status ---- */

static int set_times(int32_t directory, const char *path, uint64_t accessed, uint64_t modified)
{
    struct files_none_error_result result;
    struct weft_client client = on(directory);
    struct files_new_time times[2] = { { .tag = FILES_NEW_TIME_AT, .at = accessed },
                                       { .tag = FILES_NEW_TIME_AT, .at = modified } };
    return end(files_node_set_times_at(&client, text_of(path), false, times[0], times[1], &result),
               &result);
}

static void test_status(void)
{
    struct files_status_error_result result;
    struct files_none_error_result none;
    struct weft_client client = on(opened(data, "hello", READ));
    ok(files_node_status(&client, &result) == WEFT_OK && result.value.size == 12 &&
           result.value.kind == FILES_NODE_KIND_REGULAR_FILE && result.value.links == 1,
       "status of a file");
    uint64_t inode = result.value.inode;
    ok(status_at(data, "inside", true) == NONE && last_status.inode == inode, "through a link");
    ok(status_at(data, "inside", false) == NONE && last_status.inode != inode,
       "of the link itself");
    ok(status_at(data, "..", true) == FILES_ERROR_NOT_CAPABLE, "not of what is outside");
    ok(set_times(data, "inside", 1000000007, 2000000009) == NONE &&
           status_at(data, "inside", false) == NONE && last_status.modified == 2000000009,
       "set times of a link");
    struct files_new_time keep = { .tag = FILES_NEW_TIME_KEEP };
    struct files_new_time at = { .tag = FILES_NEW_TIME_AT, .at = 5000000005 };
    ok(files_node_set_times(&client, at, keep, &none) == WEFT_OK && !none.failed &&
           status_at(data, "hello", false) == NONE && last_status.accessed == 5000000005 &&
           last_status.modified != 5000000005,
       "set one time, keep the other");
    ok(set_times(fixed, "hello", 1, 1) == FILES_ERROR_READ_ONLY, "not in a read-only grant");
    struct files_space_error_result space;
    client = on(data);
    ok(files_node_space(&client, &space) == WEFT_OK && !space.failed &&
           space.value.total >= space.value.free && space.value.total > 0,
       "room on the disk");
}

static void test_flags(void)
{
    struct files_open_flags_error_result flags;
    struct files_none_error_result none;
    int32_t node = opened(data, "flags", READ | WRITE | CREATE);
    struct weft_client client = on(node);
    write(node, 0, "ab");
    ok(files_node_set_flags(&client, APPEND, &none) == WEFT_OK && !none.failed, "set append");
    ok(write(node, 0, "cd") == NONE && holds(node, "abcd"), "it appends");
    ok(files_node_flags(&client, &flags) == WEFT_OK && flags.value == (READ | WRITE | APPEND),
       "the flags tell");
    ok(files_node_set_flags(&client, 0, &none) == WEFT_OK && write(node, 0, "X") == NONE &&
           holds(node, "Xbcd"),
       "and not any more");
    client = on(data);
    ok(files_node_flags(&client, &flags) == WEFT_OK && (flags.value & DIRECTORY) != 0,
       "a directory says that it is one");
    unlink(data, "flags");
}

/* ---- Rights ---- */

static int32_t narrowed(int32_t node, uint32_t flags)
{
    struct files_node_error_result result;
    struct weft_client client = on(node);
    enum weft_status status = files_node_narrow(&client, flags, &result);
    return status == WEFT_OK && !result.failed ? result.value : -1;
}

static void test_fixed(int32_t directory)
{
    ok(holds(opened(directory, "hello", READ), "hello, world"), "read-only: read");
    ok(open(directory, "hello", READ | WRITE) == FILES_ERROR_READ_ONLY, "read-only: write");
    ok(open(directory, "hello", READ | TRUNCATE) == FILES_ERROR_READ_ONLY, "read-only: truncate");
    ok(open(directory, "new", READ | CREATE) == FILES_ERROR_READ_ONLY, "read-only: create");
    ok(open(directory, "hello", READ | CREATE) == NONE,
       "read-only: what is there need not be created");
    ok(open(directory, "hello", READ | CREATE | EXCLUSIVE) == FILES_ERROR_EXISTS,
       "read-only: exclusive");
    ok(create_directory(directory, "x") == FILES_ERROR_READ_ONLY, "read-only: directory");
    ok(unlink(directory, "hello") == FILES_ERROR_READ_ONLY, "read-only: unlink");
    ok(remove_directory(directory, "folder") == FILES_ERROR_READ_ONLY, "read-only: remove");
    ok(rename(directory, "hello", data, "x") == FILES_ERROR_READ_ONLY, "read-only: rename from");
    ok(rename(data, "hello", directory, "x") == FILES_ERROR_READ_ONLY, "read-only: rename to");
    ok(link(directory, "hello", false, data, "x") == FILES_ERROR_READ_ONLY,
       "read-only: no second name elsewhere, by which it could be written");
    ok(symlink(directory, "hello", "x") == FILES_ERROR_READ_ONLY, "read-only: symlink");
    int32_t below = opened(directory, "folder", DIRECTORY | READ | WRITE);
    ok(below >= 0 && open(below, "inner", WRITE) == FILES_ERROR_READ_ONLY,
       "read-only: a directory below is no way around");
    int32_t again = narrowed(directory, READ | WRITE | APPEND);
    ok(again >= 0 && create_directory(again, "x") == FILES_ERROR_READ_ONLY,
       "read-only: narrowing gives nothing back");
}

static void test_narrow(void)
{
    int32_t node = opened(data, "narrow", READ | WRITE | CREATE);
    int32_t reader = narrowed(node, READ);
    int32_t appender = narrowed(node, APPEND);
    ok(write(node, 0, "ab") == NONE && holds(reader, "ab"), "narrowed to read");
    ok(write(reader, 0, "x") == FILES_ERROR_BAD_DESCRIPTOR, "it cannot write");
    ok(write(appender, 0, "cd") == NONE && holds(node, "abcd"), "narrowed to append");
    ok(set_size(appender, 0) == FILES_ERROR_INVALID, "it cannot cut off");
    struct files_none_error_result none;
    struct weft_client client = on(appender);
    files_node_set_flags(&client, 0, &none);
    ok(write(appender, 0, "ef") == NONE && holds(node, "abcdef"), "nor stop appending");
    unlink(data, "narrow");
}

/* ---- Listing ---- */

static uint32_t list_all(int32_t directory, uint32_t bytes, bool *dots)
{
    struct files_entry_list_error_result result;
    struct weft_client client = on(directory);
    uint64_t from = 0;
    uint32_t seen = 0;
    *dots = false;
    for (;;) {
        if (files_node_list(&client, from, bytes, &result) != WEFT_OK || result.failed)
            return UINT32_MAX;
        if (result.value.count == 0)
            return seen;
        for (uint32_t i = 0; i < result.value.count; i++) {
            const struct files_entry *entry = &result.value.data[i];
            *dots |= entry->name.size == 1 && entry->name.data[0] == '.';
            from = entry->next;
        }
        seen += result.value.count;
    }
}

static void test_list(void)
{
    enum { FILES = 300 };
    char name[] = "file-000";
    bool dots;
    create_directory(data, "many");
    int32_t many = opened(data, "many", DIRECTORY | READ | WRITE);
    for (uint32_t i = 0; i < FILES; i++) {
        name[5] = (char)('0' + i / 100);
        name[6] = (char)('0' + i / 10 % 10);
        name[7] = (char)('0' + i % 10);
        opened(many, name, CREATE | WRITE);
    }
    ok(list_all(many, 65536, &dots) == FILES + 2 && dots, "list all at once");
    ok(list_all(many, 100, &dots) == FILES + 2, "list a few at a time");
    ok(list_all(many, 10, &dots) == UINT32_MAX, "too little room for one entry is a mistake");
    ok(list_all(opened(data, "hello", READ), 1000, &dots) == UINT32_MAX, "a file has no entries");
    struct files_entry_list_error_result result;
    struct weft_client client = on(many);
    ok(files_node_list(&client, UINT64_MAX, 1000, &result) == WEFT_OK && result.failed,
       "there is no such place to go on");
    for (uint32_t i = 0; i < FILES; i++) {
        name[5] = (char)('0' + i / 100);
        name[6] = (char)('0' + i / 10 % 10);
        name[7] = (char)('0' + i % 10);
        unlink(many, name);
    }
    ok(list_all(many, 1000, &dots) == 2 && remove_directory(data, "many") == NONE,
       "an empty directory has itself and its parent");
}

/* ---- What waits ---- */

static void test_pipe(void)
{
    struct files_bytes_error_result result;
    struct weft_event event;
    struct body_reader reader;
    int32_t node = opened(data, "pipe", READ | WRITE);
    struct weft_client client = on(node);
    int64_t id = files_node_read_send(&client, 0, 100, WEFT_WANT_ANSWER);
    ok(id > 0 && weft_wait(&id, 1, &event, buffer, BUFFER, 0) == WEFT_EVENT_NONE,
       "reading an empty pipe waits");
    static _Alignas(8) uint8_t elsewhere[256];
    struct weft_client writer = { .slot = node, .buffer = elsewhere, .capacity = 256 };
    struct files_u32_error_result wrote;
    ok(files_node_write(&writer, 0, WEFT_BYTES("piped"), &wrote) == WEFT_OK && wrote.value == 5,
       "until somebody writes");
    ok(weft_wait(&id, 1, &event, buffer, BUFFER, -1) == WEFT_EVENT_ANSWER, "then it is answered");
    body_reader_init(&reader, &event, buffer);
    ok(files_node_read_result_decode(&reader, &result) && !result.failed && result.value.size == 5,
       "with what was written");
    id = files_node_read_send(&client, 0, 100, WEFT_WANT_ANSWER);
    ok(weft_answer(id, 0, NULL, 0, NULL, 0) == WEFT_OK, "who waits can give up");
    struct files_none_error_result none;
    files_node_set_flags(&client, FILES_OPEN_FLAGS_NON_BLOCKING, &none);
    ok(read_error(node, 0) == FILES_ERROR_AGAIN, "or not wait at all");
}

static void test_directories(void)
{
    struct files_string_node_tuple_list list;
    struct weft_client client = on(files_slot());
    ok(files_directories(&client, &list) == WEFT_OK && list.count == 3 && list.data[0].f0.size == 5,
       "the handler offers what was granted");
    ok(create_directory(list.data[1].f1, "x") == FILES_ERROR_READ_ONLY, "and no more than that");
    client = on(data);
    ok(files_directories(&client, &list) == WEFT_DENIED, "a directory does not give others");
}

int weft_main(void)
{
    data = start_slot("dir:/data");
    fixed = start_slot("dir:/fixed");
    other = start_slot("dir:/other");
    test_open();
    test_bytes();
    test_large();
    test_names();
    test_symlinks();
    test_status();
    test_flags();
    test_fixed(fixed);
    test_fixed(narrowed(data, READ));
    test_narrow();
    test_list();
    test_pipe();
    test_directories();
    print("1..");
    print_number(count);
    print("\n");
    return 0;
}
