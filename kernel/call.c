#include "kernel/call.h"

#include "kernel/lock.h"

/* Both may be threads of one process, so the two places may overlap. */
void call_hand_over(struct thread *receiver, i64 kind, struct bytes body)
{
    u8 *to = receiver->wait.body;
    if (body.size > LOCKED_COPY_MAX) {
        thread_detach(receiver);
        receiver->receiving = true;
        lock_give();
        __builtin_memmove(to, body.data, body.size);
        lock_take();
        receiver->receiving = false;
    } else if (body.size != 0) {
        __builtin_memmove(to, body.data, body.size);
    }
    thread_wake(receiver, kind);
}
