/* Files that are streams of others: what is read and written goes on to a slot of `stream`, or to a
 * connection of `tcp`, and the answer comes when that answers. There are no places in them. */
#ifndef PROGRAMS_FS_ROOT_REMOTE_H
#define PROGRAMS_FS_ROOT_REMOTE_H

#include "lib/client.h"
#include "programs/fs/root/volume.h"

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

/* ---- For other files of others (framebuffer.c) ---- */

/* What is made of an answer; `answer` is NULL if there is none. */
typedef void finish_remote(const struct weft_event *asked, struct body_reader *answer,
                           uint64_t what);

/* A client by the row of who has sent the message that is handled: what he was given in an interface's
 * place is what he gets here. 0, a failure, or VOLUME_LATER. */
int remote_find_row(const char *interface, struct weft_client *client);
/* Sends what was encoded: VOLUME_LATER, or a failure. */
int remote_ask(struct weft_client *client, finish_remote *finish, uint64_t what);
/* The same by a row, whose slot is there until the answer is: what is given with that goes when the
 * right does. */
int remote_ask_row(struct weft_client *client, finish_remote *finish, uint64_t what);
/* Answers with a node of the volume, whose slot this is until the last who has it open is gone. */
void remote_give(const struct weft_event *asked, int32_t slot, struct volume *volume,
                 uint32_t flags);
int32_t remote_slot(uint64_t node);
void remote_hold(struct volume *volume, uint64_t node);
void remote_release(struct volume *volume, uint64_t node);
/* As much of it as a client holds; the rest is written next. */
struct weft_bytes remote_part(struct weft_bytes bytes);

#endif
