/* Network interfaces (POSIX net/if.h): the header is asked for. */
#ifndef POSIX_NET_IF_H
#define POSIX_NET_IF_H

#define IFNAMSIZ 16

#endif
