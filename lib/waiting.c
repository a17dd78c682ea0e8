#include "lib/waiting.h"

bool waiting_add(struct waiting *waiting, int64_t id, uint64_t number)
{
    if (waiting->count == WAITING_MAX)
        return false;
    waiting->list[waiting->count++] = (struct waiting_message){ id, number };
    return true;
}

bool waiting_remove(struct waiting *waiting, int64_t id)
{
    uint32_t at = 0;
    while (at < waiting->count && waiting->list[at].id != id)
        at++;
    if (at == waiting->count)
        return false;
    for (waiting->count--; at < waiting->count; at++)
        waiting->list[at] = waiting->list[at + 1];
    return true;
}
