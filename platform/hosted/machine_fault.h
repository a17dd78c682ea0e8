/* Memory faults: a guest's own unwinds its guarded call, any other ends the system with a report.
 * Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_MACHINE_FAULT_H
#define PLATFORM_HOSTED_MACHINE_FAULT_H

/* Takes the fault signals over; once, before guest code runs. */
void fault_init(void);
/* Gives the calling thread a stack on which faults of its other stacks are handled. */
void fault_thread_init(void);
void fault_thread_deinit(void);

#endif
