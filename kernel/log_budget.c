#include "kernel/log_budget.h"

enum log_shown log_budget_take(struct log_budget *budget, u64 now_ns, u64 bytes, u64 *hidden)
{
    const u64 byte_ns = 1000000000 / LOG_BUDGET_BYTES_PER_SECOND;
    u64 full_at_ns = budget->full_at_ns > now_ns ? budget->full_at_ns : now_ns;
    *hidden = 0;
    full_at_ns += bytes * byte_ns;
    if (full_at_ns - now_ns > LOG_BUDGET_BYTES * byte_ns)
        return budget->hidden++ == 0 ? LOG_FIRST_HIDDEN : LOG_HIDDEN;
    budget->full_at_ns = full_at_ns;
    *hidden = budget->hidden;
    budget->hidden = 0;
    return LOG_SHOWN;
}
