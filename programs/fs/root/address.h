/* Where a connection leads to, as people write it: HOST:PORT. */
#ifndef PROGRAMS_FS_ROOT_ADDRESS_H
#define PROGRAMS_FS_ROOT_ADDRESS_H

#include "abi/body.h"

/* What is before the last colon, and the port behind it, 1 to 65535. False: one of them is missing, or none. */
bool address_divide(struct weft_bytes where, struct weft_bytes *host, uint16_t *port);
/* Four numbers with points between them. False: it is no IPv4 address, perhaps a name. */
bool address_read(struct weft_bytes text, uint8_t parts[static 4]);

#endif
