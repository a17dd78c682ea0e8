#include "platform/hosted/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool address_from_bytes(struct bytes bytes, u16 port, struct address *address)
{
    if (bytes.size != ADDRESS_V4_BYTES && bytes.size != ADDRESS_V6_BYTES)
        return false;
    *address = (struct address){ .size = (u8)bytes.size, .port = port };
    memcpy(address->bytes, bytes.data, bytes.size);
    return true;
}

struct host_address address_to_host(const struct address *address)
{
    struct host_address host = { 0 };
    if (address->size == ADDRESS_V4_BYTES) {
        struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(address->port) };
        memcpy(&v4.sin_addr, address->bytes, ADDRESS_V4_BYTES);
        memcpy(&host.storage, &v4, sizeof(v4));
        host.size = sizeof(v4);
    } else {
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(address->port) };
        memcpy(&v6.sin6_addr, address->bytes, ADDRESS_V6_BYTES);
        memcpy(&host.storage, &v6, sizeof(v6));
        host.size = sizeof(v6);
    }
    return host;
}

struct address address_from_host(const struct sockaddr *host)
{
    struct address address = { 0 };
    if (host->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, host, sizeof(v4));
        memcpy(address.bytes, &v4.sin_addr, ADDRESS_V4_BYTES);
        address.size = ADDRESS_V4_BYTES;
        address.port = ntohs(v4.sin_port);
    } else if (host->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, host, sizeof(v6));
        memcpy(address.bytes, &v6.sin6_addr, ADDRESS_V6_BYTES);
        address.size = ADDRESS_V6_BYTES;
        address.port = ntohs(v6.sin6_port);
    }
    return address;
}

static bool parse_port(const char *text, u16 *port)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    *port = (u16)value;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && value <= UINT16_MAX;
}

bool address_from_text(const char *text, struct address *address)
{
    char host[INET6_ADDRSTRLEN + 2];
    const char *colon = strrchr(text, ':');
    usize size = colon == NULL ? sizeof(host) : (usize)(colon - text);
    *address = (struct address){ 0 };
    if (size == 0 || size >= sizeof(host) || !parse_port(colon + 1, &address->port))
        return false;
    memcpy(host, text, size);
    host[size] = '\0';
    bool v6 = host[0] == '[' && host[size - 1] == ']';
    if (v6)
        host[size - 1] = '\0';
    address->size = v6 ? ADDRESS_V6_BYTES : ADDRESS_V4_BYTES;
    return inet_pton(v6 ? AF_INET6 : AF_INET, v6 ? host + 1 : host, address->bytes) == 1;
}

int address_socket(const struct address *address, int type)
{
    int family = address->size == ADDRESS_V4_BYTES ? AF_INET : AF_INET6;
    int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd < 0 ? -errno : fd;
}

int address_bind(const struct address *address, int type)
{
    struct host_address host = address_to_host(address);
    int on = 1;
    int fd = address_socket(address, type);
    if (fd < 0)
        return fd;
    if (type == SOCK_STREAM)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (address->size == ADDRESS_V6_BYTES)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (bind(fd, (const struct sockaddr *)&host.storage, host.size) == 0)
        return fd;
    int failure = -errno;
    close(fd);
    return failure;
}
