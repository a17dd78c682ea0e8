/* The user's folder of programs and table of names. Private to program_file.c. */
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
/* The CID that the table has for a name; false if there is none. */
bool store_find_name(const char *name, char cid[STORE_CID_MAX]);
/* How many programs in the folder have CIDs that begin so; the last one found in `cid`. */
u32 store_find_prefix(const char *prefix, char cid[STORE_CID_MAX]);
/* Writes a file as a whole or not at all, with the folders that lead to it. 0 or an errno. */
int store_write(const struct store_path *path, struct bytes contents);
/* Sets the row of a name. 0 or an errno. */
int store_set_name(const char *name, const char *cid);

#endif
