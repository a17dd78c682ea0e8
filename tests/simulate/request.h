/* Requests of a puppet to the kernel's `system` interface, as a test writes them: one line each.
 *
 * A result is the value (a slot, an id, or 0), or REQUEST_ERROR minus an enum system_error, or
 * REQUEST_STATUS minus the status with which the message was refused or answered. */
#ifndef TESTS_SIMULATE_REQUEST_H
#define TESTS_SIMULATE_REQUEST_H

#include "interface/system.h"
#include "tests/simulate/world.h"

enum {
    REQUEST_ERROR = -1000,
    REQUEST_STATUS = -2000,
};

/* A writer for a request, in the puppet's script. */
struct body_writer *request_begin(struct puppet *puppet);
/* Sends it on `slot` and waits for its answer: 0, or REQUEST_STATUS minus a status. The answer is
 * then in `script.event` and `script.received`. */
i64 request_send(struct puppet *puppet, i32 slot);
/* The same result, for one that was PUPPET_BLOCKED. */
i64 request_finish(struct puppet *puppet);
/* A reader of the answer, with scratch for its lists. */
struct body_reader *request_reader(struct puppet *puppet);

i64 request_mint(struct puppet *puppet, u64 interface, u64 badge);
i64 request_copy(struct puppet *puppet, i32 slot);
i64 request_badge(struct puppet *puppet, i32 slot, u64 *badge);
i64 request_close(struct puppet *puppet, i32 slot);
i64 request_resolve(struct puppet *puppet, u64 interface, const char *tag);
/* As the process has it, and when that is decided: PUPPET_BLOCKED until then. */
i64 request_resolve_for(struct puppet *puppet, u64 process, u64 interface);
i64 request_decided(struct puppet *puppet, u64 process, u64 interface);
/* By the hash as headers have it. */
i64 request_resolve_hash(struct puppet *puppet, const char *hash);
i64 request_thread(struct puppet *puppet, u32 argument);
/* Another thread of the puppet's process, idle: 1 to PUPPET_THREADS_MAX - 1; NULL on failure. */
struct puppet *puppet_thread(struct puppet *puppet, u32 number);
i64 request_exit(struct puppet *puppet, u32 status);

/* A spawn of the program in `silo` (0: its own) with one slot by the name "given", or none if that
 * is WEFT_NO_SLOT. Gives the slot of the process. */
i64 request_spawn(struct puppet *puppet, const struct cid *program, u64 silo, i32 given);
/* The result of a spawn that was PUPPET_BLOCKED while a loader was asked. */
i64 request_spawn_finish(struct puppet *puppet);
i64 request_find(struct puppet *puppet, u64 process);
i64 request_process_id(struct puppet *puppet, i32 process);
i64 request_process_kill(struct puppet *puppet, i32 process);
i64 request_process_slot(struct puppet *puppet, i32 process, u64 interface);
/* These come back when it is so: PUPPET_BLOCKED until then, request_finish gives the result. */
i64 request_process_listens(struct puppet *puppet, i32 process);
i64 request_process_idle(struct puppet *puppet, i32 process);
i64 request_awaited(struct puppet *puppet, u64 silo, u64 interface);

i64 request_create_silo(struct puppet *puppet, u64 parent, const struct silo_limits *limits);
i64 request_create_cabin(struct puppet *puppet, u64 parent);
i64 request_show_parent(struct puppet *puppet, u64 silo);
i64 request_destroy_silo(struct puppet *puppet, u64 silo);
i64 request_set_limits(struct puppet *puppet, u64 silo, const struct silo_limits *limits);
i64 request_set_program_limits(struct puppet *puppet, u64 silo, const struct cid *program,
                               const struct silo_limits *limits);
i64 request_set_verdict(struct puppet *puppet, u64 silo, u64 interface,
                        enum system_verdict verdict);
i64 request_bind(struct puppet *puppet, u64 silo, u64 interface, i32 handler);
i64 request_set_library(struct puppet *puppet, u64 silo, const char *import_namespace,
                        const struct cid *program);

#endif
