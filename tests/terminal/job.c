/* Who is in front. */
#include "programs/terminal/job.h"
#include "tests/tap.h"

static struct jobs jobs;

static uint64_t front(void)
{
    return jobs_in_front(&jobs)->number;
}

static void test_front(void)
{
    jobs = (struct jobs){ 0 };
    struct job *first = jobs_add(&jobs);
    struct job *second = jobs_add(&jobs);
    TAP_OK(front() == 0, "a new job is behind");
    TAP_OK(jobs_take_front(first) && front() == first->number, "it comes to the front");
    TAP_OK(jobs_take_front(second) && front() == second->number, "another one takes its place");
    jobs_go_behind(first);
    TAP_OK(front() == second->number, "one that is behind already changes nothing");
    jobs_go_behind(second);
    TAP_OK(front() == 0, "then the shell is in front again");
}

static void test_within(void)
{
    jobs = (struct jobs){ 0 };
    struct job *shell = jobs_add(&jobs);
    jobs_take_front(shell);
    struct job *inner = jobs_add(&jobs);
    TAP_OK(jobs_take_front(inner) && front() == inner->number, "a job's job is in front of it");
    jobs_go_behind(shell);
    TAP_OK(front() == 0, "both go behind together");
    TAP_OK(jobs_take_front(shell) && front() == inner->number, "  and come back so");
    jobs_remove(&jobs, shell);
    TAP_OK(front() == 0 && !jobs_take_front(inner) && front() == 0,
           "a job whose shell is gone is never in front again");
    jobs_remove(&jobs, inner);
    TAP_OK(front() == 0, "  and can go");
}

static void test_bounds(void)
{
    jobs = (struct jobs){ 0 };
    uint32_t count = 0;
    while (jobs_add(&jobs) != NULL)
        count++;
    TAP_OK(count == JOBS_MAX - 1, "as many as there is room for, and not one more");
    jobs_remove(&jobs, jobs_find(&jobs, 7));
    TAP_OK(jobs_find(&jobs, 7) == NULL && jobs_find(&jobs, 0) == &jobs.list[0],
           "one that is gone is not found");
    struct job *job = jobs_add(&jobs);
    TAP_OK(job != NULL && job->number == JOBS_MAX && jobs_add(&jobs) == NULL,
           "its place is another's then, with a number of its own");
}

int main(void)
{
    test_front();
    test_within();
    test_bounds();
    return tap_done();
}
