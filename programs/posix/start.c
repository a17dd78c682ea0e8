/* Before `main`: relative paths begin at PWD, which whoever starts a program may set. It stands
 * alone: programs that need nothing else of this room are linked with it, too. */
#include <stdlib.h>
#include <unistd.h>

__attribute__((constructor)) static void enter_current_directory(void)
{
    const char *path = getenv("PWD");
    if (path != NULL && path[0] == '/')
        (void)chdir(path); /* where that is not, `/` is as good */
}
