/* What is done to a path: status, times, links, renaming, creating and removing. */
#include "interface/files_program.h"
#include "programs/library/wasi/errors.h"
#include "programs/library/wasi/layout.h"
#include "programs/library/wasi/opening.h"
#include "programs/library/wasi/times.h"

static bool is_absolute(struct weft_bytes path)
{
    return path.size != 0 && path.data[0] == '/';
}

/* Whether the first component that is not `.` is `..`: that leads out, whatever links there are.
 * Later ones may not, if what they follow is a symbolic link. */
static bool begins_outside(struct weft_bytes path)
{
    uint32_t at = 0;
    while (at < path.size &&
           (path.data[at] == '/' ||
            (path.data[at] == '.' && (at + 1 == path.size || path.data[at + 1] == '/'))))
        at++;
    return path.size - at >= 2 && path.data[at] == '.' && path.data[at + 1] == '.' &&
           (path.size - at == 2 || path.data[at + 2] == '/');
}

uint32_t place_find(struct place *place, uint32_t fd, uint64_t rights,
                    struct path_argument argument)
{
    uint32_t error = descriptor_find_directory(fd, rights, &place->directory);
    if (error == WASI_SUCCESS)
        error = caller_load_path(argument.address, argument.size, place->buffer, &place->path);
    if (error != WASI_SUCCESS)
        return error;
    if (place->path.size == 0)
        return WASI_ENOENT;
    return is_absolute(place->path) || begins_outside(place->path) ? WASI_EPERM : WASI_SUCCESS;
}

static uint32_t check_lookup(uint32_t lookup)
{
    return (lookup & ~(uint32_t)WASI_LOOKUP_SYMLINK_FOLLOW) == 0 ? WASI_SUCCESS : WASI_EINVAL;
}

static struct weft_client *client_at(const struct place *place)
{
    return client_of(place->directory->slot);
}

/* ---- Status and times ------------------------------------------------------------------------ */

WASI_FUNCTION(path_filestat_get)(uint32_t fd, uint32_t lookup, uint32_t path, uint32_t path_size,
                                 uint32_t stat)
{
    struct place place;
    uint32_t error = check_lookup(lookup);
    if (error == WASI_SUCCESS)
        error = layout_check_filestat(stat);
    if (error == WASI_SUCCESS)
        error = place_find(&place, fd, WASI_RIGHT_PATH_FILESTAT_GET,
                           (struct path_argument){ path, path_size });
    if (error != WASI_SUCCESS)
        return error;
    struct files_status_error_result result;
    enum weft_status status =
        files_node_status_at(client_at(&place), place.path, lookup != 0, &result);
    error = ERRNO_OF_CALL(files, status, result);
    if (error != WASI_SUCCESS)
        return error;
    return layout_store_filestat(stat, &result.value, opening_filetype(result.value.kind));
}

WASI_FUNCTION(path_filestat_set_times)(uint32_t fd, uint32_t lookup, uint32_t path,
                                       uint32_t path_size, uint64_t accessed, uint64_t modified,
                                       uint32_t flags)
{
    struct place place;
    struct times times;
    uint32_t error = check_lookup(lookup);
    if (error == WASI_SUCCESS)
        error = times_decode(flags, accessed, modified, &times);
    if (error == WASI_SUCCESS)
        error = place_find(&place, fd, WASI_RIGHT_PATH_FILESTAT_SET_TIMES,
                           (struct path_argument){ path, path_size });
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status = files_node_set_times_at(client_at(&place), place.path, lookup != 0,
                                                      times.accessed, times.modified, &result);
    return ERRNO_OF_CALL(files, status, result);
}

/* ---- Creating and removing ------------------------------------------------------------------- */

WASI_FUNCTION(path_create_directory)(uint32_t fd, uint32_t path, uint32_t path_size)
{
    struct place place;
    uint32_t error = place_find(&place, fd, WASI_RIGHT_PATH_CREATE_DIRECTORY,
                                (struct path_argument){ path, path_size });
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status = files_node_create_directory(client_at(&place), place.path, &result);
    return ERRNO_OF_CALL(files, status, result);
}

