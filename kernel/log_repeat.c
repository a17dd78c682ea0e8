#include "kernel/log_repeat.h"

u64 log_repeat_count(struct log_repeat *repeat, struct bytes line, u64 now_ns)
{
    struct hash hash = hash_sha256(line);
    bool is_same = repeat->count != 0 && hash_equal(&hash, &repeat->line) &&
                   now_ns - repeat->last_ns < LOG_REPEAT_PAUSE_NS;
    if (!is_same)
        *repeat = (struct log_repeat){ .line = hash, .next = 1 };
    repeat->last_ns = now_ns;
    if (++repeat->count != repeat->next)
        return 0;
    repeat->next *= 10;
    return repeat->count;
}
