/* The native handler of `terminal`: what a terminal has besides its bytes. Private to the hosted
 * platform. */
#ifndef PLATFORM_HOSTED_NATIVE_TERMINAL_H
#define PLATFORM_HOSTED_NATIVE_TERMINAL_H

#include "kernel/kernel.h"

enum status native_terminal_init(void);
void native_terminal_deinit(void);

/* The interrupt key: answers whoever waits for it. False: nobody does, nor has anybody ever made jobs or
 * asked for the stop key: who has may be about to ask again. */
bool native_terminal_interrupt(void);
/* The quit key: where there are jobs, another interrupt key. False: it is for the system. */
bool native_terminal_quit(void);
/* The stop key: false only if nobody has ever made jobs or asked for it. */
bool native_terminal_stop_key(void);
/* The window has another size now. */
void native_terminal_resized(void);
/* Others have written over what is shown: whoever waits for another size draws it again. */
void native_terminal_redraw(void);
/* The system is about to be stopped with ^Z, and goes on after it. */
void native_terminal_pause(void);
void native_terminal_resume(void);
/* The person is asked something, or no longer is: meanwhile modes that programs set are only noted.
 * False: there is no terminal. */
bool native_terminal_attend(bool attended);
/* A mode that the process had set ends with it. */
void native_terminal_process_ended(struct process_id process);

#endif
