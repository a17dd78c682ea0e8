#include "kernel/call.h"

#include "kernel/lock.h"

BASE_APART void call_copy_unlocked(struct thread *receiver, struct bytes body)
{
    receiver->receiving = true;
    lock_give();
    __builtin_memmove(receiver->wait.body, body.data, body.size);
    lock_take();
    receiver->receiving = false;
}
