/* Linux only: the header is asked for. */
#ifndef POSIX_SYS_INOTIFY_H
#define POSIX_SYS_INOTIFY_H

#endif
