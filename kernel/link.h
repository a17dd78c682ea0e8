/* Linking: making a program's instances, each import answered by the kernel's calls, by a slot, or
 * by a library that is instantiated for just this client.
 *
 *   weft            send, answer, wait
 *   weft:interface  NAME@HASH: a slot, whatever the silo's table says about it
 *   weft:caller     load, store, pages, grow: of the client, for libraries
 *   anything else   the exports of the silo's library for that namespace
 *
 * Without the kernel's lock, before the process runs. */
#ifndef KERNEL_LINK_H
#define KERNEL_LINK_H

#include "kernel/process.h"

/* On an error the process has what was made so far: link_undo. `error` names the import. */
enum weft_status link_program(struct process *process, struct program *program,
                              struct engine_error *error);
/* Where a program begins: `_start`, or `main` as programs for wasm_os have it, without parameters and
 * results. False: with its start function (as AssemblyScript's), and that is all of it. */
bool link_entry(const struct member *member, u32 *function);
/* Destroys all instances, clients before their libraries. */
void link_undo(struct process *process);

/* Functions of the host by namespace (host.c): false if there is no such function or its type is
 * another; `error` has the message then. */
bool host_find(struct bytes import_namespace, const struct import_description *import,
               host_function **function, struct engine_error *error);
bool host_has_namespace(struct bytes import_namespace);
/* What the function copies for the member that imports it, if it copies. */
struct host_copy host_copy_of(host_function *function, struct member *member);

/* Whether a function type is the one written: a letter for each parameter, then `:`, then the
 * results; i is i32, l is i64. */
bool host_type_is(const struct function_type *type, const char *written);

#endif
