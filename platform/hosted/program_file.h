/* Programs by what a person calls them: a file, a name, a CID. Private to the hosted platform.
 *
 * The user's own programs lie in a folder, named by their CIDs, and a table says which name means
 * which; both are below the folders that the XDG Base Directory Specification gives. */
#ifndef PLATFORM_HOSTED_PROGRAM_FILE_H
#define PLATFORM_HOSTED_PROGRAM_FILE_H

#include "kernel/kernel.h"

struct program_file {
    struct bytes bytes; /* not shared with the file: nobody changes them while the program runs */
    char name[256];     /* for people: the file's own name */
};

/* Reads a whole file of at most `limit_bytes`. 0 or the exit status, told the person already. */
int program_file_read(const char *path, usize limit_bytes, struct bytes *bytes);
/* Gives back what `program_file_read` read. */
void program_file_free(struct bytes bytes);
/* Finds a program: a path if such a file exists; else a name; else a CID, or eight or more of its
 * first characters. 0 or the exit status, told the person already. */
int program_file_find(const char *what, struct program_file *file);
/* Finds one that the system brings along, whatever else has that name. */
int program_file_find_bundled(const char *name, struct program_file *file);

/* Puts a program into the user's folder, under its CID, and into the table if `name` is not NULL.
 * 0 or the exit status, told the person already. */
int program_file_keep(struct bytes bytes, const char *name, const struct cid *cid);

#endif
