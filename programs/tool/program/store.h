/* A person's programs: a folder with CID.wasm for each, and in bin/ of it a link NAME.wasm for each
 * name. What is in bin/ is found as a command where that folder is in PATH; the rest is what `weft
 * add` keeps, too. What a file is called is no proof of what is in it: the kernel names programs by
 * their bytes. */
#ifndef PROGRAMS_TOOL_PROGRAM_STORE_H
#define PROGRAMS_TOOL_PROGRAM_STORE_H

#include <stdbool.h>
#include <stddef.h>

enum { STORE_PATH_MAX = 1024, STORE_CID_PREFIX = 8 };

/* The folder: PROGRAMS says which; else it is in memory, and goes with the session. */
const char *store_folder(void);
bool store_is_in_memory(void);

/* Puts the file's program there; false: why not is told. */
bool store_keep(const char *from, const char *cid);
/* How many programs have CIDs that begin so; the last one in `cid`. */
unsigned store_find(const char *prefix, char *cid, size_t capacity);
bool store_set_name(const char *name, const char *cid);
/* The CID that goes by that name. */
bool store_cid_of(const char *name, char *cid, size_t capacity);
bool store_remove_name(const char *name);
bool store_remove(const char *cid);

/* Calls `see` with each entry of a folder that ends in .wasm, without that ending, in order. */
void store_list(const char *folder, void (*see)(const char *name, void *context), void *context);
/* bin/ of the folder. */
const char *store_names(void);

#endif
