#include "kernel/traffic.h"

#include "kernel/block.h"
#include "kernel/message.h"
#include "machine/machine.h"

enum { TIMED_ONE_IN = 64 };

void traffic_init(struct traffic_table *table)
{
    *table = (struct traffic_table){ .others = { .left = 1, .timed_at = 1 } };
    for (u32 i = 0; i < TRAFFIC_ROWS; i++)
        table->rows[i] = &table->others;
}

void traffic_deinit(struct traffic_table *table)
{
    for (u32 i = 0; i < TRAFFIC_ROWS; i++)
        if (table->rows[i] != &table->others)
            block_give(table->rows[i], sizeof(*table->rows[i]));
}

BASE_APART struct traffic *traffic_find(struct traffic_table *table, u64 interface)
{
    for (u32 i = 0; i < TRAFFIC_ROWS; i++) {
        struct traffic **row = &table->rows[(interface + i) % TRAFFIC_ROWS];
        if (*row != &table->others && (*row)->interface == interface)
            return *row;
        if (*row != &table->others)
            continue;
        struct traffic *traffic = block_take(sizeof(*traffic));
        if (traffic == NULL)
            break;
        *traffic = (struct traffic){ .interface = interface, .left = 1, .timed_at = 1 };
        *row = traffic;
        return traffic;
    }
    return &table->others;
}

/* When the next message is timed: not in even steps, since programs do what they do in turns; and by
 * what was counted only, so that a run that is repeated is the same. */
static u64 distance(const struct traffic *traffic)
{
    if (traffic->timed_at < TRAFFIC_ALL_TIMED)
        return 1;
    u64 mixed = (traffic->timed_at ^ traffic->interface) * 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9u;
    return 1 + (mixed >> 32) % (2 * TIMED_ONE_IN - 1);
}

BASE_APART void traffic_time(struct traffic *traffic, struct message *message)
{
    traffic->left = distance(traffic);
    traffic->timed_at += traffic->left;
    if (!message->wants_answer)
        return;
    message->traffic = traffic;
    message->sent_ns = machine_monotonic_ns();
}

BASE_APART void traffic_answered(struct message *message)
{
    u64 time_ns = machine_monotonic_ns() - message->sent_ns;
    u32 power = time_ns == 0 ? 0 : 63 - (u32)__builtin_clzll(time_ns);
    message->traffic->times[power < TRAFFIC_TIMES ? power : TRAFFIC_TIMES - 1]++;
    message->traffic = NULL;
}
