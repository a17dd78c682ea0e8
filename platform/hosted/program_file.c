#include "platform/hosted/program_file.h"

#include "platform/common/bundled_program.h"
#include "platform/hosted/bundle.h"
#include "platform/hosted/command.h"
#include "platform/hosted/limits.h"
#include "platform/hosted/program_store.h"
#include "platform/hosted/say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CID_PREFIX_MIN = 8 };

/* ---- Reading ---- */

static int cannot_read(const char *path, int failure)
{
    say("error", "cannot read %s: %s", path, strerror(failure));
    return failure == ENOENT || failure == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_RUNNABLE;
}

/* All of it is going to be written: in few steps, where the host has large pages. */
static void *allocate(usize capacity)
{
    enum { LARGE_BYTES = 4 << 20, PAGE = 4096 };
    u8 *data = malloc(capacity);
    if (data != NULL && capacity >= LARGE_BYTES) {
        usize before = -(uintptr_t)data % PAGE;
        madvise(data + before, (capacity - before) & ~(usize)(PAGE - 1), MADV_HUGEPAGE);
    }
    return data;
}

/* Room for what comes next; doubles. */
static bool make_room(u8 **data, usize size, usize *capacity)
{
    if (size < *capacity)
        return true;
    u8 *grown = realloc(*data, 2 * *capacity);
    if (grown == NULL)
        return false;
    *data = grown;
    *capacity *= 2;
    return true;
}

/* Reads to the end, or to one byte beyond the limit. */
static int read_all(int fd, usize expected_bytes, usize limit_bytes, struct bytes *bytes)
{
    enum { UNKNOWN_CAPACITY = 64 << 10 };
    usize capacity = expected_bytes == 0 ? UNKNOWN_CAPACITY : expected_bytes + 1;
    usize size = 0;
    ssize_t got = 1;
    u8 *data = allocate(capacity);
    while (data != NULL && got != 0 && size <= limit_bytes) {
        if (!make_room(&data, size, &capacity))
            break;
        got = read(fd, data + size, capacity - size);
        if (got < 0 && errno != EINTR) {
            int failure = errno;
            free(data);
            return failure;
        }
        size += got < 0 ? 0 : (usize)got;
    }
    if (data == NULL || (got != 0 && size <= limit_bytes)) {
        free(data);
        return ENOMEM;
    }
    *bytes = (struct bytes){ data, size };
    return 0;
}

int program_file_read(const char *path, usize limit_bytes, struct bytes *bytes)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) != 0)
        return cannot_read(path, errno);
    int failure = EISDIR;
    if (!S_ISDIR(status.st_mode)) {
        usize expected = S_ISREG(status.st_mode) ? (usize)status.st_size : 0;
        failure = read_all(fd, u64_min(expected, limit_bytes), limit_bytes, bytes);
    }
    close(fd);
    if (failure != 0)
        return cannot_read(path, failure);
    if (bytes->size <= limit_bytes)
        return 0;
    program_file_free(*bytes);
    say("error", "%s is too large: more than %zu bytes", path, limit_bytes);
    return EXIT_NOT_RUNNABLE;
}

void program_file_free(struct bytes bytes)
{
    free((void *)(usize)bytes.data);
}

static void set_name(struct program_file *file, const char *path)
{
    const char *slash = strrchr(path, '/');
    snprintf(file->name, sizeof(file->name), "%s", slash == NULL ? path : slash + 1);
}

/* ---- By name ---- */

static bool find_in_bundle(const char *name, struct program_file *file)
{
    struct tar_entry entry;
    u8 path[TAR_NAME_MAX + 1];
    if (!bundled_program_find(bundle_archive(), bytes_from_text(name), &entry))
        return false;
    struct bytes full = tar_name(&entry, path);
    path[(usize)(full.data - path) + full.size] = '\0';
    set_name(file, (const char *)full.data);
    file->bytes = entry.contents;
    return true;
}

/* ---- By CID ---- */

static void cid_text(const struct cid *cid, char text[STORE_CID_MAX])
{
    struct writer writer;
    writer_init(&writer, text, STORE_CID_MAX);
    cid_write(cid, &writer);
    writer_terminate(&writer);
}

