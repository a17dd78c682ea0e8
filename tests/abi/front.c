/* Which of a terminal's jobs is in front. */
#include "abi/front.h"
#include "tests/tap.h"

static void test_beside(void)
{
    struct front shell = { 0 }, first, second;
    TAP_OK(front_innermost(&shell) == &shell, "without jobs the outermost is in front");
    TAP_OK(!front_take(&shell), "which comes before nobody");
    front_join(&first, &shell);
    front_join(&second, &shell);
    TAP_OK(front_innermost(&shell) == &shell, "a new one is behind");
    TAP_OK(front_take(&first) && front_innermost(&shell) == &first, "it comes to the front");
    TAP_OK(front_take(&second) && front_innermost(&shell) == &second, "another one takes its place");
    front_leave(&first);
    TAP_OK(front_innermost(&shell) == &second, "one that is behind already changes nothing");
    front_leave(&second);
    TAP_OK(front_innermost(&shell) == &shell, "then the outermost is in front again");
}

static void test_within(void)
{
    struct front shell = { 0 }, inner_shell, job;
    front_join(&inner_shell, &shell);
    front_take(&inner_shell);
    front_join(&job, &shell);
    TAP_OK(front_take(&job) && front_innermost(&shell) == &job && job.parent == &inner_shell,
           "one that is made in front is of whoever is there");
    front_leave(&inner_shell);
    TAP_OK(front_innermost(&shell) == &shell, "both go behind together");
    TAP_OK(front_take(&inner_shell) && front_innermost(&shell) == &job, "  and come back so");
}

int main(void)
{
    test_beside();
    test_within();
    return tap_done();
}
