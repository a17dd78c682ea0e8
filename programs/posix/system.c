/* What is left: the log, time, names, sockets. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <syslog.h>
#include <unistd.h>

static int unsupported(void)
{
    errno = ENOSYS;
    return -1;
}

static const char *log_name = "";

void openlog(const char *who, int options, int facility)
{
    (void)options;
    (void)facility;
    log_name = who;
}

void closelog(void) {}

void vsyslog(int priority, const char *format, va_list arguments)
{
    fprintf(stderr, "%s<%d>: ", log_name, LOG_PRI(priority));
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void syslog(int priority, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}

/* What the C library says is that it runs on WASI, which is true of every such system. */
int uname(struct utsname *name)
{
    *name = (struct utsname){ .sysname = "Weft", .release = "0", .version = "0", .machine = "wasm32" };
    return gethostname(name->nodename, sizeof(name->nodename));
}

void tzset(void) {} /* all times are UTC */

int settimeofday(const struct timeval *time, const void *zone)
{
    (void)time;
    (void)zone;
    errno = EPERM;
    return -1;
}

int getpagesize(void)
{
    return 65536; /* WebAssembly's */
}

/* What the kernel takes of arguments and environment of a new process, and what the C library knows. */
#undef sysconf
long sysconf(int name);
long posix_sysconf(int name)
{
    enum { ARGUMENTS_MAX = 1 << 20 };
    return name == _SC_ARG_MAX ? ARGUMENTS_MAX : sysconf(name);
}

int gethostname(char *name, size_t size)
{
    strncpy(name, "weft", size);
    return 0;
}

int sethostname(const char *name, size_t size)
{
    (void)name;
    (void)size;
    errno = EPERM;
    return -1;
}

int h_errno;

/* What can be said without asking anybody: the system's own name is its whole name. */
struct hostent *gethostbyname(const char *name)
{
    static char own[sizeof(((struct utsname *)0)->nodename)];
    static struct hostent host = { .h_name = own };
    if (gethostname(own, sizeof(own)) == 0 && strcmp(name, own) == 0)
        return &host;
    h_errno = HOST_NOT_FOUND;
    return NULL;
}

const char *hstrerror(int error)
{
    return error == HOST_NOT_FOUND ? "there is no such host" : "it is not known why";
}

int socket(int domain, int type, int protocol)
{
    (void)domain;
    (void)type;
    (void)protocol;
    return unsupported();
}

int bind(int descriptor, const void *address, unsigned size)
{
    (void)descriptor;
    (void)address;
    (void)size;
    return unsupported();
}

int connect(int descriptor, const void *address, unsigned size)
{
    return bind(descriptor, address, size);
}

int listen(int descriptor, int backlog)
{
    (void)descriptor;
    (void)backlog;
    return unsupported();
}

int setsockopt(int descriptor, int level, int name, const void *value, unsigned size)
{
    (void)level;
    (void)name;
    return bind(descriptor, value, size);
}
