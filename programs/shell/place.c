/* Files: paths become a directory that the shell was given and what follows it. */
#include "interface/files_program.h"
#include "lib/server.h"
#include "lib/start.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { GRANTS_MAX = 64, TRANSFER_MAX = 1 << 20, BUFFER = TRANSFER_MAX + 4096 };

/* A directory of the start record: `path` without a slash at its end, so that the root is "". */
struct grant {
    struct weft_bytes name; /* as it was given: dir:PATH */
    char *path;
    int32_t slot;
};

static struct grant grants[GRANTS_MAX];
static uint32_t grant_count;
static _Alignas(8) uint8_t buffer[BUFFER];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

void place_init(void)
{
    static const char prefix[] = "dir:";
    const struct system_start_record *start = start_record();
    for (uint32_t i = 0; start != NULL && i < start->slots.count && grant_count < GRANTS_MAX; i++) {
        const struct system_named_slot *slot = &start->slots.data[i];
        if (slot->name.size < 4 || memcmp(slot->name.data, prefix, 4) != 0)
            continue;
        char *path = take_copy((const char *)slot->name.data + 4, slot->name.size - 4);
        grants[grant_count++] = (struct grant){ slot->name, place_absolute(path), slot->slot };
        free(path);
        struct grant *grant = &grants[grant_count - 1];
        if (strcmp(grant->path, "/") == 0)
            grant->path[0] = '\0';
    }
}

uint32_t place_grants(struct weft_bytes *names, int32_t *slots, uint32_t count_max)
{
    uint32_t count = grant_count < count_max ? grant_count : count_max;
    for (uint32_t i = 0; i < count; i++) {
        names[i] = grants[i].name;
        slots[i] = grants[i].slot;
    }
    return count;
}

static void add_component(struct text *path, const char *at, size_t size)
{
    if (size == 0 || (size == 1 && at[0] == '.'))
        return;
    if (size == 2 && at[0] == '.' && at[1] == '.') {
        while (path->size > 0 && path->data[path->size - 1] != '/')
            path->size--;
        path->size -= path->size > 0;
        text_add(path, "", 0);
        return;
    }
    text_add_char(path, '/');
    text_add(path, at, size);
}

static void add_components(struct text *path, const char *at)
{
    while (*at != '\0') {
        size_t size = strcspn(at, "/");
        add_component(path, at, size);
        at += size + (at[size] == '/');
    }
}

char *place_absolute(const char *path)
{
    struct text whole = { 0 };
    const char *here = variables_get(&shell.variables, "PWD");
    if (path[0] != '/' && here != NULL)
        add_components(&whole, here);
    add_components(&whole, path);
    if (whole.size == 0)
        text_add_char(&whole, '/');
    return text_release(&whole);
}

/* The directory that the path is in, and the path below it; NULL: none was given. */
static const struct grant *find(const char *absolute, const char **below)
{
    const struct grant *best = NULL;
    size_t best_size = 0;
    for (uint32_t i = 0; i < grant_count; i++) {
        size_t size = strlen(grants[i].path);
        bool is_in = strncmp(absolute, grants[i].path, size) == 0 &&
                     (absolute[size] == '/' || absolute[size] == '\0');
        if (!is_in || (best != NULL && size < best_size))
            continue;
        best = &grants[i];
        best_size = size;
    }
    if (best == NULL)
        return NULL;
    *below = absolute + best_size;
    *below += **below == '/';
    if (**below == '\0')
        *below = ".";
    return best;
}

static struct weft_bytes bytes_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

static struct place place_of(const struct files_status *status)
{
    static const enum place_kind kinds[] = {
        [FILES_NODE_KIND_DIRECTORY] = PLACE_DIRECTORY,
        [FILES_NODE_KIND_REGULAR_FILE] = PLACE_FILE,
        [FILES_NODE_KIND_SYMBOLIC_LINK] = PLACE_LINK,
        [FILES_NODE_KIND_PIPE] = PLACE_NOTHING,
    };
    enum place_kind kind = kinds[status->kind];
    return (struct place){
        .kind = kind == PLACE_NOTHING ? PLACE_OTHER : kind,
        .size = status->size,
        .modified = status->modified,
        .device = status->device,
        .inode = status->inode,
    };
}

/* Directories above those that were given exist as far as they lead there. */
static bool leads_to_grant(const char *absolute)
{
    size_t size = strcmp(absolute, "/") == 0 ? 0 : strlen(absolute);
    for (uint32_t i = 0; i < grant_count; i++)
        if (strncmp(grants[i].path, absolute, size) == 0 && grants[i].path[size] == '/')
            return true;
    return false;
}

struct place place_look(const char *path, bool follow)
{
    const char *below;
    char *absolute = place_absolute(path);
    const struct grant *grant = find(absolute, &below);
    struct place place = { 0 };
    struct files_status_error_result result = { .failed = true };
    if (path[0] == '\0')
        grant = NULL;
    else if (grant == NULL && leads_to_grant(absolute))
        place.kind = PLACE_DIRECTORY;
    if (grant != NULL) {
        struct weft_client client = client_of(grant->slot);
        if (files_node_status_at(&client, bytes_of(below), follow, &result) == WEFT_OK &&
            !result.failed)
            place = place_of(&result.value);
    }
    size_t size = strlen(path);
    if (size > 1 && path[size - 1] == '/' && place.kind != PLACE_DIRECTORY)
        place.kind = PLACE_NOTHING;
    free(absolute);
    return place;
}

