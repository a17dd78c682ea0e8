/* Messages that wait for their answers. */
#include "lib/waiting.h"
#include "tests/tap.h"

int main(void)
{
    struct waiting waiting = { 0 };
    for (int64_t id = 1; id <= WAITING_MAX; id++)
        waiting_add(&waiting, id, (uint64_t)id * 10);
    TAP_OK(waiting.count == WAITING_MAX && !waiting_add(&waiting, 1000, 0) &&
               waiting.count == WAITING_MAX,
           "there is room for so many");
    TAP_OK(waiting.list[0].id == 1 && waiting.list[0].number == 10, "the oldest is first");
    TAP_OK(waiting_remove(&waiting, 2) && !waiting_remove(&waiting, 2) &&
               !waiting_remove(&waiting, 1000),
           "one goes once");
    TAP_OK(waiting.list[0].id == 1 && waiting.list[1].id == 3 &&
               waiting.list[WAITING_MAX - 2].id == WAITING_MAX,
           "the others keep their order");
    TAP_OK(waiting_remove(&waiting, WAITING_MAX) && waiting_add(&waiting, 1000, 7) &&
               waiting.list[waiting.count - 1].id == 1000,
           "and there is room again");
    return tap_done();
}
