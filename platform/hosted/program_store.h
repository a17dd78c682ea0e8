/* The user's folders: of programs, with the table of names, and of the cache. Private to
 * program_file.c and image_cache.c. */
#ifndef PLATFORM_HOSTED_PROGRAM_STORE_H
#define PLATFORM_HOSTED_PROGRAM_STORE_H

#include "base/base.h"

#include <limits.h>

enum { STORE_CID_MAX = 128 };

struct store_path {
    char text[PATH_MAX];
};

/* Of a program in the folder; of the folder itself if `cid` is empty. False: there is no home. */
bool store_program_path(const char *cid, struct store_path *path);
bool store_names_path(struct store_path *path);
/* Of a file of the cache. */
bool store_cache_path(const char *name, struct store_path *path);
/* Makes the folders that lead to it, with that mode. 0 or an errno. */
int store_create_folders(const struct store_path *path, u32 mode);
/* The CID that the table has for a name; false if there is none. */
bool store_find_name(const char *name, char cid[STORE_CID_MAX]);
/* How many programs in the folder have CIDs that begin so; the last one found in `cid`. */
u32 store_find_prefix(const char *prefix, char cid[STORE_CID_MAX]);
/* Writes a file as a whole or not at all, with the folders that lead to it. 0 or an errno. */
int store_write(const struct store_path *path, struct bytes contents);
/* Sets the row of a name. 0 or an errno. */
int store_set_name(const char *name, const char *cid);

#endif
