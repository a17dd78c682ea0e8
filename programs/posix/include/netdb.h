/* Names of hosts (POSIX netdb.h): the system's own by gethostbyname; the rest is what compiling needs, and
 * no program that calls it is built yet. */
#ifndef POSIX_NETDB_H
#define POSIX_NETDB_H

#include <sys/socket.h>

struct addrinfo {
    int ai_flags, ai_family, ai_socktype, ai_protocol;
    socklen_t ai_addrlen;
    struct sockaddr *ai_addr;
    char *ai_canonname;
    struct addrinfo *ai_next;
};

#define AI_PASSIVE 1
#define AI_NUMERICHOST 4
#define NI_NUMERICHOST 1
#define NI_NUMERICSERV 2
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **result);
void freeaddrinfo(struct addrinfo *list);
const char *gai_strerror(int error);
int getnameinfo(const struct sockaddr *address, socklen_t size, char *host, socklen_t host_size,
                char *service, socklen_t service_size, int flags);

struct hostent {
    char *h_name;
};

#define HOST_NOT_FOUND 1
extern int h_errno;
struct hostent *gethostbyname(const char *name);
const char *hstrerror(int error);

#endif
