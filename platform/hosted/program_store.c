#include "platform/hosted/program_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TABLE_LINE_MAX = 512 };

static bool compose(struct store_path *path, const char *variable, const char *below_home,
                    const char *rest)
{
    const char *base = getenv(variable);
    const char *home = getenv("HOME");
    int size = -1;
    if (base != NULL && base[0] == '/')
        size = snprintf(path->text, sizeof(path->text), "%s/weft/%s", base, rest);
    else if (home != NULL && home[0] == '/')
        size = snprintf(path->text, sizeof(path->text), "%s/%s/weft/%s", home, below_home, rest);
    return size > 0 && (usize)size < sizeof(path->text);
}

bool store_program_path(const char *cid, struct store_path *path)
{
    char rest[16 + STORE_CID_MAX];
    const char *format = cid[0] == '\0' ? "programs%s" : "programs/%s.wasm";
    int size = snprintf(rest, sizeof(rest), format, cid);
    return size > 0 && (usize)size < sizeof(rest) &&
           compose(path, "XDG_DATA_HOME", ".local/share", rest);
}

bool store_names_path(struct store_path *path)
{
    return compose(path, "XDG_CONFIG_HOME", ".config", "names");
}

bool store_cache_path(const char *name, struct store_path *path)
{
    return compose(path, "XDG_CACHE_HOME", ".cache", name);
}

/* A row: a name, blanks, a CID. */
static bool row_is(const char *line, const char *name, char cid[STORE_CID_MAX])
{
    char first[TABLE_LINE_MAX];
    char second[STORE_CID_MAX];
    return line[0] != '#' && sscanf(line, "%511s %127s", first, second) == 2 &&
           strcmp(first, name) == 0 && strcpy(cid, second) != NULL;
}

bool store_find_name(const char *name, char cid[STORE_CID_MAX])
{
    struct store_path path;
    char line[TABLE_LINE_MAX];
    bool found = false;
    FILE *table = store_names_path(&path) ? fopen(path.text, "re") : NULL;
    if (table == NULL)
        return false;
    while (!found && fgets(line, sizeof(line), table) != NULL)
        found = row_is(line, name, cid);
    fclose(table);
    return found;
}

u32 store_find_prefix(const char *prefix, char cid[STORE_CID_MAX])
{
    struct store_path path;
    u32 count = 0;
    DIR *folder = store_program_path("", &path) ? opendir(path.text) : NULL;
    if (folder == NULL)
        return 0;
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        const char *end = strstr(entry->d_name, ".wasm");
        usize size = end == NULL ? 0 : (usize)(end - entry->d_name);
        if (size == 0 || size >= STORE_CID_MAX || strcmp(end, ".wasm") != 0 ||
            strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
            continue;
        memcpy(cid, entry->d_name, size);
        cid[size] = '\0';
        count++;
    }
    closedir(folder);
    return count;
}

int store_create_folders(const struct store_path *path, u32 mode)
{
    struct store_path folder = *path;
    for (char *at = strchr(folder.text + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(folder.text, mode) != 0 && errno != EEXIST)
            return errno;
        *at = '/';
    }
    return 0;
}

static int write_all(int fd, struct bytes contents)
{
    while (contents.size > 0) {
        ssize_t written = write(fd, contents.data, contents.size);
        if (written < 0 && errno != EINTR)
            return errno;
        usize step = written < 0 ? 0 : (usize)written;
        contents = (struct bytes){ contents.data + step, contents.size - step };
    }
    return fsync(fd) == 0 ? 0 : errno;
}

int store_write(const struct store_path *path, struct bytes contents)
{
    struct store_path draft;
    int size = snprintf(draft.text, sizeof(draft.text), "%s.%d", path->text, (int)getpid());
    if (size < 0 || (usize)size >= sizeof(draft.text))
        return ENAMETOOLONG;
    int failure = store_create_folders(path, 0777);
    if (failure != 0)
        return failure;
    int fd = open(draft.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    failure = write_all(fd, contents);
    close(fd);
    if (failure == 0 && rename(draft.text, path->text) != 0)
        failure = errno;
    if (failure != 0)
        unlink(draft.text);
    return failure;
}

/* The table as it is, without the rows of `name`, and the new row behind. */
static char *edited_table(const struct store_path *path, const char *name, const char *cid)
{
    char *text = NULL;
    size_t size = 0;
    char line[TABLE_LINE_MAX];
    char ignored[STORE_CID_MAX];
    FILE *edited = open_memstream(&text, &size);
    FILE *table = fopen(path->text, "re");
    if (edited == NULL) {
        if (table != NULL)
            fclose(table);
        return NULL;
    }
    while (table != NULL && fgets(line, sizeof(line), table) != NULL)
        if (!row_is(line, name, ignored))
            fputs(line, edited);
    fprintf(edited, "%s %s\n", name, cid);
    if (table != NULL)
        fclose(table);
    return fclose(edited) == 0 ? text : NULL;
}

int store_set_name(const char *name, const char *cid)
{
    struct store_path path;
    if (!store_names_path(&path))
        return ENOENT;
    char *text = edited_table(&path, name, cid);
    int failure = text == NULL ? ENOMEM : store_write(&path, bytes_from_text(text));
    free(text);
    return failure;
}
