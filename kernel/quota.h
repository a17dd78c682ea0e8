/* Quotas: how much of one CPU a silo and all below it may use, in every period.
 *
 * A quota is in percent of one CPU, so 250 are two CPUs and a half. What is used beyond it, by a slice
 * that several CPUs ended late, is taken from the next period. Who runs on the slice of another
 * silo's process, because of a message from there, does so at its cost. Under the kernel's lock. */
#ifndef KERNEL_QUOTA_H
#define KERNEL_QUOTA_H

#include "kernel/share.h"

/* From now on; 0: no quota. A new period begins. */
void quota_set(struct share *share, u32 percent);
u32 quota_percent(const struct share *share);
/* So much was used: the share is stopped when nothing is left. */
void quota_spend(struct share *share, u64 used_ns);
/* How long a slice of the share may go on, from now, before it has to be looked at a quota again, its
 * own or one above; 0: it is used up; UINT64_MAX: there is none. */
u64 quota_left_ns(struct share *share);

#endif
