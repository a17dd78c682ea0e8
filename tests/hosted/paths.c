/* platform/hosted/files_path.h: no path leads out of its directory, whatever it is made of and
 * whatever others do to the tree meanwhile. */
#include "platform/hosted/files_path.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[] = "weft-paths-XXXXXX";
static int root; /* SCRATCH/root, what may be seen */

static void write_file(const char *path, const char *contents)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, contents, strlen(contents)) != (ssize_t)strlen(contents))
        abort();
    close(fd);
}

static void must(int result)
{
    if (result != 0)
        abort();
}

/* SCRATCH/secret and SCRATCH/root/{file,folder/inner,...links}. */
static void make_tree(void)
{
    const char *folder = getenv("TMPDIR");
    must(chdir(folder == NULL ? P_tmpdir : folder));
    if (mkdtemp(scratch) == NULL || chdir(scratch) != 0)
        abort();
    write_file("secret", "secret");
    must(mkdir("root", 0700));
    must(mkdir("root/folder", 0700));
    must(mkdir("outside", 0700));
    write_file("outside/inner", "secret");
    write_file("root/file", "open");
    write_file("root/folder/inner", "open");
    must(symlink("/etc/passwd", "root/absolute"));
    must(symlink("../secret", "root/parent"));
    must(symlink("folder/../../secret", "root/devious"));
    must(symlink("folder/../file", "root/inside"));
    must(symlink("../..", "root/folder/up"));
    must(symlink("loop", "root/loop"));
    must(symlink("/proc/self/root", "root/magic"));
    root = open("root", O_PATH | O_DIRECTORY);
    if (root < 0)
        abort();
}

static int result_of(const char *path, u64 flags)
{
    int fd;
    int failure = path_open(root, path, flags, &fd);
    if (failure == 0)
        close(fd);
    return failure;
}

static void test_open(void)
{
    static const char *const escapes[] = {
        "..",
        "../secret",
        "/",
        "/etc/passwd",
        "folder/../../secret",
        "absolute",
        "parent",
        "devious",
        "folder/up/secret",
        "folder/..//..",
        "./../root/file",
        "magic/etc/passwd",
        "../root/file",
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(escapes); i++)
        TAP_OK(result_of(escapes[i], O_RDONLY) == PATH_ESCAPES, escapes[i]);
    TAP_OK(result_of("inside", O_RDONLY) == 0, "a link that stays inside is followed");
    TAP_OK(result_of("folder/../file", O_RDONLY) == 0, "so is .. that stays inside");
    TAP_OK(result_of("inside", O_RDONLY | O_NOFOLLOW) == ELOOP, "but not if links are not wanted");
    TAP_OK(result_of("loop", O_RDONLY) == ELOOP, "a loop of links ends");
    TAP_OK(result_of("file/", O_RDONLY) == ENOTDIR, "a file with a slash is no directory");
    TAP_OK(result_of("folder///", O_RDONLY) == 0, "a directory may have slashes");
    TAP_OK(result_of("nothing", O_RDONLY) == ENOENT, "what is not there");
}

static void test_copy(void)
{
    static u8 long_path[PATH_MAX + 1];
    struct path path;
    memset(long_path, 'a', sizeof(long_path));
    TAP_OK(path_copy((struct weft_bytes){ long_path, 0 }, &path) == ENOENT, "an empty path");
    TAP_OK(path_copy(WEFT_BYTES("fi\0le"), &path) == EINVAL, "a path with a zero in it");
    TAP_OK(path_copy((struct weft_bytes){ long_path, PATH_MAX }, &path) == ENAMETOOLONG,
           "a path of PATH_MAX bytes has no room for its zero");
    TAP_OK(path_copy((struct weft_bytes){ long_path, PATH_MAX - 1 }, &path) == 0,
           "one byte less has");
}

/* The result of path_end_open, and the last component if it is 0. */
static int end_of(const char *text, char *last)
{
    struct path path;
    struct path_end end;
    path_copy((struct weft_bytes){ (const u8 *)text, (u32)strlen(text) }, &path);
    int failure = path_end_open(root, &path, &end);
    if (failure == 0) {
        strcpy(last, end.last);
        path_end_close(&end);
    }
    return failure;
}

static void test_ends(void)
{
    char last[PATH_MAX];
    TAP_OK(end_of("new", last) == 0 && strcmp(last, "new") == 0, "one component");
    TAP_OK(end_of("folder/new//", last) == 0 && strcmp(last, "new//") == 0,
           "slashes at the end stay");
    TAP_OK(end_of("folder//new", last) == 0 && strcmp(last, "new") == 0, "slashes inside do not");
    TAP_OK(end_of("parent", last) == 0, "a link as last component is not followed");
    TAP_OK(end_of("parent/new", last) == PATH_ESCAPES, "one before the last is");
    TAP_OK(end_of("/new", last) == PATH_ESCAPES && end_of("/", last) == PATH_ESCAPES, "absolute");
    TAP_OK(end_of("..", last) == PATH_ESCAPES && end_of("../", last) == PATH_ESCAPES,
           ".. as last component leads out");
    TAP_OK(end_of("folder/..", last) == 0, "unless it stays inside");
    TAP_OK(end_of("..new", last) == 0, "a name that begins with .. is a name");
    TAP_OK(end_of("file/new", last) == ENOTDIR, "below a file there is nothing");
}

/* ---- Races: another thread swaps a directory for a link that leads out ---- */

static _Atomic bool race_ends;

static void *swap(void *argument)
{
    while (!atomic_load(&race_ends)) {
        rename("root/folder", "root/kept");
        must(symlink("../outside", "root/folder"));
        unlink("root/folder");
        rename("root/kept", "root/folder");
    }
    return argument;
}

static void test_race(void)
{
    enum { TRIES = 20000 };
    pthread_t thread;
    u32 opened = 0, escaped = 0, refused = 0;
    must(pthread_create(&thread, NULL, swap, NULL));
    for (u32 i = 0; i < TRIES; i++) {
        char contents[8] = "";
        int fd;
        int failure = path_open(root, "folder/../folder/inner", O_RDONLY, &fd);
        if (failure != 0) {
            refused++;
            continue;
        }
        opened++;
        escaped += read(fd, contents, sizeof(contents)) > 0 && contents[0] != 'o';
        close(fd);
    }
    atomic_store(&race_ends, true);
    pthread_join(thread, NULL);
    printf("# opened %u, refused %u\n", opened, refused);
    TAP_OK(escaped == 0 && opened > 0 && refused > 0,
           "a directory that is swapped for a link meanwhile never leads out");
}

static void remove_tree(void)
{
    static const char *const names[] = {
        "root/absolute",     "root/parent",   "root/devious", "root/inside",
        "root/folder/up",    "root/loop",     "root/magic",   "root/file",
        "root/folder/inner", "outside/inner", "secret",
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(names); i++)
        unlink(names[i]);
    rmdir("root/folder");
    rmdir("root");
    rmdir("outside");
    must(chdir(".."));
    rmdir(scratch);
}

int main(void)
{
    make_tree();
    test_open();
    test_copy();
    test_ends();
    test_race();
    remove_tree();
    return tap_done();
}
