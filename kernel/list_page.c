#include "kernel/list_page.h"

#include "kernel/process.h"
#include "kernel/silo.h"

void list_page_init(struct list_page *page, u64 from, u32 count)
{
    page->from = from;
    page->max = (u32)u64_min(count, LIST_PAGE_MAX);
    page->count = 0;
}

/* The first row with a larger id. */
static u32 place_of(const struct list_page *page, u64 id)
{
    u32 low = 0, high = page->count;
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (page->rows[middle].id > id)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void list_page_add(struct list_page *page, u64 id, void *item)
{
    if (id < page->from)
        return;
    u32 at = place_of(page, id);
    if (at == page->max)
        return;
    u32 last = page->count < page->max ? page->count++ : page->count - 1;
    for (u32 i = last; i > at; i--)
        page->rows[i] = page->rows[i - 1];
    page->rows[at] = (struct list_page_row){ id, item };
}

void list_page_add_processes(struct list_page *page, struct silo *above)
{
    for (struct silo *silo = above; silo != NULL; silo = silo_walk(above, silo)) {
        struct list_link *link = list_first(&silo->processes);
        for (; link != NULL; link = list_next(&silo->processes, link)) {
            struct process *process = BASE_CONTAINER_OF(link, struct process, silo_link);
            if (!process->party.dead)
                list_page_add(page, process->party.id, process);
        }
    }
}

void list_page_add_silos(struct list_page *page, struct silo *above)
{
    for (struct silo *silo = above; silo != NULL; silo = silo_walk(above, silo))
        list_page_add(page, silo->id, silo);
}
