/* The handlers that are part of the kernel, bound in the root silo. */
#ifndef KERNEL_HANDLERS_H
#define KERNEL_HANDLERS_H

#include "kernel/native.h"

enum status handlers_init(void);
void handlers_deinit(void);

/* What each of them tells of itself. */
struct handler {
    struct native_operations operations;
    const char *interface_name;
    const char *interface_hash; /* 64 hexadecimal digits */
    void (*answered)(void *context, struct message *message); /* as in struct native */
};

extern const struct handler handler_boot;
extern const struct handler handler_clock;
extern const struct handler handler_entropy;
extern const struct handler handler_log;
extern const struct handler handler_power;
extern const struct handler handler_random;
extern const struct handler handler_statistics;
extern const struct handler handler_system;

/* ---- What they share ------------------------------------------------------------------------ */

struct body_reader;
struct body_writer;

/* A message on its way through the generated dispatcher: its handler, and the event it came as. */
struct request {
    struct native *native;
    struct process *sender; /* alive while it is handled; NULL: it has ended, or is none */
    const struct native_message *message;
};

/* The dispatcher and server of one interface (interface/NAME.h), by one type. */
typedef enum weft_status request_dispatch(struct request *request, const struct weft_event *event,
                                          struct body_reader *reader);

/* Decodes and dispatches a message; what the dispatcher does not answer is answered with its
 * status. Scratch memory is taken as the message needs it. */
void request_take(struct native *native, const struct native_message *message,
                  request_dispatch *dispatch);

/* Encodes a result into as much memory as it needs, and answers with it. WEFT_OK, or what the
 * encoder or native_answer said; gifts that could not be given are closed. */
typedef bool request_encode(struct body_writer *writer, const void *result);
enum weft_status request_answer(struct native *native, i64 id, request_encode *encode,
                                const void *result);

#endif
