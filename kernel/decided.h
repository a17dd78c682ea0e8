/* Questions whether it is decided what a process may use (`decided` of system.wit), answered when the
 * row that its messages would go by does not ask any more. All under the kernel's lock. */
#ifndef KERNEL_DECIDED_H
#define KERNEL_DECIDED_H

void decided_init(void);
/* Tables have changed, or a question about permissions is over. */
void decided_look(void);

#endif
