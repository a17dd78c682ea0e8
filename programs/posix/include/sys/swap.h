/* Linux only: the header is asked for. */
#ifndef POSIX_SYS_SWAP_H
#define POSIX_SYS_SWAP_H

#endif
