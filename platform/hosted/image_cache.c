#include "platform/hosted/image_cache.h"

#include "machine/machine.h"
#include "platform/hosted/image_folder.h"
#include "platform/hosted/limits.h"
#include "platform/hosted/program_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_BYTES = STORE_CID_MAX + 16 };

static int folder = -1;
static struct image_store cache;

static void tell(const char *what, int failure)
{
    char text[256];
    int size = snprintf(text, sizeof(text), "no machine code is kept between runs: %s%s%s", what,
                        failure == 0 ? "" : ": ", failure == 0 ? "" : strerror(failure));
    usize shown = u64_min((u64)size, sizeof(text) - 1);
    log_line(LOG_DEBUG, (struct process_id){ 0 }, (struct bytes){ (const u8 *)text, shown });
}

/* ---- Files ---- */

/* False if the file ends before. */
static bool read_all(int fd, u8 *data, usize size)
{
    while (size != 0) {
        ssize_t got = read(fd, data, size);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        usize step = got < 0 ? 0 : (usize)got;
        data += step;
        size -= step;
    }
    return true;
}

/* A file of the folder. It need not be on the disk for sure: it is made again if it is broken. */
static bool write_draft(const char *name, struct bytes contents)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    ssize_t written = 0;
    while (contents.size != 0 && (written >= 0 || errno == EINTR)) {
        written = write(fd, contents.data, contents.size);
        usize step = written < 0 ? 0 : (usize)written;
        contents = (struct bytes){ contents.data + step, contents.size - step };
    }
    bool is_whole = close(fd) == 0 && contents.size == 0;
    if (!is_whole)
        unlinkat(folder, name, 0);
    return is_whole;
}

/* A name that no other run, and no other thread of this one, writes to. */
static void draft_name(char name[NAME_BYTES])
{
    static u32 number;
    snprintf(name, NAME_BYTES, IMAGE_DRAFT "%d.%u", (int)getpid(),
             __atomic_fetch_add(&number, 1, __ATOMIC_RELAXED));
}

/* ---- The key ---- */

/* 0, or an errno; ENOENT also if what is there cannot be one. */
static int key_read(void)
{
    struct stat status;
    int fd = openat(folder, "key", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno;
    int failure = fstat(fd, &status) == 0 ? 0 : errno;
    if (failure == 0 && (!S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
                         (status.st_mode & 0077) != 0))
        failure = EPERM;
    if (failure == 0 &&
        (status.st_size != IMAGE_KEY_BYTES || !read_all(fd, cache.key, IMAGE_KEY_BYTES)))
        failure = ENOENT;
    close(fd);
    return failure;
}

/* Several runs may do so at once: one of them is the first, and its key is that of all. */
static int key_make(void)
{
    u8 key[IMAGE_KEY_BYTES];
    char draft[NAME_BYTES];
    draft_name(draft);
    machine_random(key, sizeof(key));
    struct stat status;
    if (fstatat(folder, "key", &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        status.st_size != IMAGE_KEY_BYTES)
        unlinkat(folder, "key", 0);
    if (!write_draft(draft, (struct bytes){ key, sizeof(key) }))
        return errno;
    int failure = linkat(folder, draft, folder, "key", 0) == 0 || errno == EEXIST ? 0 : errno;
    unlinkat(folder, draft, 0);
    return failure != 0 ? failure : key_read();
}

/* ---- Images ---- */

static void image_name(const struct cid *cid, char name[NAME_BYTES])
{
    struct writer writer;
    writer_init(&writer, name, NAME_BYTES);
    cid_write(cid, &writer);
    writer_text(&writer, IMAGE_SUFFIX);
    writer_terminate(&writer);
}

static struct bytes image_read(int fd)
{
    struct stat status;
    struct bytes none = { 0 };
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0 ||
        status.st_size > LIMIT_IMAGE_CACHE_BYTES)
        return none;
    u8 *data = malloc((usize)status.st_size);
    if (data != NULL && read_all(fd, data, (usize)status.st_size))
        return (struct bytes){ data, (usize)status.st_size };
    free(data);
    return none;
}

static struct bytes image_take(void *context, const struct cid *cid)
{
    (void)context;
    char name[NAME_BYTES];
    image_name(cid, name);
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return (struct bytes){ 0 };
    struct bytes kept = image_read(fd);
    futimens(fd, NULL); /* used last */
    close(fd);
    return kept;
}

static void image_give(void *context, struct bytes kept)
{
    (void)context;
    free((void *)(usize)kept.data);
}

static void image_keep(void *context, const struct cid *cid, struct bytes bytes)
{
    (void)context;
    char name[NAME_BYTES], draft[NAME_BYTES];
    image_name(cid, name);
    draft_name(draft);
    if (bytes.size > LIMIT_IMAGE_CACHE_BYTES || !write_draft(draft, bytes))
        return;
    if (renameat(folder, draft, folder, name) != 0)
        unlinkat(folder, draft, 0);
    image_folder_trim(folder, LIMIT_IMAGE_CACHE_BYTES);
}

/* ---- Opening ---- */

static int folder_open(void)
{
    struct store_path path;
    struct stat status;
    if (!store_cache_path("key", &path))
        return ENOENT;
    int failure = store_create_folders(&path, 0700);
    if (failure != 0)
        return failure;
    *strrchr(path.text, '/') = '\0';
    folder = open(path.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || fstat(folder, &status) != 0)
        return errno;
    return status.st_uid == geteuid() && (status.st_mode & 0022) == 0 ? 0 : EPERM;
}

static const struct image_store *none(const char *what, int failure)
{
    tell(what, failure);
    if (folder >= 0)
        close(folder);
    folder = -1;
    return NULL;
}

const struct image_store *image_cache_open(void)
{
    int failure = folder_open();
    if (failure != 0)
        return none(failure == EPERM ? "others could write to the cache folder"
                                     : "there is no cache folder",
                    failure == EPERM ? 0 : failure);
    failure = key_read();
    if (failure == ENOENT)
        failure = key_make();
    if (failure != 0)
        return none("the key is not the user's alone", failure);
    cache.take = image_take;
    cache.give = image_give;
    cache.keep = image_keep;
    return &cache;
}
