/* Permission: what a row leaves open (`ask`) is decided by whoever handles the interface
 * `permission` for the silo of that row. Until then messages wait on the row of the asking silo,
 * where the answer is kept. Under the kernel's lock unless told otherwise. */
#ifndef KERNEL_PERMISSION_H
#define KERNEL_PERMISSION_H

#include "kernel/binding.h"

struct process;

enum status permission_init(void); /* without the lock, as is permission_deinit */
void permission_deinit(void);

/* A process sends on a row whose route is ROUTE_ASK: sees to it that a question is under way, about the
 * program whose row it is. False: there is nobody who could be asked; it is denied. */
bool permission_ask(struct process *sender, struct binding *binding);
/* Nobody waits for the answer any more: a question that is under way is withdrawn. The caller holds
 * the row. */
void permission_forget(struct binding *binding);
/* A process was denied what the row is about, and nobody was asked: tells whoever decides about
 * permissions for its silo, if there is room. */
void permission_tell_denied(struct process *process, struct binding *binding);

#endif