static const char *words_of(enum files_error error)
{
    switch (error) {
    case FILES_ERROR_NOT_FOUND:
        return "no such file or directory";
    case FILES_ERROR_ACCESS:
    case FILES_ERROR_NOT_PERMITTED:
    case FILES_ERROR_NOT_CAPABLE:
        return "permission denied";
    case FILES_ERROR_READ_ONLY:
        return "it may only be read";
    case FILES_ERROR_IS_DIRECTORY:
        return "it is a directory";
    case FILES_ERROR_NOT_DIRECTORY:
        return "not a directory";
    case FILES_ERROR_EXISTS:
        return "it exists already";
    case FILES_ERROR_NO_SPACE:
    case FILES_ERROR_QUOTA:
        return "there is no space left";
    case FILES_ERROR_BUSY:
        return "somebody else has it";
    case FILES_ERROR_NO_DEVICE:
        return "there is no such device";
    case FILES_ERROR_NAME_TOO_LONG:
        return "the name is too long";
    case FILES_ERROR_LOOP:
        return "too many symbolic links";
    default:
        return "it cannot be opened";
    }
}

int32_t place_open(const char *path, uint32_t flags, const char **why)
{
    const char *below;
    char *absolute = place_absolute(path);
    const struct grant *grant = path[0] == '\0' ? NULL : find(absolute, &below);
    struct files_node_error_result result = { .failed = true };
    *why = "no such file or directory";
    if (grant != NULL) {
        struct weft_client client = client_of(grant->slot);
        enum weft_status status = files_node_open(&client, bytes_of(below), flags, &result);
        if (status != WEFT_OK)
            *why = status == WEFT_DENIED ? "files are denied" : "its directory does not answer";
        else if (result.failed)
            *why = words_of(result.error);
        result.failed |= status != WEFT_OK;
    }
    free(absolute);
    return result.failed ? WEFT_NO_SLOT : result.value;
}

bool place_read(const char *path, struct text *text, const char **why)
{
    int32_t node = place_open(path, FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_FOLLOW, why);
    struct files_bytes_error_result result = { .failed = true };
    enum weft_status status = WEFT_OK;
    uint64_t offset = 0;
    if (node == WEFT_NO_SLOT)
        return false;
    do {
        struct weft_client client = client_of(node);
        status = files_node_read(&client, offset, TRANSFER_MAX, &result);
        if (status != WEFT_OK || result.failed)
            break;
        text_add(text, (const char *)result.value.data, result.value.size);
        offset += result.value.size;
    } while (result.value.size != 0);
    server_close(&node, 1);
    bool failed = status != WEFT_OK || result.failed;
    if (failed)
        *why = status == WEFT_OK ? words_of(result.error) : "it cannot be read";
    return !failed;
}

/* ---- Directories --------------------------------------------------------------------------------
 */

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_entry(const struct files_entry *entry, struct words *names)
{
    struct text name = { 0 };
    bool is_dots = (entry->name.size == 1 && entry->name.data[0] == '.') ||
                   (entry->name.size == 2 && memcmp(entry->name.data, "..", 2) == 0);
    if (is_dots)
        return;
    text_add(&name, (const char *)entry->name.data, entry->name.size);
    if (entry->kind == FILES_NODE_KIND_DIRECTORY)
        text_add_char(&name, '/');
    words_add(names, text_release(&name));
}

static void add_entries(int32_t node, struct words *names)
{
    uint64_t from = 0;
    for (;;) {
        enum { COUNT = 1 << 16 };
        struct weft_client client = client_of(node);
        struct files_entry_list_error_result result;
        if (files_node_list(&client, from, COUNT, &result) != WEFT_OK || result.failed ||
            result.value.count == 0)
            return;
        for (uint32_t i = 0; i < result.value.count; i++)
            add_entry(&result.value.data[i], names);
        from = result.value.data[result.value.count - 1].next;
    }
}

static void add_grants_below(const char *absolute, struct words *names)
{
    size_t size = strcmp(absolute, "/") == 0 ? 0 : strlen(absolute);
    for (uint32_t i = 0; i < grant_count; i++) {
        const char *path = grants[i].path;
        if (strncmp(path, absolute, size) != 0 || path[size] != '/')
            continue;
        size_t name = strcspn(path + size + 1, "/");
        struct text text = { 0 };
        text_add(&text, path + size + 1, name);
        text_add_char(&text, '/');
        words_add(names, text_release(&text));
    }
}

static void drop_doubles(struct words *names)
{
    size_t kept = 0;
    for (size_t i = 0; i < names->count; i++)
        if (kept != 0 && strcmp(names->data[i], names->data[kept - 1]) == 0)
            free(names->data[i]);
        else
            names->data[kept++] = names->data[i];
    names->count = kept;
}

void place_list(const char *path, struct words *names)
{
    const char *why;
    char *absolute = place_absolute(path);
    int32_t node = place_open(
        path[0] == '\0' ? "." : path,
        FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_DIRECTORY | FILES_OPEN_FLAGS_FOLLOW, &why);
    if (node != WEFT_NO_SLOT) {
        add_entries(node, names);
        server_close(&node, 1);
    }
    add_grants_below(absolute, names);
    if (names->count != 0)
        qsort(names->data, names->count, sizeof(char *), compare);
    drop_doubles(names);
    free(absolute);
}
