/* The process: its end, signals to itself, giving way; and random bytes. */
#include "interface/clock_program.h"
#include "interface/random_program.h"
#include "interface/system_program.h"
#include "programs/library/wasi/caller.h"
#include "programs/library/wasi/descriptor.h"
#include "programs/library/wasi/errors.h"

void proc_exit(uint32_t status)
{
    system_exit(client_of(system_slot()), status);
    __builtin_trap(); /* no right to `exit`: the end all the same */
}

/* Signals by WASI's numbers. */
enum {
    SIGNAL_NONE = 0,
    SIGNAL_CHLD = 16,
    SIGNAL_CONT = 17,
    SIGNAL_STOP = 18,
    SIGNAL_TSTP = 19,
    SIGNAL_TTIN = 20,
    SIGNAL_TTOU = 21,
    SIGNAL_URG = 22,
    SIGNAL_WINCH = 27,
    SIGNAL_COUNT = 31,

    /* How a shell reports a process that a signal ended. */
    SIGNALLED_STATUS = 128,
};

/* What each signal does if nobody handles it, and here nobody can. */
WASI_FUNCTION(proc_raise)(uint32_t signal)
{
    switch (signal) {
    case SIGNAL_NONE:
    case SIGNAL_CHLD:
    case SIGNAL_CONT:
    case SIGNAL_URG:
    case SIGNAL_WINCH:
        return WASI_SUCCESS;
    case SIGNAL_STOP:
    case SIGNAL_TSTP:
    case SIGNAL_TTIN:
    case SIGNAL_TTOU:
        return WASI_ENOTSUP; /* processes do not stop and go on */
    default:
        if (signal >= SIGNAL_COUNT)
            return WASI_EINVAL;
        proc_exit(SIGNALLED_STATUS + signal);
        return WASI_SUCCESS;
    }
}

/* Waits for a moment that has passed: the kernel may run somebody else first. */
WASI_FUNCTION(sched_yield)(void)
{
    return errno_of_status(clock_until(client_of(clock_slot()), 0));
}

WASI_FUNCTION(random_get)(uint32_t buffer, uint32_t size)
{
    uint32_t error = caller_check(buffer, size);
    for (uint32_t done = 0; done < size && error == WASI_SUCCESS;) {
        uint32_t count = size - done < TRANSFER_MAX ? size - done : TRANSFER_MAX;
        struct weft_bytes bytes;
        error = errno_of_status(random_bytes(client_of(random_slot()), count, &bytes));
        if (error == WASI_SUCCESS && bytes.size != count)
            error = WASI_EIO;
        if (error == WASI_SUCCESS)
            error = caller_store(buffer + done, bytes.data, count);
        done += count;
    }
    return error;
}
