/* When a service that has ended is started again. */
#include "programs/init/restart.h"
#include "tests/tap.h"

static struct restart restart;
static uint64_t wait_ns;

static bool ends_after(uint64_t lived_ns)
{
    restart_note_start(&restart, 1000);
    return restart_after_end(&restart, 1000 + lived_ns, &wait_ns);
}

int main(void)
{
    uint64_t before = 0;
    bool grows = true;
    TAP_OK(ends_after(1) && wait_ns == RESTART_FIRST_NS, "soon at first");
    for (int i = 1; i < RESTART_TRIES_MAX; i++) {
        grows = grows && ends_after(1) && wait_ns >= before && wait_ns <= RESTART_LAST_NS;
        before = wait_ns;
    }
    TAP_OK(grows && before == RESTART_LAST_NS, "then later and later");
    TAP_OK(!ends_after(1) && !ends_after(RESTART_LIVED_NS - 1), "and not for ever");
    TAP_OK(ends_after(RESTART_LIVED_NS) && wait_ns == RESTART_FIRST_NS,
           "what has lived for a while begins anew");
    return tap_done();
}
