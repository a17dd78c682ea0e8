/* Where a program written for Weft itself begins and ends. */
#ifndef LIB_MAIN_H
#define LIB_MAIN_H

#include "lib/weft.h"

/* The program's own: called once, in the first thread; its result is the exit status. */
int weft_main(void);
/* Ends the process. */
_Noreturn void main_exit(uint32_t status);

#endif
