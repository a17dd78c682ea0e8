/* The three calls, as abi/weft.h has them: send.c, answer.c and wait.c.
 *
 * The host functions behind the imports of module `weft`; their context is the struct member whose
 * import it is. Pointers are into memory of that instance, checked before the lock is taken: guest
 * memory never moves and never shrinks. What is read from it is read once. */
#ifndef KERNEL_CALL_H
#define KERNEL_CALL_H

#include "kernel/message.h"
#include "kernel/thread.h"

enum trap call_send(struct execution *execution, void *member, u64 *slots);
enum trap call_answer(struct execution *execution, void *member, u64 *slots);
enum trap call_wait(struct execution *execution, void *member, u64 *slots);

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

/* Gives WEFT_OK or why nothing was settled. Takes the lock. */
enum weft_status answer_message(struct answering *answering);

/* Both may be threads of one process, so the two places may overlap. */
void call_copy_unlocked(struct thread *receiver, struct bytes body);
/* Gives an event, whose record is written already, straight to a thread that waited for it, has room
 * and is detached; the message, if it ends with this, has been freed. Under the lock, but lets go of it
 * meanwhile if the body is large. */
static inline void call_hand_over(struct thread *receiver, i64 kind, struct bytes body)
{
    if (BASE_SELDOM(body.size > LOCKED_COPY_MAX))
        call_copy_unlocked(receiver, body);
    else if (body.size != 0)
        __builtin_memmove(receiver->wait.body, body.data, body.size);
    thread_resume(receiver, kind);
}

#endif
