/* Sockets behind `tcp`. Private to the hosted platform's `tcp`. */
#ifndef PLATFORM_HOSTED_TCP_H
#define PLATFORM_HOSTED_TCP_H

#include "interface/tcp.h"
#include "platform/hosted/channel.h"

enum socket_kind {
    SOCKET_LISTENER = 1,
    SOCKET_CONNECTION,
};

struct socket {
    struct object object; /* its kind is enum socket_kind */
    struct channel channel;
};

extern struct handler tcp_handler;

/* Takes `fd` over, also on failure: NULL, no memory. */
struct socket *socket_create(int fd, enum socket_kind kind);
/* The event's socket, held; NULL if there is none, or it is of another kind. */
struct socket *socket_hold(const struct weft_event *event, enum socket_kind kind);
enum tcp_error tcp_error_of(int failure);

/* The methods of a connection (tcp_connection.c). */
enum weft_status tcp_on_receive(void *context, const struct weft_event *event,
                                const struct tcp_connection_receive_arguments *arguments);
enum weft_status tcp_on_send(void *context, const struct weft_event *event,
                             const struct tcp_connection_send_arguments *arguments);
enum weft_status tcp_on_shutdown(void *context, const struct weft_event *event,
                                 const struct tcp_connection_shutdown_arguments *arguments);
enum weft_status tcp_on_readable(void *context, const struct weft_event *event);
enum weft_status tcp_on_writable(void *context, const struct weft_event *event);
enum weft_status tcp_on_remote(void *context, const struct weft_event *event);
enum weft_status tcp_on_set_no_delay(void *context, const struct weft_event *event,
                                     const struct tcp_connection_set_no_delay_arguments *arguments);

/* Answers with one of these results. */
void tcp_answer_none(i64 id, int failure);
void tcp_answer_endpoint(i64 id, int failure, const struct address *address);

#endif
