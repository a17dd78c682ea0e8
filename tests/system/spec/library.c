/* Memory and files: see library.h. A FILE is that of the C library whose headers are used here,
 * with its pointers into the bundle. */
#include "tests/system/spec/library.h"

#include "machine/machine.h"
#include "platform/bare/console.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { FILES_MAX = 1 << 14, HEAD_BYTES = 16 };

/* ---- Memory ---- */

/* Each block has its size before it. */
void *malloc(size_t size)
{
    usize whole = size + HEAD_BYTES;
    usize *block = whole < size ? NULL : machine_allocate(whole);
    if (block == NULL)
        return NULL;
    block[0] = whole;
    return (u8 *)block + HEAD_BYTES;
}

void free(void *memory)
{
    if (memory == NULL)
        return;
    usize *block = (void *)((u8 *)memory - HEAD_BYTES);
    machine_free(block, block[0]);
}

void *calloc(size_t count, size_t size)
{
    return size != 0 && count > SIZE_MAX / size ? NULL : malloc(count * size);
}

void *realloc(void *memory, size_t size)
{
    void *moved = malloc(size);
    if (memory == NULL || moved == NULL)
        return moved;
    const usize *block = (void *)((u8 *)memory - HEAD_BYTES);
    memcpy(moved, memory, u64_min(block[0] - HEAD_BYTES, size));
    free(memory);
    return moved;
}

/* ---- Files ---- */

struct file {
    u8 name[TAR_NAME_MAX];
    usize name_size;
    struct bytes contents;
};

static struct file *files;
static u32 file_count;
static FILE console;

FILE *stdin = &console, *stdout = &console, *stderr = &console;

bool library_init(struct bytes bundle)
{
    struct tar tar;
    struct tar_entry entry;
    files = machine_allocate(FILES_MAX * sizeof(*files));
    tar_init(&tar, bundle);
    while (files != NULL && file_count < FILES_MAX && tar_next(&tar, &entry)) {
        struct file *file = &files[file_count++];
        file->name_size = tar_name(&entry, file->name).size;
        file->contents = entry.contents;
    }
    return files != NULL;
}

FILE *fopen(const char *name, const char *mode)
{
    (void)mode;
    struct bytes wanted = bytes_from_text(name);
    for (u32 i = 0; i < file_count; i++) {
        if (!bytes_equal((struct bytes){ files[i].name, files[i].name_size }, wanted))
            continue;
        FILE *file = calloc(1, sizeof(*file));
        if (file != NULL) {
            file->_IO_read_base = (char *)(usize)files[i].contents.data;
            file->_IO_read_end = file->_IO_read_base + files[i].contents.size;
            file->_IO_read_ptr = file->_IO_read_base;
        }
        return file;
    }
    return NULL;
}

int fclose(FILE *file)
{
    free(file);
    return 0;
}

int fgetc(FILE *file)
{
    return file->_IO_read_ptr < file->_IO_read_end ? (u8)*file->_IO_read_ptr++ : EOF;
}

size_t fread(void *to, size_t size, size_t count, FILE *file)
{
    usize wanted = u64_min(size * count, (usize)(file->_IO_read_end - file->_IO_read_ptr));
    memcpy(to, file->_IO_read_ptr, wanted);
    file->_IO_read_ptr += wanted;
    return wanted / size;
}

int fseek(FILE *file, long offset, int whence)
{
    (void)offset;
    file->_IO_read_ptr = whence == SEEK_END ? file->_IO_read_end : file->_IO_read_base;
    return 0;
}

long ftell(FILE *file)
{
    return file->_IO_read_ptr - file->_IO_read_base;
}

void rewind(FILE *file)
{
    file->_IO_read_ptr = file->_IO_read_base;
}

int fflush(FILE *file)
{
    (void)file;
    return 0;
}

/* The suite's folder is the only one that is asked for: each script is a folder in it. */
int stat(const char *path, struct stat *status)
{
    (void)path;
    status->st_mode = S_IFDIR;
    return 0;
}

static bool is_same_folder(const struct dirent *entry, struct bytes folder)
{
    return bytes_equal(bytes_from_text(entry->d_name), folder);
}

/* What lies in one folder comes together in the bundle. */
static void insert_sorted(struct dirent **entries, int count, struct dirent *new,
                          int (*compare)(const struct dirent **, const struct dirent **))
{
    const struct dirent *wanted = new;
    for (; count > 0; count--) {
        const struct dirent *before = entries[count - 1];
        if (compare(&before, &wanted) <= 0)
            break;
        entries[count] = entries[count - 1];
    }
    entries[count] = new;
}

int scandir(const char *path, struct dirent ***entries, int (*filter)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    usize skipped = strlen(path) + 1;
    int count = 0;
    struct dirent *last = NULL;
    *entries = calloc(FILES_MAX, sizeof(**entries));
    for (u32 i = 0; i < file_count && *entries != NULL; i++) {
        struct bytes name = { files[i].name + skipped, files[i].name_size - skipped };
        const u8 *end = memchr(name.data, '/', name.size);
        name.size = end == NULL ? 0 : (usize)(end - name.data);
        if (end == NULL || (last != NULL && is_same_folder(last, name)))
            continue;
        last = calloc(1, sizeof(*last));
        memcpy(last->d_name, name.data, name.size);
        if (filter(last) != 0)
            insert_sorted(*entries, count++, last, compare);
    }
    return count;
}

int alphasort(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* ---- What jansson asks when it picks a seed for its hashes: there is nothing to be had ---- */

int open(const char *path, int flags, ...)
{
    (void)path;
    (void)flags;
    return -1;
}

ssize_t read(int fd, void *buffer, size_t size)
{
    (void)fd;
    (void)buffer;
    (void)size;
    return -1;
}

int close(int fd)
{
    (void)fd;
    return -1;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    (void)zone;
    *now = (struct timeval){ .tv_sec = 1 };
    return 0;
}

pid_t getpid(void)
{
    return 1;
}

int sched_yield(void);
int sched_yield(void)
{
    return 0;
}

int *__errno_location(void)
{
    static int number;
    return &number;
}

char *strerror(int number)
{
    static char text[] = "an error";
    (void)number;
    return text;
}

_Noreturn void __assert_fail(const char *what, const char *file, unsigned line,
                             const char *function);
_Noreturn void __assert_fail(const char *what, const char *file, unsigned line,
                             const char *function)
{
    (void)function;
    base_fail(what, file, (int)line);
}
