#include "programs/terminal/job.h"

#include <stddef.h>

static struct job *of_front(struct front *front)
{
    _Static_assert(offsetof(struct job, front) == 0, "a job begins with its place");
    return (struct job *)front;
}

struct job *jobs_in_front(struct jobs *jobs)
{
    return of_front(front_innermost(&jobs->list[0].front));
}

struct job *jobs_parent(const struct job *job)
{
    return of_front(job->front.parent);
}

struct job *jobs_find(struct jobs *jobs, uint64_t number)
{
    for (uint32_t i = 0; i < JOBS_MAX; i++)
        if (jobs->list[i].number == number && (number != 0 || i == 0))
            return &jobs->list[i];
    return NULL;
}

struct job *jobs_add(struct jobs *jobs)
{
    for (uint32_t i = 1; i < JOBS_MAX; i++) {
        struct job *job = &jobs->list[i];
        if (job->number != 0)
            continue;
        *job = (struct job){ .number = ++jobs->last_number };
        front_join(&job->front, &jobs->list[0].front);
        return job;
    }
    return NULL;
}

bool jobs_take_front(struct job *job)
{
    return front_take(&job->front);
}

void jobs_go_behind(struct job *job)
{
    front_leave(&job->front);
}

void jobs_remove(struct jobs *jobs, struct job *job)
{
    jobs_go_behind(job);
    for (uint32_t i = 1; i < JOBS_MAX; i++)
        if (jobs->list[i].front.parent == &job->front)
            jobs->list[i].front.parent = NULL;
    *job = (struct job){ 0 };
}
