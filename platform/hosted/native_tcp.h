/* The native handler of `tcp`: the host's sockets. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_NATIVE_TCP_H
#define PLATFORM_HOSTED_NATIVE_TCP_H

#include "kernel/kernel.h"
#include "platform/hosted/address.h"

enum status native_tcp_init(void);
void native_tcp_deinit(void);
/* A listener at `address`; its slot arrives in the table of `receiver`. 0 or an errno. */
int native_tcp_listen(const struct address *address, struct native *receiver, i32 *slot);

#endif
