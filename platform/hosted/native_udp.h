/* The native handler of `udp`: the host's datagram sockets. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_NATIVE_UDP_H
#define PLATFORM_HOSTED_NATIVE_UDP_H

#include "kernel/kernel.h"

enum status native_udp_init(void);
void native_udp_deinit(void);

#endif
