#include "programs/init/restart.h"

void restart_note_start(struct restart *restart, uint64_t now_ns)
{
    restart->started = now_ns;
}

bool restart_after_end(struct restart *restart, uint64_t now_ns, uint64_t *wait_ns)
{
    if (now_ns - restart->started >= RESTART_LIVED_NS)
        restart->tries = 0;
    if (restart->tries == RESTART_TRIES_MAX)
        return false;
    uint64_t wait = RESTART_FIRST_NS << restart->tries;
    *wait_ns = wait < RESTART_LAST_NS ? wait : RESTART_LAST_NS;
    restart->tries++;
    return true;
}