WASI_FUNCTION(path_remove_directory)(uint32_t fd, uint32_t path, uint32_t path_size)
{
    struct place place;
    uint32_t error = place_find(&place, fd, WASI_RIGHT_PATH_REMOVE_DIRECTORY,
                                (struct path_argument){ path, path_size });
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status = files_node_remove_directory(client_at(&place), place.path, &result);
    return ERRNO_OF_CALL(files, status, result);
}

WASI_FUNCTION(path_unlink_file)(uint32_t fd, uint32_t path, uint32_t path_size)
{
    struct place place;
    uint32_t error = place_find(&place, fd, WASI_RIGHT_PATH_UNLINK_FILE,
                                (struct path_argument){ path, path_size });
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status = files_node_unlink(client_at(&place), place.path, &result);
    return ERRNO_OF_CALL(files, status, result);
}

/* ---- Links and names ------------------------------------------------------------------------- */

WASI_FUNCTION(path_link)(uint32_t old_fd, uint32_t lookup, uint32_t old_path,
                         uint32_t old_path_size, uint32_t new_fd, uint32_t new_path,
                         uint32_t new_path_size)
{
    struct place from;
    struct place to;
    uint32_t error = check_lookup(lookup);
    if (error == WASI_SUCCESS)
        error = place_find(&from, old_fd, WASI_RIGHT_PATH_LINK_SOURCE,
                           (struct path_argument){ old_path, old_path_size });
    if (error == WASI_SUCCESS)
        error = place_find(&to, new_fd, WASI_RIGHT_PATH_LINK_TARGET,
                           (struct path_argument){ new_path, new_path_size });
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status = files_node_link(client_at(&from), from.path, lookup != 0,
                                              to.directory->slot, to.path, &result);
    return ERRNO_OF_CALL(files, status, result);
}

WASI_FUNCTION(path_rename)(uint32_t old_fd, uint32_t old_path, uint32_t old_path_size,
                           uint32_t new_fd, uint32_t new_path, uint32_t new_path_size)
{
    struct place from;
    struct place to;
    uint32_t error = place_find(&from, old_fd, WASI_RIGHT_PATH_RENAME_SOURCE,
                                (struct path_argument){ old_path, old_path_size });
    if (error == WASI_SUCCESS)
        error = place_find(&to, new_fd, WASI_RIGHT_PATH_RENAME_TARGET,
                           (struct path_argument){ new_path, new_path_size });
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status =
        files_node_rename(client_at(&from), from.path, to.directory->slot, to.path, &result);
    return ERRNO_OF_CALL(files, status, result);
}

/* A link may lead anywhere, also to nowhere: where it leads is checked when it is followed. Whether
 * an absolute target can ever be followed is known to who handles the directory, and refused there if
 * it cannot. */
WASI_FUNCTION(path_symlink)(uint32_t target, uint32_t target_size, uint32_t fd, uint32_t path,
                            uint32_t path_size)
{
    static uint8_t buffer[CALLER_PATH_MAX];
    struct place place;
    struct weft_bytes content;
    uint32_t error =
        place_find(&place, fd, WASI_RIGHT_PATH_SYMLINK, (struct path_argument){ path, path_size });
    if (error == WASI_SUCCESS)
        error = caller_load_path(target, target_size, buffer, &content);
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status = files_node_symlink(client_at(&place), content, place.path, &result);
    return ERRNO_OF_CALL(files, status, result);
}

/* What does not fit is cut off. */
WASI_FUNCTION(path_readlink)(uint32_t fd, uint32_t path, uint32_t path_size, uint32_t buffer,
                             uint32_t capacity, uint32_t size)
{
    struct place place;
    uint32_t error = caller_check(buffer, capacity);
    if (error == WASI_SUCCESS)
        error = caller_check(size, sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = place_find(&place, fd, WASI_RIGHT_PATH_READLINK,
                           (struct path_argument){ path, path_size });
    if (error != WASI_SUCCESS)
        return error;
    struct files_string_error_result result;
    enum weft_status status = files_node_read_link(client_at(&place), place.path, &result);
    error = ERRNO_OF_CALL(files, status, result);
    if (error != WASI_SUCCESS)
        return error;
    uint32_t used = result.value.size < capacity ? result.value.size : capacity;
    error = caller_store(buffer, result.value.data, used);
    return error == WASI_SUCCESS ? caller_store_u32(size, used) : error;
}
