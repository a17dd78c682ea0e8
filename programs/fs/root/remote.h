/* Files that are streams of others: what is read and written goes on to a slot of `stream`, or to a
 * connection of `tcp`, and the answer comes when that answers. There are no places in them. */
#ifndef PROGRAMS_FS_ROOT_REMOTE_H
#define PROGRAMS_FS_ROOT_REMOTE_H

#include "lib/client.h"
#include "programs/fs/root/volume.h"

enum remote_protocol { REMOTE_STREAM, REMOTE_TCP };

enum { REMOTES_MAX = 1024, REMOTES_PER_SILO_MAX = 256 };

/* Open a node for who has sent the message that is handled, with what of `flags` are rights, and
 * give VOLUME_LATER, or a failure: the terminal; the serial line; a connection to a host by name or
 * IPv4 address and port, `host:port`. */
int remote_open_terminal(uint32_t flags);
int remote_open_serial(uint32_t flags);
int remote_open_tcp(struct weft_bytes where, uint32_t flags);
/* Random bytes for who has sent the message that is handled. */
int remote_read_random(uint32_t count);
/* Before any of these. */
void remote_init(void);

#endif
