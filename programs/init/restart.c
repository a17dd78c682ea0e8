#include "programs/init/restart.h"

void restart_note_start(struct restart *restart, uint64_t now_ns)
{
    restart->started = now_ns;
}

bool restart_after_end(struct restart *restart, uint32_t tries_max, uint64_t now_ns,
                       uint64_t *wait_ns)
{
    enum { DOUBLINGS_MAX = 10 };
    if (now_ns - restart->started >= RESTART_LIVED_NS)
        restart->tries = 0;
    if (restart->tries >= tries_max)
        return false;
    uint32_t doublings = restart->tries < DOUBLINGS_MAX ? restart->tries : DOUBLINGS_MAX;
    uint64_t wait = RESTART_FIRST_NS << doublings;
    *wait_ns = wait < RESTART_LAST_NS ? wait : RESTART_LAST_NS;
    restart->tries++;
    return true;
}

bool restart_after_kill(struct restart *restart, uint64_t now_ns)
{
    restart->kills = now_ns - restart->started < RESTART_SETTLED_NS ? restart->kills + 1 : 0;
    return restart->kills <= RESTART_KILLS_MAX;
}
