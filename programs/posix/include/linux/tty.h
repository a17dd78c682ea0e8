/* Line disciplines (Linux' linux/tty.h): how many numbers of them there are. */
#ifndef POSIX_LINUX_TTY_H
#define POSIX_LINUX_TTY_H

#define NR_LDISCS 31

#endif
