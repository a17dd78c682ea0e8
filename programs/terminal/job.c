#include "programs/terminal/job.h"

#include <stddef.h>

struct job *jobs_in_front(struct jobs *jobs)
{
    struct job *job = &jobs->list[0];
    while (job->child != NULL)
        job = job->child;
    return job;
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
        *job = (struct job){ .number = ++jobs->last_number, .parent = jobs_in_front(jobs) };
        return job;
    }
    return NULL;
}

bool jobs_take_front(struct job *job)
{
    if (job->parent == NULL)
        return false;
    job->parent->child = job;
    return true;
}

void jobs_go_behind(struct job *job)
{
    if (job->parent != NULL && job->parent->child == job)
        job->parent->child = NULL;
}

void jobs_remove(struct jobs *jobs, struct job *job)
{
    jobs_go_behind(job);
    for (uint32_t i = 1; i < JOBS_MAX; i++)
        if (jobs->list[i].parent == job)
            jobs->list[i].parent = NULL;
    *job = (struct job){ 0 };
}
