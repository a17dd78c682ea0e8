/* When a service that has ended is started again. */
#include "programs/init/restart.h"
#include "tests/tap.h"

enum { TRIES = 8, MANY = 1000 };

static struct restart restart;
static uint64_t wait_ns;

static bool ends_after(uint64_t lived_ns, uint32_t tries_max)
{
    restart_note_start(&restart, 1000);
    return restart_after_end(&restart, tries_max, 1000 + lived_ns, &wait_ns);
}

int main(void)
{
    uint64_t before = 0;
    bool grows = true;
    TAP_OK(ends_after(1, TRIES) && wait_ns == RESTART_FIRST_NS, "soon at first");
    for (int i = 1; i < TRIES; i++) {
        grows = grows && ends_after(1, TRIES) && wait_ns >= before && wait_ns <= RESTART_LAST_NS;
        before = wait_ns;
    }
    TAP_OK(grows && before == RESTART_LAST_NS, "then later and later");
    TAP_OK(!ends_after(1, TRIES) && !ends_after(RESTART_LIVED_NS - 1, TRIES), "and not for ever");
    TAP_OK(ends_after(RESTART_LIVED_NS, TRIES) && wait_ns == RESTART_FIRST_NS,
           "what has lived for a while begins anew");
    restart = (struct restart){ 0 };
    TAP_OK(!ends_after(1, 0) && !ends_after(RESTART_LIVED_NS, 0), "no tries: never");
    for (int i = 0; i < MANY; i++)
        grows = grows && ends_after(1, MANY) && wait_ns <= RESTART_LAST_NS;
    TAP_OK(grows && wait_ns == RESTART_LAST_NS && !ends_after(1, MANY),
           "a thousand tries, none later than the latest");
    restart_note_start(&restart, 1000);
    bool goes_on = true;
    for (int i = 0; i < RESTART_KILLS_MAX; i++)
        goes_on = goes_on && restart_after_kill(&restart, 1000 + RESTART_SETTLED_NS - 1);
    TAP_OK(goes_on && !restart_after_kill(&restart, 1001), "killed soon each time: not for ever");
    TAP_OK(restart_after_kill(&restart, 1000 + RESTART_SETTLED_NS) && restart_after_kill(&restart, 1001),
           "who had settled may be killed again and again");
    return tap_done();
}
