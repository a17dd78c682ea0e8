/* The three calls behind their arguments: send.c, answer.c and wait.c, as abi/weft.h has them.
 *
 * Pointers are into memory of the calling instance, checked by call.c: guest memory never moves and
 * never shrinks. What is read from it is read once. Each takes the lock itself; all may block but
 * answer. Result: THREAD_STOPPED if the process ends, else as the call gives it. */
#ifndef KERNEL_CALL_H
#define KERNEL_CALL_H

#include "kernel/lock.h"
#include "kernel/message.h"
#include "kernel/thread.h"

struct sending {
    struct thread *thread;
    i32 slot;
    u32 flags;
    struct bytes body;
    struct gift_list gifts;
    u8 *copy; /* of a large body, a block, charged; NULL: none was needed so far */
    struct denial *denial; /* to be told to the operator, or NULL */
};

i64 send_message(struct sending *sending);

struct answering {
    struct party *by;
    struct cpu *cpu; /* that this runs on, or NULL */
    i64 id;
    enum weft_status status;
    struct bytes body;
    struct gift_list gifts;
    enum weft_status fault; /* what is wrong with the arguments; of no account to a withdrawal */
    u8 *copy;               /* of a large body, a block; NULL: none was needed so far */
};

/* Gives WEFT_OK or why nothing was settled. */
enum weft_status answer_message(struct answering *answering);

struct waiting {
    struct thread *thread;
    const u8 *ids; /* i64 each, at any alignment */
    u32 id_count;
    u8 *event;
    u8 *body;
    u32 capacity;
    i64 deadline;
    u8 *late; /* a large body that has yet to be copied to `body`: a block of `late_size` */
    u32 late_size;
};

i64 wait_for_event(struct waiting *waiting);

/* The host functions behind the imports of module `weft`; their context is the struct member whose
 * import it is. */
enum trap call_send(struct execution *execution, void *member, u64 *slots);
enum trap call_answer(struct execution *execution, void *member, u64 *slots);
enum trap call_wait(struct execution *execution, void *member, u64 *slots);

/* Gives an event straight to a thread that waits for it and has room; the message, if it ends with
 * this, has been freed. Lets go of the lock meanwhile if the body is large. */
void call_hand_over(struct thread *receiver, const struct weft_event *event, struct bytes body);

/* Another call is needed with a copy of the body. */
#define CALL_NEEDS_COPY (INT64_MIN + 2)

#endif
