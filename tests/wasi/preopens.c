/* Run with twenty directories: `/` and, in it, `/1` to `/19`. They are more than one message brings. */
#include "tests/wasi/support/case.h"

int main(void)
{
    struct {
        uint32_t kind;
        uint32_t size;
    } prestat;
    char name[8];
    char expected[8] = "/";
    bool is_named = true;
    bool is_itself = true;
    for (uint32_t i = 0; i < 20; i++) {
        struct filestat here;
        struct filestat there;
        if (i != 0)
            snprintf(expected, sizeof(expected), "/%u", i);
        is_named = is_named && raw_fd_prestat_get(ROOT + i, at(&prestat)) == SUCCESS &&
                   prestat.size == size_of(expected) &&
                   raw_fd_prestat_dir_name(ROOT + i, at(name), prestat.size) == SUCCESS &&
                   memcmp(name, expected, prestat.size) == 0;
        is_itself = is_itself && raw_fd_filestat_get(ROOT + i, at(&here)) == SUCCESS &&
                    stat_at(ROOT, 0, i == 0 ? "." : expected + 1, &there) == SUCCESS &&
                    here.inode == there.inode;
    }
    TAP_OK(is_named, "each has its name, in the order of the command line");
    TAP_OK(is_itself, "and is the directory of that name");
    GIVES(BADF, raw_fd_prestat_get(ROOT + 20, at(&prestat)), "behind them there is nothing");
    return tap_done();
}
