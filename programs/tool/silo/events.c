/* What happens to processes and silos, live. */
#include "programs/tool/silo/silo.h"

#include <inttypes.h>
#include <stdio.h>

#include "interface/statistics_program.h"
#include "programs/tool/shared/walk.h"

/* Whether the silo is `above` or below it, by what there is now; a silo that is no more is taken to
 * be wanted, since nobody knows any longer. */
static bool is_wanted(uint64_t silo, uint64_t above)
{
    struct system_silo_status found = { .parent = silo };
    while (above != 0 && found.parent != 0 && found.parent != above)
        if (!walk_find_silo(found.parent, &found))
            return true;
    return above == 0 || found.parent == above;
}

static void print_event(const struct statistics_event *event)
{
    static const char *const kinds[] = { "spawned",   "ended",     "denied", "created",
                                         "destroyed", "suspended", "resumed" };
    printf("%12.6f %-9s silo %" PRIu64, (double)event->time / 1e9, kinds[event->kind], event->silo);
    if (event->process != 0)
        printf(" process %" PRIu64, event->process);
    printf(" ");
    print_text(event->name, 0);
    if (event->text.size != 0) {
        printf(": ");
        print_text(event->text, 0);
    }
    putchar('\n');
}

int silo_events(const char *text, uint64_t count)
{
    static _Alignas(8) uint8_t buffer[512 << 10];
    struct weft_client events = { .slot = statistics_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
    uint64_t above = 0;
    struct statistics_news news = { 0 };
    int failed = text == NULL ? 0 : read_silo(silo_help, text, &above);
    if (failed != 0)
        return failed;
    enum weft_status status = WEFT_OK;
    while (count > 0) {
        status = statistics_events(&events, news.next, &news);
        if (status != WEFT_OK)
            return tell_status("silo", status);
        if (news.lost)
            puts("(some events are missing: more happened than was read)");
        for (uint32_t i = 0; i < news.events.count && count > 0; i++) {
            if (!is_wanted(news.events.data[i].silo, above))
                continue;
            print_event(&news.events.data[i]);
            count--;
        }
        if (fflush(stdout) != 0)
            return EXIT_FAILED;
    }
    return 0;
}
