/* The system's log (POSIX syslog.h): lines go to standard error. */
#ifndef POSIX_SYSLOG_H
#define POSIX_SYSLOG_H

#include <stdarg.h>

enum { LOG_EMERG, LOG_ALERT, LOG_CRIT, LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG };
enum {
    LOG_KERN = 0,
    LOG_USER = 1 << 3,
    LOG_MAIL = 2 << 3,
    LOG_DAEMON = 3 << 3,
    LOG_AUTH = 4 << 3,
    LOG_SYSLOG = 5 << 3,
    LOG_LPR = 6 << 3,
    LOG_NEWS = 7 << 3,
    LOG_UUCP = 8 << 3,
    LOG_CRON = 9 << 3,
    LOG_AUTHPRIV = 10 << 3,
    LOG_FTP = 11 << 3,
    LOG_LOCAL0 = 16 << 3,
    LOG_LOCAL7 = 23 << 3,
};
#define LOG_PID 0x1
#define LOG_PERROR 0x20
#define LOG_PRIMASK 0x7
#define LOG_FACMASK 0x3f8
#define LOG_PRI(code) ((code)&LOG_PRIMASK)
#define LOG_FAC(code) (((code)&LOG_FACMASK) >> 3)

void openlog(const char *who, int options, int facility);
void syslog(int priority, const char *format, ...);
void vsyslog(int priority, const char *format, va_list arguments);
void closelog(void);

#endif
