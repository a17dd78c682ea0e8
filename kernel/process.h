/* Processes: a program with its libraries, linked and running.
 *
 * It ends once: by its main function's return, by system.exit, by a trap in any of its threads, or
 * because somebody kills it. Its threads then stop, and the last one, or who is on a visit then,
 * takes everything apart, in small steps; what stays is a record that tells how it ended. */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include "kernel/limits.h"
#include "kernel/party.h"
#include "kernel/share.h"
#include "kernel/silo.h"

/* One instance of a process: the program, or a library for another member. */
struct member {
    struct process *process;
    struct member *client; /* whose imports it answers; NULL: the program */
    struct program *program; /* held */
    struct instance *instance;
    struct memory_window memory; /* of the instance */
    struct bytes import_namespace; /* that it answers; borrowed from the client's module */
    u32 depth;
};

struct start_record; /* start.h */

struct process {
    struct party party;
    struct list_link silo_link;
    struct share share;
    struct list threads;
    u32 thread_count;   /* not ended */
    u32 visitors;       /* who has visited and not left; it is not taken apart before they have */
    u32 stuck_count;    /* see deadlock.h */
    u32 next_thread_id;
    u64 visited;        /* of a search in deadlock.c: its number */
    struct process *visit_next;
    bool ending;        /* its threads are to stop */
    bool waits_slowly;  /* ending, or somebody asks when it waits: no short way for `wait` */
    bool is_over;       /* and have, and all was taken apart */
    bool end_awaited;   /* the system ends after it (finish.c) */
    bool end_is_told;   /* to a process that asked, or as one that nobody asked for; or somebody killed it */
    u32 askers;         /* who may yet ask how it ended: those that process_release is due of */
    struct process_end end; /* `text` and `program` are blocks */
    struct list ended_watchers; /* struct ended_watcher.link, system_process.c */
    struct list attending;      /* who asks when it waits (attend.h) */
    u64 cpu_ns;
    u64 started_ns;
    u64 memory_pages; /* charged */

    /* From here on only while it lives. */
    struct member *members[PROCESS_MEMBERS_MAX]; /* the program, then libraries behind their
                                                    clients */
    u32 member_count;
    struct start_record *start;
};

static inline struct process *process_of_party(struct party *party)
{
    return BASE_CONTAINER_OF(party, struct process, party);
}

/* Without the lock too: a thread looks whenever it comes back from the kernel. */
static inline bool process_is_ending(const struct process *process)
{
    return __atomic_load_n(&process->ending, __ATOMIC_RELAXED);
}

/* Without the lock: a record with its start record's strings, in a silo that it counts for. Nothing
 * of it runs and nobody sees it yet. */
enum weft_status process_create(const struct spawn_options *options, struct process **process);
/* Without the lock: takes apart what runs no more, or never ran, and lets go of the record. */
void process_dissolve(struct process *process);

/* Under the lock: how it ends, if it is not ending already. Takes over `end->text`. */
void process_end_locked(struct process *process, const struct process_end *end);
/* Without the lock, on the thread's own stack: it has nothing more to run. */
_Noreturn void process_thread_ends(struct thread *thread);
/* Under the lock, for who handles what it has sent, but not on its own stack: until process_leave all
 * of it is there, though it may be ending. NULL: there is none with that id, or it is being taken
 * apart. */
struct process *process_visit(u64 id);
/* Without the lock. */
void process_leave(struct process *process);
/* Under the lock: no holder any more. */
void process_free(struct process *process);

/* Under the lock: as the caller of process_find holds it, until process_release. */
void process_hold(struct process *process);

/* Memory of a member grows (memory_grow_hook). */
bool process_grow(void *process, u64 pages_before, u64 pages_after);

/* It runs no instruction from then on, on other CPUs as soon as they have heard of it; it can be
 * sent messages, and ended. Both from anywhere; one that is ending goes on with that. Without the
 * lock. */
void process_suspend(struct process *process);
void process_resume(struct process *process);
/* Its weight among the processes and silos of its silo. */
void process_weigh(struct process *process, u32 weight);

/* What people call it: the last part of its name, as of a path. Under the lock, before it is taken
 * apart. */
struct bytes process_shown_name(const struct process *process);
/* Held; NULL: there is none with that id within the silo, or it is being taken apart. Without the
 * lock. */
struct process *process_find(struct silo *above, u64 id);

/* The program itself. */
struct program *process_program(const struct process *process);
/* Processes that are not taken apart yet. Under the lock. */
u32 process_count(void);
/* Kills those of a silo, not of the silos below. Under the lock. */
void process_kill_silo(struct silo *silo);

#endif
