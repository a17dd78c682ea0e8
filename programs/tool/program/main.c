/* A person's programs: which there are, kept, named and forgotten. */
#include "programs/tool/program/store.h"
#include "programs/tool/shared/program.h"
#include "programs/tool/shared/usage.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: program [list] [-a]\n"
    "       program add FILE [NAME]\n"
    "       program name CID NAME\n"
    "       program remove NAME|CID\n"
    "       program what PROGRAM...\n"
    "Keeps programs under the hash of their bytes (CID), and names for them, which are commands "
    "then.\n"
    "list: those that are kept, with their names; -a: those that the system came with, too, each "
    "with\n"
    "its CID. add: keeps the program in FILE and prints its CID. name: gives one that is kept a "
    "name,\n"
    "or a name another program; 8 digits of a CID are enough if no other begins so. remove: a "
    "name, or\n"
    "a program with all its names. what: what a program could ever ask for, as the command "
    "`what`.\n"
    "They are kept in the folder that the variable PROGRAMS names, and its bin is to be in PATH; "
    "without\n"
    "it they are in memory, in /tmp/store, and gone when the session ends.\n";

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "program: %s: %s\n", what, why);
    return EXIT_FAILED;
}

/* ---- List ---- */

static void print_plain(const char *text, uint32_t width)
{
    print_text((struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) }, width);
}

static void print_row(const char *name, const char *cid, const char *where)
{
    print_plain(name, 16);
    putchar(' ');
    print_plain(cid, 59);
    printf(" %s\n", where);
}

struct names {
    const char *cid;
    unsigned count;
};

static void print_name(const char *name, void *context)
{
    struct names *names = context;
    char cid[PROGRAM_CID_TEXT];
    if (!store_cid_of(name, cid, sizeof(cid)) || strcmp(cid, names->cid) != 0)
        return;
    names->count++;
    print_row(name, cid, store_folder());
}

static void print_kept(const char *cid, void *context)
{
    struct names names = { .cid = cid };
    (void)context;
    store_list(store_names(), print_name, &names);
    if (names.count == 0)
        print_row("-", cid, store_folder());
}

static int list_bundle(void)
{
    struct dirent **entries;
    int count = scandir("/programs", &entries, NULL, alphasort);
    if (count < 0)
        return fail("/programs", "the programs that the system came with cannot be seen from here");
    for (int i = 0; i < count; i++) {
        char path[STORE_PATH_MAX];
        struct program program;
        snprintf(path, sizeof(path), "/programs/%s", entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && program_add(path, &program) == 0)
            print_row(entries[i]->d_name, program.text, "system");
        free(entries[i]);
    }
    free(entries);
    return 0;
}

static int list(bool all)
{
    printf("%-16s %-59s %s\n", "NAME", "CID", "KEPT IN");
    store_list(store_folder(), print_kept, NULL);
    return all ? list_bundle() : 0;
}

/* ---- Changing ---- */

static bool is_name(const char *name)
{
    enum { NAME_MAX_BYTES = 64 };
    size_t size = strlen(name);
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)name[i] <= ' ' || name[i] == '/' || name[i] == 0x7F)
            return false;
    return size != 0 && size <= NAME_MAX_BYTES && name[0] != '.' && name[0] != '-';
}

/* The folder of names is to be in PATH, or they are no commands. */
static void tell_of_path(void)
{
    const char *path = getenv("PATH");
    const char *names = store_names();
    size_t size = strlen(names);
    while (path != NULL &&
           !(strncmp(path, names, size) == 0 && (path[size] == ':' || path[size] == '\0')))
        path = strchr(path, ':') == NULL ? NULL : strchr(path, ':') + 1;
    if (path == NULL)
        fprintf(stderr, "program: names are commands if PATH has their folder: PATH=$PATH:%s\n",
                names);
}

static int set_name(const char *cid, const char *name)
{
    if (!is_name(name))
        return fail(name,
                    "a name has 1 to 64 characters, without blanks and slashes, and begins with "
                    "neither a dot nor a dash");
    if (!store_set_name(name, cid))
        return EXIT_FAILED;
    tell_of_path();
    return 0;
}

static int add(const char *file, const char *name)
{
    struct program program;
    if (name != NULL && !is_name(name))
        return set_name("", name);
    go_where_called();
    int failed = program_add(file, &program);
    if (failed != 0)
        return failed;
    if (!store_keep(file, program.text))
        return EXIT_FAILED;
    printf("%s\n", program.text);
    if (store_is_in_memory())
        fputs("program: it is kept in memory, and gone when the session ends\n", stderr);
    return name == NULL ? 0 : set_name(program.text, name);
}

static int find(const char *prefix, char cid[PROGRAM_CID_TEXT])
{
    if (strlen(prefix) < STORE_CID_PREFIX)
        return fail(prefix, "a CID is told by 8 digits at least; `program` lists them");
    unsigned count = store_find(prefix, cid, PROGRAM_CID_TEXT);
    if (count == 0)
        return fail(prefix, "no program that is kept has such a CID; `program add FILE` keeps one");
    return count == 1 ? 0
                      : fail(prefix, "several programs have CIDs that begin so; give more of it");
}

static int name_program(const char *prefix, const char *name)
{
    char cid[PROGRAM_CID_TEXT];
    int failed = find(prefix, cid);
    return failed != 0 ? failed : set_name(cid, name);
}

struct removal {
    const char *cid;
    bool is_well;
};

static void remove_if_of(const char *name, void *context)
{
    struct removal *removal = context;
    char cid[PROGRAM_CID_TEXT];
    if (store_cid_of(name, cid, sizeof(cid)) && strcmp(cid, removal->cid) == 0)
        removal->is_well = store_remove_name(name) && removal->is_well;
}

static int remove_program(const char *what)
{
    char cid[PROGRAM_CID_TEXT];
    if (is_name(what) && store_cid_of(what, cid, sizeof(cid)))
        return store_remove_name(what) ? 0 : EXIT_FAILED;
    if (strlen(what) < STORE_CID_PREFIX)
        return fail(what, "nothing that is kept has this name; `program` lists what is");
    int failed = find(what, cid);
    if (failed != 0)
        return failed;
    struct removal removal = { cid, true };
    store_list(store_names(), remove_if_of, &removal);
    return removal.is_well && store_remove(cid) ? 0 : EXIT_FAILED;
}

static int become(char **arguments)
{
    execvp(arguments[0], arguments);
    return fail(arguments[0],
                errno == ENOENT ? "this command is not found in PATH" : strerror(errno));
}

int main(int count, char **arguments)
{
    const char *word = count > 1 ? arguments[1] : "list";
    bool is_listing = strcmp(word, "list") == 0 || strcmp(word, "-a") == 0;
    if (strcmp(word, "what") == 0 && count > 2)
        return become(arguments + 1);
    if (asks_for_help(count, arguments, help))
        return 0;
    if (is_listing && count <= 3)
        return count <= 2 || strcmp(arguments[2], "-a") == 0
                   ? list(strcmp(arguments[count - 1], "-a") == 0)
                   : tell_misuse(help, count, arguments);
    if (strcmp(word, "add") == 0 && (count == 3 || count == 4))
        return add(arguments[2], count == 4 ? arguments[3] : NULL);
    if (strcmp(word, "name") == 0 && count == 4)
        return name_program(arguments[2], arguments[3]);
    return strcmp(word, "remove") == 0 && count == 3 ? remove_program(arguments[2])
                                                     : tell_misuse(help, count, arguments);
}
