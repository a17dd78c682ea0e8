/* Pseudo-terminals: there are none; the header is asked for. */
#ifndef POSIX_PTY_H
#define POSIX_PTY_H

#include <termios.h>

#endif
