/* Internet addresses between the interfaces and the host. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_ADDRESS_H
#define PLATFORM_HOSTED_ADDRESS_H

#include "base/base.h"

#include <sys/socket.h>

enum {
    ADDRESS_V4_BYTES = 4,
    ADDRESS_V6_BYTES = 16,
};

struct address {
    u8 bytes[ADDRESS_V6_BYTES];
    u8 size; /* one of the two; 0: none */
    u16 port;
};

struct host_address {
    struct sockaddr_storage storage;
    socklen_t size;
};

/* False if `bytes` is not the size of an address. */
bool address_from_bytes(struct bytes bytes, u16 port, struct address *address);
struct host_address address_to_host(const struct address *address);
/* No address (size 0) for another family. */
struct address address_from_host(const struct sockaddr *host);
/* "127.0.0.1:80", "[::1]:80": digits only. */
bool address_from_text(const char *text, struct address *address);

/* A new socket for that family, which does not block; or a negated errno. */
int address_socket(const struct address *address, int type);
/* A socket bound there, with the options that every server wants; or a negated errno. */
int address_bind(const struct address *address, int type);

#endif
