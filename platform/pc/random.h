/* Private to the PC platform. */
#ifndef PLATFORM_PC_RANDOM_H
#define PLATFORM_PC_RANDOM_H

/* Before the first machine_random; while there is one CPU. */
void random_init(void);

#endif
