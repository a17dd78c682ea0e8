#include "kernel/call.h"

#include "kernel/lock.h"

BASE_APART static void copy_unlocked(struct thread *receiver, struct bytes body)
{
    receiver->receiving = true;
    lock_give();
    __builtin_memmove(receiver->wait.body, body.data, body.size);
    lock_take();
    receiver->receiving = false;
}

/* Both may be threads of one process, so the two places may overlap. */
void call_hand_over(struct thread *receiver, i64 kind, struct bytes body)
{
    if (body.size > LOCKED_COPY_MAX)
        copy_unlocked(receiver, body);
    else if (body.size != 0)
        __builtin_memmove(receiver->wait.body, body.data, body.size);
    thread_resume(receiver, kind);
}
