/* Where things lie by custom. */
#ifndef POSIX_PATHS_H
#define POSIX_PATHS_H

#define _PATH_DEFPATH "/bin"
#define _PATH_STDPATH "/bin"
#define _PATH_BSHELL "/bin/sh"
#define _PATH_DEV "/dev/"
#define _PATH_DEVNULL "/dev/null"
#define _PATH_TTY "/dev/tty"
#define _PATH_TMP "/tmp/"

#endif
