/* A client: a slot and a buffer, through which a program calls an interface.
 *
 * The generated calls of `interface/NAME_program.h` take one. A call encodes its request into the
 * buffer, sends it, waits for exactly its answer and decodes that from the same buffer; what the
 * result points to lives there until the client's next use, so nothing that is passed to a call may
 * lie in the client's own buffer. The rest of the buffer behind the answer is the scratch memory
 * for its lists.
 *
 *     uint8_t buffer[4096];
 *     struct weft_client clock = { .slot = clock_slot(), .buffer = buffer,
 *                                  .capacity = sizeof(buffer) };
 *     uint64_t now;
 *     if (clock_monotonic(&clock, &now) == WEFT_OK) ...
 *
 * A call gives WEFT_OK and a result, or why there is none:
 *   - the request could not be encoded or sent: its gifts are still the caller's;
 *   - WEFT_TOO_LARGE: request, answer or decoded answer do not fit into the buffer. An answer that
 *     is not fetched is withdrawn, and with it the gifts that it brought;
 *   - WEFT_INVALID: the handler's answer is malformed;
 *   - what the handler answered with in place of a body, or WEFT_GONE if it died;
 *   - WEFT_WOULD_BLOCK: the client is `impatient` and there is no answer at once, or it has a deadline
 *     and there is none then. The request is withdrawn, and an answer that comes just then is lost:
 *     ask so only what changes nothing.
 * The gifts of `event` are the result's if `answer.decoded` is true, else the caller's to close.
 *
 * Not for two threads at once. */
#ifndef LIB_CLIENT_H
#define LIB_CLIENT_H

#include "abi/body.h"
#include "lib/weft.h"

struct weft_client {
    int32_t slot;
    uint8_t *buffer; /* aligned to 8 */
    uint32_t capacity;
    bool impatient; /* calls do not wait for their answers, */
    uint64_t deadline_ns; /* or, if it is not 0, until this monotonic time */
    /* The rest is the client's own, from zero. */
    enum weft_status status;
    struct body_writer request;
    struct body_reader answer;
    struct weft_event event; /* of the last answer that a call waited for */
};

/* What generated code is made of. A writer for a new request in the client's buffer. */
struct body_writer *client_begin(struct weft_client *client);
/* Sends what was encoded: an id, 0 if no answer is wanted, or a negated status. An answer to such a
 * request comes as an event; a reader over its body and `NAME_FUNCTION_result_decode` decode it. */
int64_t client_send(struct weft_client *client, uint32_t flags);
/* Sends what was encoded and waits for its answer; whether there is one to decode. */
bool client_call(struct weft_client *client);
/* The status of a call after its answer was decoded. */
enum weft_status client_end(struct weft_client *client);

/* Answers a message with what was encoded. On failure nothing was sent, and the message still
 * waits for an answer. */
enum weft_status client_answer(const struct body_writer *writer, int64_t message);

#endif
