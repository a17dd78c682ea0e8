#include "platform/hosted/image_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    IMAGES_FIRST = 64,
    DRAFT_SECONDS_MAX = 3600, /* longer than anybody writes */
};

struct image_file {
    char name[NAME_MAX + 1];
    struct timespec used;
    u64 size;
};

struct listing {
    struct image_file *files;
    usize count;
    usize capacity;
    u64 bytes;
};

static bool is_image(const char *name)
{
    usize size = strlen(name);
    usize suffix = strlen(IMAGE_SUFFIX);
    return size > suffix && strcmp(name + size - suffix, IMAGE_SUFFIX) == 0;
}

static void listing_add(struct listing *listing, const char *name, const struct stat *status)
{
    if (listing->count == listing->capacity) {
        usize capacity = listing->capacity == 0 ? IMAGES_FIRST : 2 * listing->capacity;
        void *files = realloc(listing->files, capacity * sizeof(*listing->files));
        if (files == NULL)
            return;
        listing->files = files;
        listing->capacity = capacity;
    }
    struct image_file *file = &listing->files[listing->count++];
    strcpy(file->name, name);
    file->used = status->st_mtim;
    file->size = (u64)status->st_size;
    listing->bytes += file->size;
}

static void look_at(struct listing *listing, int folder, const char *name)
{
    struct stat status;
    bool is_draft = strncmp(name, IMAGE_DRAFT, strlen(IMAGE_DRAFT)) == 0;
    if ((!is_draft && !is_image(name)) ||
        fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    if (!is_draft)
        listing_add(listing, name, &status);
    else if (time(NULL) - status.st_mtim.tv_sec > DRAFT_SECONDS_MAX)
        unlinkat(folder, name, 0);
}

static int older_first(const void *a, const void *b)
{
    const struct timespec *first = &((const struct image_file *)a)->used;
    const struct timespec *second = &((const struct image_file *)b)->used;
    if (first->tv_sec != second->tv_sec)
        return first->tv_sec < second->tv_sec ? -1 : 1;
    return (first->tv_nsec > second->tv_nsec) - (first->tv_nsec < second->tv_nsec);
}

void image_folder_trim(int folder, u64 allowed_bytes)
{
    struct listing listing = { 0 };
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (directory == NULL) {
        if (fd >= 0)
            close(fd);
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
        look_at(&listing, folder, entry->d_name);
    closedir(directory);
    if (listing.bytes > allowed_bytes)
        qsort(listing.files, listing.count, sizeof(*listing.files), older_first);
    for (usize i = 0; i < listing.count && listing.bytes > allowed_bytes; i++) {
        unlinkat(folder, listing.files[i].name, 0);
        listing.bytes -= listing.files[i].size;
    }
    free(listing.files);
}
