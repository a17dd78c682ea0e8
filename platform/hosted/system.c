#include "platform/hosted/system.h"

#include "platform/common/machine_handlers.h"
#include "platform/hosted/command.h"
#include "platform/hosted/ending.h"
#include "platform/hosted/limits.h"
#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/machine_fault.h"
#include "platform/hosted/machine_stop.h"
#include "platform/hosted/native_attention.h"
#include "platform/hosted/native_files.h"
#include "platform/hosted/native_names.h"
#include "platform/hosted/native_stream.h"
#include "platform/hosted/native_tcp.h"
#include "platform/hosted/native_terminal.h"
#include "platform/hosted/native_udp.h"
#include "platform/hosted/reactor.h"
#include "platform/hosted/say.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct {
    enum status (*init)(void);
    void (*deinit)(void);
} handlers[] = {
    { native_stream_init, native_stream_deinit }, { native_terminal_init, native_terminal_deinit },
    { native_attention_init, native_attention_deinit },
    { native_files_init, native_files_deinit },   { native_tcp_init, native_tcp_deinit },
    { native_udp_init, native_udp_deinit },       { native_names_init, native_names_deinit },
    { machine_handlers_init, machine_handlers_deinit },
};

/* ---- Signals ---- */

static bool is_for_programs(int key)
{
    return key == SIGQUIT ? native_terminal_quit() : native_terminal_interrupt();
}

/* On the reactor's thread. What the parent process had set to be ignored stays so. */
static void on_signal(int signal_number)
{
    switch (signal_number) {
    case SIGINT:
    case SIGQUIT:
        if (ending_status() >= 0)
            ending_finish(); /* asked twice: no patience left */
        if (!is_for_programs(signal_number))
            ending_request_signal(signal_number);
        break;
    case SIGTSTP:
        if (native_terminal_stop_key())
            break;
        native_terminal_pause();
        raise(SIGSTOP);
        native_terminal_resume();
        break;
    case SIGWINCH:
        native_terminal_resized();
        break;
    default:
        if (ending_status() >= 0)
            ending_finish();
        ending_request_signal(signal_number);
        break;
    }
}

/* The signals of `wanted` that are not ignored, blocked from now on. */
static u32 block_signals(const int *wanted, u32 count, int *blocked)
{
    u32 blocked_count = 0;
    sigset_t set;
    sigemptyset(&set);
    for (u32 i = 0; i < count; i++) {
        struct sigaction action;
        if (sigaction(wanted[i], NULL, &action) == 0 && action.sa_handler == SIG_IGN)
            continue;
        sigaddset(&set, wanted[i]);
        blocked[blocked_count++] = wanted[i];
    }
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return blocked_count;
}

static bool start_reactor(void)
{
    static const int wanted[] = {
        SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGALRM, SIGVTALRM,
        SIGPROF, SIGUSR1, SIGUSR2, SIGXCPU, SIGTSTP, SIGWINCH,
    };
    int blocked[BASE_ARRAY_COUNT(wanted)];
    u32 count = block_signals(wanted, BASE_ARRAY_COUNT(wanted), blocked);
    return reactor_start(blocked, count, on_signal);
}

/* ---- Start and end ---- */

/* As many open files as the host lets us have at all. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int failed(const char *what)
{
    say("error", "the system did not start: %s", what);
    return EXIT_FAILED;
}

static void show_log(struct bytes line)
{
    say_fields("log", line, NULL, 0);
}

int system_start(const struct kernel_options *options)
{
    ending_init();
    stop_log_with(show_log);
    raise_descriptor_limit();
    fault_init();
    if (!start_reactor())
        return failed("the host has no more threads or descriptors");
    cpu_init();
    if (kernel_start(options) != STATUS_OK)
        return failed("the kernel has not enough memory");
    for (usize i = 0; i < BASE_ARRAY_COUNT(handlers); i++)
        if (handlers[i].init() != STATUS_OK)
            return failed("a native handler has not enough memory");
    return 0;
}

static void give_back(void)
{
    reactor_stop();
    for (usize i = BASE_ARRAY_COUNT(handlers); i-- > 0;)
        handlers[i].deinit();
    reactor_deinit();
    if (!kernel_end())
        say("warning", "the system ended, and had lost track of something it had taken");
}

_Noreturn void system_run(void (*release)(void))
{
    cpu_run_all();
    release();
    give_back();
    ending_finish();
}