/* A program of the user's folder, with its hash checked. */
static int read_kept(const char *text, struct program_file *file)
{
    struct store_path path;
    struct cid cid;
    if (!store_program_path(text, &path) || !cid_from_text(bytes_from_text(text), &cid))
        return EXIT_NOT_FOUND;
    int status = program_file_read(path.text, LIMIT_PROGRAM_BYTES, &file->bytes);
    if (status != 0)
        return status;
    set_name(file, text);
    if (cid_matches(&cid, file->bytes))
        return 0;
    program_file_free(file->bytes);
    say("error", "%s is damaged: its bytes are not those of its CID. Add the program again.",
        path.text);
    return EXIT_NOT_RUNNABLE;
}

/* Programs of the bundle whose CIDs begin so; the last one found is in `file`. */
static u32 find_prefix_in_bundle(const char *prefix, struct program_file *file,
                                 char found[STORE_CID_MAX])
{
    struct tar tar;
    struct tar_entry entry;
    u32 count = 0;
    tar_init(&tar, bundle_archive());
    while (tar_next(&tar, &entry)) {
        char text[STORE_CID_MAX];
        u8 name[TAR_NAME_MAX + 1];
        struct cid cid = cid_of(entry.contents);
        cid_text(&cid, text);
        if (strncmp(text, prefix, strlen(prefix)) != 0)
            continue;
        struct bytes path = tar_name(&entry, name);
        name[(usize)(path.data - name) + path.size] = '\0';
        set_name(file, (const char *)path.data);
        file->bytes = entry.contents;
        strcpy(found, text);
        count++;
    }
    return count;
}

/* 0, or the exit status; EXIT_NOT_FOUND without a word, so that the caller says what it tried. */
static int find_by_cid(const char *what, struct program_file *file)
{
    char kept[STORE_CID_MAX] = "";
    char bundled[STORE_CID_MAX] = "";
    char text[STORE_CID_MAX];
    struct cid cid;
    if (strlen(what) < CID_PREFIX_MIN)
        return EXIT_NOT_FOUND;
    if (cid_from_text(bytes_from_text(what), &cid)) {
        cid_text(&cid, text);
        what = text;
    }
    u32 count = store_find_prefix(what, kept);
    u32 bundle_count = find_prefix_in_bundle(what, file, bundled);
    bool same = count == 1 && bundle_count == 1 && strcmp(kept, bundled) == 0;
    if (count + bundle_count - same > 1) {
        say("error", "%s is the beginning of several CIDs (%s is one); give more of it", what,
            count != 0 ? kept : bundled);
        return EXIT_NOT_RUNNABLE;
    }
    if (bundle_count == 1)
        return 0;
    return count == 1 ? read_kept(kept, file) : EXIT_NOT_FOUND;
}

int program_file_find(const char *what, struct program_file *file)
{
    char cid[STORE_CID_MAX];
    struct stat status;
    *file = (struct program_file){ 0 };
    if (stat(what, &status) == 0 || strchr(what, '/') != NULL) {
        set_name(file, what);
        return program_file_read(what, LIMIT_PROGRAM_BYTES, &file->bytes);
    }
    if (store_find_name(what, cid)) {
        int found = find_by_cid(cid, file);
        if (found == EXIT_NOT_FOUND)
            say("error", "%s is a name for %s, but that program is not kept here", what, cid);
        set_name(file, what);
        return found;
    }
    if (find_in_bundle(what, file))
        return 0;
    int found = find_by_cid(what, file);
    if (found == EXIT_NOT_FOUND)
        say("error", "there is no program %s: no such file, name, or CID (8 characters or more)",
            what);
    return found;
}

int program_file_find_bundled(const char *name, struct program_file *file)
{
    *file = (struct program_file){ 0 };
    if (find_in_bundle(name, file))
        return 0;
    say("error", "this weft was built without its program %s", name);
    return EXIT_NOT_FOUND;
}

/* ---- Keeping ---- */

int program_file_keep(struct bytes bytes, const char *name, const struct cid *cid)
{
    char text[STORE_CID_MAX];
    struct store_path path;
    cid_text(cid, text);
    if (!store_program_path(text, &path)) {
        say("error", "neither XDG_DATA_HOME nor HOME says where programs are kept");
        return EXIT_FAILED;
    }
    int failure = store_write(&path, bytes);
    if (failure == 0 && name != NULL)
        failure = store_set_name(name, text);
    if (failure == 0)
        return 0;
    say("error", "cannot keep the program in %s: %s", path.text, strerror(failure));
    return EXIT_FAILED;
}
