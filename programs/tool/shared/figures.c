#include "programs/tool/shared/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES = 768 << 10 }; /* for a list of 1024 of any of them */

struct weft_client figures_client(void)
{
    static _Alignas(8) uint8_t buffer[BUFFER_BYTES];
    return (struct weft_client){ .slot = statistics_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
}

static bool make_buffers(struct figures *figures)
{
    for (int i = 0; i < 3; i++) {
        struct weft_client *client = &figures->clients[i];
        if (client->buffer == NULL)
            client->buffer = malloc(BUFFER_BYTES);
        if (client->buffer == NULL)
            return false;
        client->capacity = BUFFER_BYTES;
        client->slot = statistics_slot();
    }
    return true;
}

enum weft_status figures_take(struct figures *figures)
{
    if (!make_buffers(figures))
        return WEFT_NO_MEMORY;
    struct weft_client *clients = figures->clients;
    enum weft_status status = statistics_machine(&clients[0], &figures->machine);
    if (status == WEFT_OK)
        status = statistics_processes(&clients[0], &figures->processes);
    if (status == WEFT_OK)
        status = statistics_silos(&clients[1], &figures->silos);
    if (status == WEFT_OK)
        status = statistics_interfaces(&clients[2], &figures->interfaces);
    return status;
}

/* Lists change little, so what is looked for is mostly where it was. */
const struct statistics_process_figures *figures_process(const struct figures *figures,
                                                         uint64_t process, uint32_t at)
{
    const struct statistics_process_figures_list *list = &figures->processes;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct statistics_process_figures *item = &list->data[(at + i) % list->count];
        if (item->process == process)
            return item;
    }
    return NULL;
}

const struct statistics_silo_figures *figures_silo(const struct figures *figures, uint64_t silo,
                                                   uint32_t at)
{
    const struct statistics_silo_figures_list *list = &figures->silos;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct statistics_silo_figures *item = &list->data[(at + i) % list->count];
        if (item->silo == silo)
            return item;
    }
    return NULL;
}

const struct statistics_interface_figures *
figures_interface(const struct figures *figures, const struct statistics_interface_figures *like,
                  uint32_t at)
{
    const struct statistics_interface_figures_list *list = &figures->interfaces;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct statistics_interface_figures *item = &list->data[(at + i) % list->count];
        if (item->silo == like->silo && item->interface == like->interface)
            return item;
    }
    return NULL;
}

struct times times_between(const struct statistics_interface_figures *now,
                           const struct statistics_interface_figures *before)
{
    struct times times = { 0 };
    for (uint32_t i = 0; i < now->times.count && i < FIGURES_TIMES_MAX; i++) {
        uint32_t old = before != NULL && i < before->times.count ? before->times.data[i] : 0;
        times.counts[i] = now->times.data[i] - old;
        times.total += times.counts[i];
    }
    return times;
}

double times_percentile(const struct times *times, unsigned percent)
{
    double rank = (double)times->total * percent / 100;
    double passed = 0;
    for (unsigned i = 0; i < FIGURES_TIMES_MAX && times->total != 0; i++) {
        double count = times->counts[i];
        double lower = (double)((uint64_t)1 << i);
        if (passed + count >= rank && count > 0)
            return lower + lower * (rank - passed) / count;
        passed += count;
    }
    return 0;
}

void time_write(char *text, size_t capacity, double nanoseconds)
{
    static const char *const units[] = { "ns", "us", "ms", "s" };
    unsigned unit = 0;
    while (nanoseconds >= 999.5 && unit < 3) {
        nanoseconds /= 1000;
        unit++;
    }
    snprintf(text, capacity, nanoseconds < 9.95 ? "%.1f%s" : "%.0f%s", nanoseconds, units[unit]);
}
