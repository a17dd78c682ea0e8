#include "programs/tool/program/store.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char ending[] = ".wasm";
enum { ENDING = sizeof(ending) - 1 };

/* Where a session has files in memory; its usual PATH has the names there, too. */
static const char in_memory[] = "/tmp/store";

const char *store_folder(void)
{
    const char *folder = getenv("PROGRAMS");
    return folder != NULL && folder[0] == '/' ? folder : in_memory;
}

bool store_is_in_memory(void)
{
    return strcmp(store_folder(), in_memory) == 0;
}

const char *store_names(void)
{
    static char path[STORE_PATH_MAX];
    snprintf(path, sizeof(path), "%s/bin", store_folder());
    return path;
}

static const char *path_of(const char *folder, const char *name)
{
    static char path[STORE_PATH_MAX];
    int size = snprintf(path, sizeof(path), "%s/%s%s", folder, name, ending);
    return size < (int)sizeof(path) ? path : "";
}

static bool tell(const char *path)
{
    fprintf(stderr, "program: %s: %s\n", path, strerror(errno));
    return false;
}

static bool make_folders(void)
{
    if (mkdir(store_folder(), 0755) != 0 && errno != EEXIST)
        return tell(store_folder());
    if (mkdir(store_names(), 0755) != 0 && errno != EEXIST)
        return tell(store_names());
    return true;
}

static bool copy(FILE *from, FILE *to)
{
    static char bytes[1 << 16];
    size_t size;
    while ((size = fread(bytes, 1, sizeof(bytes), from)) != 0)
        if (fwrite(bytes, 1, size, to) != size)
            return false;
    return !ferror(from) && fflush(to) == 0;
}

/* Whole, or not at all: what is not complete has another name. */
bool store_keep(const char *from, const char *cid)
{
    char draft[STORE_PATH_MAX];
    const char *path = path_of(store_folder(), cid);
    if (!make_folders())
        return false;
    snprintf(draft, sizeof(draft), "%s/.%s", store_folder(), cid);
    FILE *source = fopen(from, "rb");
    FILE *target = source == NULL ? NULL : fopen(draft, "wb");
    bool is_well = target != NULL && copy(source, target);
    if (!is_well)
        tell(source == NULL ? from : draft);
    if (source != NULL)
        fclose(source);
    if (target != NULL && fclose(target) != 0 && is_well)
        is_well = tell(draft);
    if (is_well && rename(draft, path) != 0)
        is_well = tell(path);
    if (!is_well)
        unlink(draft);
    return is_well;
}

struct search {
    const char *prefix;
    char *cid;
    size_t capacity;
    unsigned count;
};

static void look_at(const char *name, void *context)
{
    struct search *search = context;
    if (strncmp(name, search->prefix, strlen(search->prefix)) != 0)
        return;
    search->count++;
    snprintf(search->cid, search->capacity, "%s", name);
}

unsigned store_find(const char *prefix, char *cid, size_t capacity)
{
    struct search search = { prefix, cid, capacity, 0 };
    store_list(store_folder(), look_at, &search);
    return search.count;
}

bool store_set_name(const char *name, const char *cid)
{
    char target[STORE_PATH_MAX];
    const char *path = path_of(store_names(), name);
    snprintf(target, sizeof(target), "../%s%s", cid, ending);
    if (!make_folders())
        return false;
    if (unlink(path) != 0 && errno != ENOENT)
        return tell(path);
    return symlink(target, path) == 0 || tell(path);
}

bool store_cid_of(const char *name, char *cid, size_t capacity)
{
    char target[STORE_PATH_MAX];
    ssize_t size = readlink(path_of(store_names(), name), target, sizeof(target) - 1);
    if (size <= 3 + ENDING)
        return false;
    target[size - ENDING] = '\0';
    return snprintf(cid, capacity, "%s", target + 3) < (int)capacity;
}

static bool remove_file(const char *path)
{
    return unlink(path) == 0 || tell(path);
}

bool store_remove_name(const char *name)
{
    return remove_file(path_of(store_names(), name));
}

bool store_remove(const char *cid)
{
    return remove_file(path_of(store_folder(), cid));
}

static int is_program(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return size > ENDING && entry->d_name[0] != '.' &&
           strcmp(entry->d_name + size - ENDING, ending) == 0;
}

void store_list(const char *folder, void (*see)(const char *name, void *context), void *context)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_program, alphasort);
    for (int i = 0; i < count; i++) {
        entries[i]->d_name[strlen(entries[i]->d_name) - ENDING] = '\0';
        see(entries[i]->d_name, context);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}
