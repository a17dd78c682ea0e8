/* Signals: only a program itself raises any, by `raise`; what it arranges is told to that. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIGNALS_MAX = 65 };

static struct sigaction actions[SIGNALS_MAX];
static sigset_t mask;

int sigaction(int signal_number, const struct sigaction *new_action, struct sigaction *old_action)
{
    if (signal_number <= 0 || signal_number >= SIGNALS_MAX) {
        errno = EINVAL;
        return -1;
    }
    if (old_action != NULL)
        *old_action = actions[signal_number];
    if (new_action == NULL)
        return 0;
    actions[signal_number] = *new_action;
    /* Emulated: some, as SIGKILL, cannot be caught, and that is no mistake of the program's. */
    (void)signal(signal_number, new_action->sa_handler);
    return 0;
}

int sigemptyset(sigset_t *set)
{
    *set = 0;
    return 0;
}

int sigfillset(sigset_t *set)
{
    *set = (sigset_t)-1;
    return 0;
}

/* As many as the type has bits for. */
static sigset_t bit_of(int signal_number)
{
    return (sigset_t)(1u << ((unsigned)signal_number % (8 * sizeof(sigset_t))));
}

int sigaddset(sigset_t *set, int signal_number)
{
    *set |= bit_of(signal_number);
    return 0;
}

int sigdelset(sigset_t *set, int signal_number)
{
    *set = (sigset_t)(*set & ~bit_of(signal_number));
    return 0;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old_set)
{
    if (old_set != NULL)
        *old_set = mask;
    if (set == NULL)
        return 0;
    if (how == SIG_BLOCK)
        mask |= *set;
    else if (how == SIG_UNBLOCK)
        mask = (sigset_t)(mask & ~*set);
    else
        mask = *set;
    return 0;
}

/* None would ever come. */

static int would_wait_for_ever(void)
{
    errno = ENOSYS;
    return -1;
}

int sigsuspend(const sigset_t *set)
{
    (void)set;
    return would_wait_for_ever();
}

int pause(void)
{
    return would_wait_for_ever();
}

unsigned alarm(unsigned seconds)
{
    (void)seconds;
    return 0;
}

_Noreturn void longjmp(jmp_buf buffer, int value)
{
    (void)buffer;
    (void)value;
    fputs("a long jump: the engine has no exceptions yet\n", stderr);
    abort();
}

_Noreturn void siglongjmp(jmp_buf buffer, int value)
{
    longjmp(buffer, value);
}
