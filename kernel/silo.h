/* Silos: groups of processes with one table of bindings and one set of limits, in a tree.
 *
 * A charge counts against a silo and all above it, or against none. A silo that was destroyed stays
 * as a record until nothing is charged to it and nobody holds it. All under the kernel's lock. */
#ifndef KERNEL_SILO_H
#define KERNEL_SILO_H

#include "kernel/kernel.h"
#include "kernel/share.h"
#include "kernel/traffic.h"

enum resource {
    RESOURCE_MEMORY_PAGES,
    RESOURCE_BODY_BYTES,
    RESOURCE_PROCESSES, /* a child silo counts as one, so that silos are bounded too */
    RESOURCE_THREADS,
    RESOURCE_MESSAGES,
    RESOURCE_SLOTS, /* a row that somebody set counts as one */
    RESOURCE_COUNT,
};

/* One import namespace and the library that answers it. */
struct silo_library {
    struct list_link link;
    struct bytes import_namespace; /* a block of its own */
    struct program *program;       /* held */
};

struct silo {
    struct silo *parent; /* held; NULL: the root */
    u64 id;
    u32 depth; /* 0: the root */
    struct cid program; /* that was started in it first; size 0: none yet (cabin.h) */
    u64 limits[RESOURCE_COUNT];
    u64 used[RESOURCE_COUNT];
    struct share share;
    struct traffic_table traffic; /* of its own processes */
    /* What processes used that have ended: its own, and those of silos below that are no more. */
    u64 ended_cpu_ns;
    u64 ended_sent;
    u64 ended_answered;
    u32 holders; /* processes, child silos, handles of the platform, and 1 while not destroyed */
    bool destroyed;
    bool is_counted;        /* as one of its parent's processes, while it is not destroyed */
    bool sees_parent;       /* silo_sight */
    bool is_cabin;          /* of one program: silo_view, silo_check_cabins, cabin.h */
    bool linked;           /* among its parent's children */
    struct list_link link; /* in parent->children */
    struct list_link handle_link; /* the platform holds it */
    struct list children;
    struct list processes; /* struct process.silo_link */
    struct list rows;      /* struct binding.silo_link */
    u32 row_count;
    u32 set_row_count;     /* those that somebody set */
    u32 asking_row_count;  /* those that say ask */
    struct list libraries; /* struct silo_library.link */
    u32 library_count;
    struct list program_limits; /* struct cabin_limits.link */
    u32 program_limits_count;
    struct bytes name; /* a block of its own */
};

bool silo_init_root(void);
void silo_deinit_root(void);

/* False: a limit is reached; nothing is charged then. */
bool silo_charge(struct silo *silo, enum resource resource, u64 amount);
void silo_discharge(struct silo *silo, enum resource resource, u64 amount);

/* Frees the record of a destroyed silo that nothing needs any more. */
void silo_check_unused(struct silo *silo);

/* What was charged from `silo` up to below `refused` is given back. */
void silo_undo_message(struct silo *silo, const struct silo *refused, u64 body_bytes);

/* A message and the bytes that it takes: the hot pair, in one walk. */
static inline bool silo_charge_message(struct silo *silo, u64 body_bytes)
{
    for (struct silo *at = silo; at != NULL; at = at->parent) {
        u64 messages = at->used[RESOURCE_MESSAGES] + 1;
        u64 bytes = at->used[RESOURCE_BODY_BYTES] + body_bytes;
        if (BASE_SELDOM(messages > at->limits[RESOURCE_MESSAGES] ||
                        bytes > at->limits[RESOURCE_BODY_BYTES])) {
            silo_undo_message(silo, at, body_bytes);
            return false;
        }
        at->used[RESOURCE_MESSAGES] = messages;
        at->used[RESOURCE_BODY_BYTES] = bytes;
    }
    return true;
}

static inline void silo_discharge_message(struct silo *silo, u64 body_bytes)
{
    for (struct silo *at = silo; at != NULL; at = at->parent) {
        at->used[RESOURCE_MESSAGES]--;
        at->used[RESOURCE_BODY_BYTES] -= body_bytes;
    }
    if (BASE_SELDOM(silo->destroyed))
        silo_check_unused(silo);
}
void silo_hold(struct silo *silo);
/* The platform's hold, which ends with the kernel at the latest. */
void silo_hold_handle(struct silo *silo);
void silo_release_handle(struct silo *silo);
void silo_release_locked(struct silo *silo);

enum weft_status silo_create_locked(struct silo *parent, struct bytes name,
                                    const struct silo_limits *limits, struct silo **silo);
/* Ends all its processes and the silos below; the root cannot be destroyed. */
void silo_destroy_locked(struct silo *silo);
void silo_set_limits_locked(struct silo *silo, const struct silo_limits *limits);
struct silo_limits silo_limits_of(const struct silo *silo);
/* Nothing in it and below runs, until it is resumed; what ends does. */
void silo_suspend_locked(struct silo *silo);
void silo_resume_locked(struct silo *silo);

/* The silo whose processes those in this one see: its own, or the one above its cabin. */
struct silo *silo_view(struct silo *silo);
/* The silo below which those in this one see in lists what there is, without more rights to it. */
struct silo *silo_sight(struct silo *silo);
/* A process of it has gone: destroys cabins, from this one upwards, that have none any more. */
void silo_check_cabins(struct silo *silo);

/* Whether `silo` is `above` or in the tree below it. */
bool silo_is_within(const struct silo *silo, const struct silo *above);
/* The silo with that id within `above`; NULL if there is none. */
struct silo *silo_find(struct silo *above, u64 id);
/* The next silo of a walk through `above` and all below it, parents first; NULL at the end. */
struct silo *silo_walk(struct silo *above, struct silo *at);

enum weft_status silo_set_library_locked(struct silo *silo, struct bytes import_namespace,
                                         struct program *program);
/* The library that answers a namespace for programs of this silo, or NULL. */
struct program *silo_find_library(struct silo *silo, struct bytes import_namespace);

#endif
