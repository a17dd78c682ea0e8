/* Linux only: the header is asked for. */
#ifndef POSIX_SYS_PERSONALITY_H
#define POSIX_SYS_PERSONALITY_H

#endif
