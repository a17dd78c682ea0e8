/* No path leaves its directory. Beside the scratch directory lies the file `secret`; in it lie the
 * links `absolute` (to the secret) and `beside` (to the directory that both are in), with absolute
 * targets, which only somebody outside could make. */
#include "tests/wasi/support/case.h"

static struct filestat stat;

/* Every function that takes a path, with one that leads out to `secret`. */
static void test_everywhere(uint32_t fd, const char *path)
{
    char buffer[8];
    uint32_t opened;
    uint32_t used;
    char directory[64];
    snprintf(directory, sizeof(directory), "%s-new", path);
    printf("# by way of %s\n", path);
    GIVES(PERM, open_at(fd, path, 0, R_READ, &opened), "path_open");
    GIVES(PERM, open_at(fd, directory, CREAT, R_WRITE, &opened), "path_open to create");
    GIVES(PERM, stat_at(fd, 0, path, &stat), "path_filestat_get");
    GIVES(PERM, stat_at(fd, FOLLOW, path, &stat), "path_filestat_get that follows");
    GIVES(PERM, raw_path_filestat_set_times(fd, 0, at(path), size_of(path), 0, 0, 8), "set_times");
    GIVES(PERM, make_directory(fd, directory), "path_create_directory");
    GIVES(PERM, remove_directory(fd, path), "path_remove_directory");
    GIVES(PERM, unlink_file(fd, path), "path_unlink_file");
    GIVES(PERM, make_link("x", fd, directory), "path_symlink");
    GIVES(PERM, raw_path_readlink(fd, at(path), size_of(path), at(buffer), 8, at(&used)), "readlink");
    GIVES(PERM, rename_at(fd, path, "stolen"), "path_rename from there");
    GIVES(PERM, rename_at(fd, "file", directory), "path_rename to there");
    GIVES(PERM, link_at(fd, 0, path, "stolen"), "path_link from there");
    GIVES(PERM, link_at(fd, 0, "file", directory), "path_link to there");
}

static void test_inside(uint32_t fd)
{
    uint32_t opened;
    make_directory(fd, "dir");
    make_directory(fd, "dir/in");
    make_link("dir/in", fd, "inner");
    make_link("../file", fd, "dir/back");
    GIVES(SUCCESS, open_at(fd, "dir/.././dir//in/../../file", 0, R_READ, &opened), "there and back");
    raw_fd_close(opened);
    GIVES(SUCCESS, stat_at(fd, 0, "inner/../../file", &stat), "back from where a link leads");
    GIVES(SUCCESS, stat_at(fd, FOLLOW, "dir/back", &stat), "a link may lead up within");
    GIVES(PERM, stat_at(fd, 0, "inner/../../../secret", &stat), "but not one further");
    GIVES(SUCCESS, raw_path_open(fd, 0, at("dir"), 3, DIRECTORY, R_OPEN | R_PATH_FILESTAT_GET, 0, 0,
                                 at(&opened)),
          "a directory within");
    GIVES(PERM, stat_at(opened, FOLLOW, "back", &stat), "is its own border, for links");
    GIVES(PERM, stat_at(opened, 0, "../file", &stat), "and for paths");
    GIVES(PERM, stat_at(opened, 0, "in/../../file", &stat), "however they go");
    raw_fd_close(opened);
    unlink_file(fd, "dir/back");
    unlink_file(fd, "inner");
    remove_directory(fd, "dir/in");
}

int main(void)
{
    make_file(ROOT, "file", "x");
    make_directory(ROOT, "dir");
    make_link("..", ROOT, "up");
    make_link("../secret", ROOT, "secret");
    make_link("dir/../../secret", ROOT, "roundabout");
    test_everywhere(ROOT, "../secret");
    test_everywhere(ROOT, "./.././secret");
    test_everywhere(ROOT, "dir/../../secret");
    test_everywhere(ROOT, "up/secret");
    test_everywhere(ROOT, "beside/secret");
    test_everywhere(ROOT, "/secret");
    uint32_t opened;
    const char *links[] = { "secret", "roundabout", "absolute", "up", "beside" };
    for (uint32_t i = 0; i < 5; i++) {
        GIVES(PERM, raw_path_open(ROOT, FOLLOW, at(links[i]), size_of(links[i]), 0, R_READ, 0, 0,
                                  at(&opened)),
              "a link that leads out is not followed");
        GIVES(PERM, stat_at(ROOT, FOLLOW, links[i], &stat), "nor for its status");
        GIVES(SUCCESS, stat_at(ROOT, 0, links[i], &stat), "but is a link like others");
    }
    GIVES(PERM, open_at(ROOT, "..", DIRECTORY, R_READDIR, &opened), "the directory above");
    GIVES(PERM, open_at(ROOT, "/", DIRECTORY, R_READDIR, &opened), "the directory above all");
    test_inside(ROOT);
    return tap_done();
}
