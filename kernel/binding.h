/* Bindings: the rows of silos' tables, and how a message finds its handler through them.
 *
 * A row is there because somebody set it, or because a slot follows it. Which handler it leads to
 * is looked up from its silo towards the root: a row that says deny on the way ends the search, and
 * so does one that says ask until a row before it was permitted to pass; the first handler found is
 * the answer. Without any row there is no right: denied. Messages wait where the handler died, where a
 * row says hold, and on a row of the root's that allows and has no handler, which only the root can
 * have. All under the kernel's lock. */
#ifndef KERNEL_BINDING_H
#define KERNEL_BINDING_H

#include "kernel/endpoint.h"
#include "kernel/message.h"
#include "kernel/silo.h"

enum route_kind {
    ROUTE_HANDLER,
    ROUTE_NOBODY, /* allowed, and nobody is there now */
    ROUTE_ASK,    /* somebody has to say so first (permission.h); see `asker` */
    ROUTE_DENIED,
    ROUTE_GONE, /* the silo is no more */
};

struct binding {
    struct list_link silo_link;
    struct list_link bucket_link;
    struct silo *silo;
    struct hash hash;
    struct bytes name; /* blocks */
    struct bytes tag;
    bool is_set; /* says something of its own; otherwise it is here for the slots that follow it */
    enum verdict verdict;
    /* Rows that say ask, of the silo with this id and of those below it, do not stop the silo's program
     * if it comes by this row: somebody who may has said so. 0: nobody has. */
    u64 permitted_by;
    /* The same for what the silo's program has started: it is not permitted by that, but may be asked
     * about. */
    u64 passed_by;
    bool asking; /* a question is under way */
    struct slot_target handler; /* held; SLOT_FREE: none. SLOT_BINDING: as that other row says */
    struct endpoint *tracer;    /* held: gets messages in the handler's place; NULL: there is none */
    struct list_link tracer_link;
    u32 holders;                /* slots, gifts on their way, rows that lead here */
    struct list waiting;        /* struct message.queued.link */
    u32 waiting_count;
    u32 wanted; /* who asks whether it is decided (decided.h); holders of it, too */
    struct list backlog;
    struct list_link waiting_link; /* among the rows on which messages wait */
    struct list derived; /* struct endpoint.row_link: what was given by it (derived.h) */
    struct list_link derived_link; /* in `rows_with_derived` */
    bool denial_told; /* who decides about permissions has heard that it says no */
    bool is_answered; /* it says no because that was answered */
    /* What the last lookup found; good while nothing changes anywhere. */
    u64 generation;
    enum route_kind route;
    struct endpoint *found;
    struct silo *asker; /* with ROUTE_ASK: whose row says so */
    struct silo *starter; /* with ROUTE_ASK: whose program is to be asked about first, or NULL */
    const struct binding *started; /* by which row it passes there: this one, or one to which it leads */
    struct binding *holding; /* with ROUTE_NOBODY: the row that says hold, or NULL */
    struct list awaiting; /* who asks when a message waits because of this row (attend.h) */
};

/* From which something was derived. */
extern struct list rows_with_derived;

void binding_init(void);

/* The first 8 bytes of a hash, little endian: how events tell interfaces. */
u64 interface_of_hash(const struct hash *hash);

struct binding *binding_find(const struct silo *silo, const struct hash *hash, struct bytes tag);
/* Finds or makes the row, and holds it. */
enum weft_status binding_get(struct silo *silo, const struct interface_key *key,
                             struct binding **binding);
/* Whether all that this row says is told to who begins at the silo, too: it is the row's or below
 * it, and none between leads elsewhere. */
bool binding_is_above(const struct binding *binding, const struct silo *silo);
void binding_hold(struct binding *binding);
void binding_release(struct binding *binding);

/* How often anything changed that a lookup depends on. */
extern u64 binding_generation;

void binding_look_up(struct binding *binding);

/* Who was bound is dead, or was bound by a slot that was cut off. */
enum route_kind binding_route_to_dead(const struct binding *binding);

/* Where a message on this row goes now. `endpoint` is set with ROUTE_HANDLER only. */
static inline enum route_kind binding_route(struct binding *binding, struct endpoint **endpoint)
{
    if (binding->generation != binding_generation)
        binding_look_up(binding);
    *endpoint = binding->found;
    if (binding->route == ROUTE_HANDLER && binding->found->handler->dead)
        return binding_route_to_dead(binding);
    return binding->route;
}
/* The same at a glance: NULL unless it is known already and leads to a handler, dead or not. */
static inline struct endpoint *binding_known(const struct binding *binding)
{
    return binding->generation == binding_generation ? binding->found : NULL;
}

/* NAME@HASH, as a program imports it. */
void binding_write(const struct binding *binding, struct writer *text);
/* What people call the interface, by the nearest row that knows; empty if none does. Borrowed. */
struct bytes binding_known_name(const struct silo *silo, const struct hash *hash,
                                struct bytes tag);
/* Somebody who was bound died, or a table changed: forget what was looked up, and send on the
 * messages that waited for this. */
void binding_changed(void);

enum weft_status binding_set_verdict(struct silo *silo, const struct interface_key *key,
                                     enum verdict verdict);
/* From now on rows that say ask, up to that of silo `asker`, let pass who comes by this one. */
enum weft_status binding_permit(struct binding *binding, u64 asker);
/* From now on they are asked about what the program of this silo has started, as long as the row is held. */
void binding_pass(struct binding *binding, u64 asker);
/* Takes over the target's hold if it succeeds. */
enum weft_status binding_set_handler(struct silo *silo, const struct interface_key *key,
                                     struct slot_target handler);
/* Messages that this row lets pass go to a party of which this is an endpoint, and which is to send
 * them on to `below`: to where they went before. The endpoint is taken over, `below` held for the
 * caller, if it succeeds. */
enum weft_status binding_trace(struct silo *silo, const struct interface_key *key,
                               struct endpoint *tracer, struct slot_target *below);
/* Somebody dies: the rows that he traced are as they were. */
void binding_forget_tracer(const struct party *party);
/* The silo is destroyed: nothing is bound in it any more. */
void binding_unset_all(struct silo *silo);

/* Whether a message waits because this row says hold. */
bool binding_is_awaited(const struct binding *binding);
/* Somebody wants to know when the row does not ask any more, or not any more; it is held meanwhile. */
void binding_wanted_more(struct binding *binding);
void binding_wanted_less(struct binding *binding);
/* A message that found nobody waits here. */
void binding_queue(struct binding *binding, struct message *message);
/* One that waited is no longer in the row's list. */
void binding_message_left(struct binding *binding);

#endif
