/* The interface `system`, answered in the kernel: system.c has the dispatcher, the other files of
 * that name the functions. What a caller may do follows from its silo and its slots. */
#ifndef KERNEL_SYSTEM_H
#define KERNEL_SYSTEM_H

#include "interface/system.h"
#include "kernel/handlers.h"
#include "kernel/process.h"

/* A process has ended, and is taken apart: tells those who asked. Without the lock. */
void system_process_ended(struct process *process);

/* A status as the interface's error. */
enum system_error system_error_of(enum weft_status status);

/* The silo that a caller names: its own by 0, or one within. Under the lock; NULL if there is none.
 */
struct silo *system_silo(const struct request *request, u64 id);
/* The same, but not the caller's own. */
struct silo *system_silo_below(const struct request *request, u64 id);
/* The same for what says nothing of rights: also those that a caller in a cabin sees. */
struct silo *system_silo_seen(const struct request *request, u64 id);
/* The same, but none that the caller is in. */
struct silo *system_silo_beside(const struct request *request, u64 id);
/* The process for which a caller may do something: of its own silo, or below that where nothing is asked
 * about. Held; NULL: it is none of these. Without the lock. */
struct process *system_client(const struct request *request, u64 id);
/* Who handles the interface if `target` is bound to it: a process's slot leads to its messages.
 * Held. Under the lock. */
enum weft_status system_handler_of(struct slot_target target, const struct interface_key *key,
                                   struct slot_target *handler);
/* Its hash from 32 bytes. */
bool system_hash(struct weft_bytes bytes, struct hash *hash);

static inline struct bytes system_view(struct weft_bytes bytes)
{
    return (struct bytes){ bytes.data, bytes.size };
}

/* Answers of common shapes. */
enum weft_status system_answer_any(const struct request *request, enum weft_status status,
                                   i32 slot);
/* With a slot of the sender's that leads to a handler, as endpoint_create makes it. */
enum weft_status system_answer_endpoint(const struct request *request, struct party *handler,
                                        struct weft_bytes interface, u64 badge, bool quiet);
enum weft_status system_answer_none(const struct request *request, enum weft_status status);

/* system_process.c */
enum weft_status system_take_start(void *request, const struct weft_event *event);
enum weft_status system_take_exit(void *request, const struct weft_event *event,
                                  const struct system_exit_arguments *arguments);
enum weft_status system_take_thread(void *request, const struct weft_event *event,
                                    const struct system_thread_arguments *arguments);
enum weft_status system_take_find(void *request, const struct weft_event *event,
                                  const struct system_find_arguments *arguments);
enum weft_status system_take_process_id(void *request, const struct weft_event *event);
enum weft_status system_take_process_kill(void *request, const struct weft_event *event);
enum weft_status system_take_process_ended(void *request, const struct weft_event *event);
enum weft_status system_take_process_slot(void *request, const struct weft_event *event,
                                          const struct system_process_slot_arguments *arguments);
enum weft_status system_take_process_suspend(void *request, const struct weft_event *event);
enum weft_status system_take_process_resume(void *request, const struct weft_event *event);
enum weft_status system_take_process_weigh(void *request, const struct weft_event *event,
                                           const struct system_process_weigh_arguments *arguments);
void system_closed(void *native, u64 badge);
/* The process that the badge of its slot stands for. */
struct process *system_process_of(u64 badge);
/* A slot of the system's own that stands for a process, to be given away. */
enum weft_status system_mint_process(struct native *native, struct process *process, i32 *slot);

/* system_spawn.c */
enum weft_status system_take_spawn(void *request, const struct weft_event *event,
                                   const struct system_spawn_arguments *arguments);
enum weft_status system_take_add_program(void *request, const struct weft_event *event,
                                         const struct system_add_program_arguments *arguments);
/* Starts `options->program` and answers a spawn with its slot, or with why not. The slots are not in
 * `options` any more when they have moved to the process. */
enum weft_status system_spawn_and_answer(struct native *native, i64 id,
                                         struct spawn_options *options);
enum weft_status system_answer_spawn_error(struct native *native, i64 id,
                                           enum system_error error);
enum system_error system_program_error_of(enum weft_status status,
                                          const struct engine_error *error);
/* Why a program could not be loaded. */
enum system_error system_load_error_of(enum status status);
void system_log_program_error(const struct engine_error *error, struct bytes program);

/* system_slot.c */
enum weft_status system_take_mint(void *request, const struct weft_event *event,
                                  const struct system_mint_arguments *arguments);
enum weft_status system_take_copy(void *request, const struct weft_event *event,
                                  const struct system_copy_arguments *arguments);
enum weft_status system_take_badge(void *request, const struct weft_event *event,
                                   const struct system_badge_arguments *arguments);
enum weft_status system_take_close(void *request, const struct weft_event *event,
                                   const struct system_close_arguments *arguments);
enum weft_status system_take_resolve(void *request, const struct weft_event *event,
                                     const struct system_resolve_arguments *arguments);

enum weft_status system_take_resolve_for(void *request, const struct weft_event *event,
                                         const struct system_resolve_for_arguments *arguments);

/* decided.c */
enum weft_status system_take_decided(void *request, const struct weft_event *event,
                                     const struct system_decided_arguments *arguments);

/* system_silo.c */
enum weft_status system_take_create_silo(void *request, const struct weft_event *event,
                                         const struct system_create_silo_arguments *arguments);
enum weft_status system_take_create_cabin(void *request, const struct weft_event *event,
                                         const struct system_create_cabin_arguments *arguments);
enum weft_status system_take_destroy_silo(void *request, const struct weft_event *event,
                                          const struct system_destroy_silo_arguments *arguments);
enum weft_status system_take_set_limits(void *request, const struct weft_event *event,
                                        const struct system_set_limits_arguments *arguments);
enum weft_status
system_take_set_program_limits(void *request, const struct weft_event *event,
                               const struct system_set_program_limits_arguments *arguments);
enum weft_status system_take_show_parent(void *request, const struct weft_event *event,
                                         const struct system_show_parent_arguments *arguments);
enum weft_status system_take_suspend_silo(void *request, const struct weft_event *event,
                                          const struct system_suspend_silo_arguments *arguments);
enum weft_status system_take_resume_silo(void *request, const struct weft_event *event,
                                         const struct system_resume_silo_arguments *arguments);
enum weft_status system_take_set_verdict(void *request, const struct weft_event *event,
                                         const struct system_set_verdict_arguments *arguments);
enum weft_status system_take_bind(void *request, const struct weft_event *event,
                                  const struct system_bind_arguments *arguments);
enum weft_status system_take_trace(void *request, const struct weft_event *event,
                                   const struct system_trace_arguments *arguments);
enum weft_status system_take_set_library(void *request, const struct weft_event *event,
                                         const struct system_set_library_arguments *arguments);

/* attend.c */
enum weft_status system_take_process_listens(void *request, const struct weft_event *event);
enum weft_status system_take_process_idle(void *request, const struct weft_event *event);
enum weft_status system_take_awaited(void *request, const struct weft_event *event,
                                     const struct system_awaited_arguments *arguments);

/* system_list.c */
enum weft_status system_take_processes(void *request, const struct weft_event *event,
                                       const struct system_processes_arguments *arguments);
enum weft_status system_take_silos(void *request, const struct weft_event *event,
                                   const struct system_silos_arguments *arguments);
enum weft_status system_take_bindings(void *request, const struct weft_event *event,
                                      const struct system_bindings_arguments *arguments);

/* system_reach.c */
enum weft_status system_take_reach(void *request, const struct weft_event *event,
                                   const struct system_reach_arguments *arguments);

#endif
