#include "programs/permission/folder.h"

#include <string.h>

#define READ_ONLY ":ro"
enum { READ_ONLY_SIZE = sizeof(READ_ONLY) - 1 };

static bool add(struct folder *folder, const uint8_t *bytes, uint32_t size)
{
    if (size > FOLDER_PATH_MAX - folder->path_size)
        return false;
    memcpy(folder->text + folder->path_size, bytes, size);
    folder->path_size += size;
    return true;
}

/* `.` and what is between two slashes say nothing; `..` would say what is found on the way. */
static bool add_name(struct folder *folder, const uint8_t *name, uint32_t size)
{
    if (size == 0 || (size == 1 && name[0] == '.'))
        return true;
    if ((size == 2 && name[0] == '.' && name[1] == '.') || memchr(name, 0, size) != NULL)
        return false;
    return add(folder, (const uint8_t *)"/", 1) && add(folder, name, size);
}

bool folder_text_is_read_only(struct weft_bytes text)
{
    return text.size > READ_ONLY_SIZE &&
           memcmp(text.data + text.size - READ_ONLY_SIZE, READ_ONLY, READ_ONLY_SIZE) == 0;
}

/* A path that ends like that by itself would be another one when it is read again. */
static bool is_told_well(const struct folder *folder)
{
    return folder->size != folder->path_size ||
           !folder_text_is_read_only((struct weft_bytes){ folder->text, folder->size });
}

bool folder_take(struct weft_bytes text, struct folder *folder)
{
    memset(folder, 0, sizeof(*folder));
    if (text.size == 0)
        return true;
    bool reads = folder_text_is_read_only(text);
    uint32_t end = reads ? text.size - READ_ONLY_SIZE : text.size;
    if (text.data[0] != '/')
        return false;
    for (uint32_t from = 1, at; from <= end; from = at + 1) {
        for (at = from; at < end && text.data[at] != '/';)
            at++;
        if (!add_name(folder, text.data + from, at - from))
            return false;
    }
    folder->size = folder->path_size;
    if (reads) {
        memcpy(folder->text + folder->size, READ_ONLY, READ_ONLY_SIZE);
        folder->size += READ_ONLY_SIZE;
    }
    return folder->path_size != 0 && is_told_well(folder);
}

bool folder_is_read_only(const struct folder *folder)
{
    return folder->size != folder->path_size;
}

static bool begins_with(const struct folder *folder, const struct folder *beginning)
{
    return folder->path_size >= beginning->path_size &&
           memcmp(folder->text, beginning->text, beginning->path_size) == 0;
}

bool folder_equal(const struct folder *a, const struct folder *b)
{
    return a->path_size == b->path_size && begins_with(a, b);
}

static bool is_in(const struct folder *folder, const struct folder *above)
{
    return begins_with(folder, above) && (folder->path_size == above->path_size ||
                                          folder->text[above->path_size] == '/');
}

bool folder_overlaps(const struct folder *a, const struct folder *b)
{
    return is_in(a, b) || is_in(b, a);
}
