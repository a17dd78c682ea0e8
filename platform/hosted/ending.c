#include "platform/hosted/ending.h"

#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/machine_stop.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { NOT_ENDING = -1, SIGNAL_STATUS = 128 };

static _Atomic int ending = NOT_ENDING;
static _Atomic int ending_signal;
static bool pipe_signal_ignored;

void ending_init(void)
{
    struct sigaction previous;
    pipe_signal_ignored =
        sigaction(SIGPIPE, NULL, &previous) == 0 && previous.sa_handler == SIG_IGN;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static bool begin(int status)
{
    int expected = NOT_ENDING;
    return atomic_compare_exchange_strong(&ending, &expected, status);
}

void ending_request(int status)
{
    if (begin(status))
        cpu_stop_all();
}

void ending_request_signal(int signal_number)
{
    if (!begin(SIGNAL_STATUS + signal_number))
        return;
    atomic_store(&ending_signal, signal_number);
    cpu_stop_all();
}

void ending_broken_pipe(void)
{
    if (!pipe_signal_ignored)
        ending_request_signal(SIGPIPE);
}

int ending_status(void)
{
    return atomic_load(&ending);
}

_Noreturn void ending_finish(void)
{
    int signal_number = atomic_load(&ending_signal);
    if (signal_number != 0)
        stop_by_signal(signal_number);
    machine_stop(atomic_load(&ending));
}
