#include "kernel/deadlock.h"

#include "kernel/limits.h"
#include "kernel/process.h"

/* One search: the processes found so far that are stuck, each once. */
struct search {
    u64 number;
    struct process *to_do; /* chained by process->visit_next */
    u32 steps_left;
    bool found_life;
};

static u64 search_count;

/* One more process, thread or message to look at. The lock is held meanwhile, so a search that
 * takes too long is given up, as if it had found somebody alive. */
static void step(struct search *search)
{
    if (search->steps_left == 0)
        search->found_life = true;
    else
        search->steps_left--;
}

static void reach(struct search *search, struct party *party)
{
    step(search);
    if (search->found_life || deadlock_is_alive(party)) {
        search->found_life = true;
        return;
    }
    struct process *process = process_of_party(party);
    if (process->visited == search->number)
        return;
    process->visited = search->number;
    process->visit_next = search->to_do;
    search->to_do = process;
}

/* The answers that a stuck thread waits for. */
static void reach_answerers(struct search *search, const struct thread *thread)
{
    const struct wait *wait = &thread->wait;
    for (u32 i = 0; i < wait->node_count && !search->found_life; i++) {
        step(search);
        if (list_linked(&wait->nodes[i].link))
            reach(search, deadlock_answerer(thread, &wait->nodes[i]));
    }
}

static void reach_from(struct search *search, const struct thread *thread)
{
    if (thread->backlogged != NULL)
        reach(search, thread->backlogged->receiver);
    else
        reach_answerers(search, thread);
}

static void visit(struct search *search, struct process *process, const struct thread *asking)
{
    for (struct list_link *link = list_first(&process->threads);
         link != NULL && !search->found_life; link = list_next(&process->threads, link)) {
        const struct thread *thread = BASE_CONTAINER_OF(link, struct thread, link);
        step(search);
        if (thread != asking)
            reach_from(search, thread);
    }
}

static bool finds_life(struct thread *thread, struct party *target)
{
    struct search search = { .number = ++search_count, .steps_left = DEADLOCK_STEPS_MAX };
    if (target != NULL)
        reach(&search, target);
    else
        reach_answerers(&search, thread);
    while (search.to_do != NULL && !search.found_life) {
        struct process *process = search.to_do;
        search.to_do = process->visit_next;
        visit(&search, process, thread);
    }
    return search.found_life;
}

bool deadlock_is_found(struct thread *thread, struct party *target)
{
    if (finds_life(thread, target))
        return false;
    thread->is_stuck = false;
    thread->process->stuck_count--;
    return true;
}
