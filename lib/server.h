/* The loop of a handler: wait for an event, dispatch it, refuse what could not be handled.
 *
 *     static _Alignas(8) uint8_t buffer[1 << 16];
 *     struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
 *     for (;;)
 *         if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
 *             server_finish(&server, NAME_dispatch(&handler, NULL, &server.event, &server.reader));
 *
 * Not for two threads at once. */
#ifndef LIB_SERVER_H
#define LIB_SERVER_H

#include "abi/body.h"
#include "lib/weft.h"

struct weft_server {
    uint8_t
        *buffer; /* aligned to 8: a fifth of it for a body, the rest for what is decoded of it */
    uint32_t capacity;
    struct weft_event event;   /* the last one */
    struct body_reader reader; /* over its body */
};

/* Waits for the next event of any kind until the deadline (as `wait` of abi/weft.h); its kind, or a
 * negated status. A body too large for the buffer is refused here: WEFT_TOO_LARGE. */
int32_t server_wait(struct weft_server *server, int64_t deadline);
/* Begins to read the body of `event`, which is in the buffer: as server_wait does with what it gets. */
void server_read(struct weft_server *server);
/* Ends the handling of a message: one that was not handled is answered with the status, and its
 * gifts are closed. */
void server_finish(struct weft_server *server, enum weft_status status);
/* A slot to this process itself, to be given away: its messages come with the badge. The interface
 * is told by its hash as a header has it (NAME_INTERFACE_HASH). WEFT_NO_SLOT: there is none to be
 * had. */
int32_t server_mint(const char *interface_hash, uint64_t badge);
/* Gives up slots. */
void server_close(const int32_t *slots, uint32_t count);

#endif
