/* Slots: what a party may send to. A table of each party's own leads to endpoints and bindings.
 *
 * A slot is an index into that table, from 1 on, so a number that a program makes up is either one
 * of its own slots or none. All under the kernel's lock. */
#ifndef KERNEL_SLOT_H
#define KERNEL_SLOT_H

#include "kernel/kernel.h"
#include "kernel/pool.h"

struct binding;
struct endpoint;
struct party;

enum slot_kind {
    SLOT_FREE,
    SLOT_ENDPOINT,
    SLOT_BINDING,
};

/* Where a slot leads; it holds what it names. */
struct slot_target {
    enum slot_kind kind;
    union {
        struct endpoint *endpoint;
        struct binding *binding;
    };
};

struct slot {
    u32 stamp; /* a gift to a native handler, which has not kept it yet: of the call; else 0. The
                  pool's while the slot is free */
    u16 kind;  /* enum slot_kind */
    bool is_moving; /* a gift in a message whose sender is still blocked: neither here nor there,
                       and back here if the message cannot be sent */
    union {
        struct endpoint *endpoint;
        struct binding *binding;
    };
};

struct slots {
    struct pool pool;
    u32 count;
    u32 closed_up_to; /* how far slots_close_some has come */
};

void slots_init(struct slots *slots, u32 count_max);
/* NULL: no such slot, or one that is moving. */
static inline struct slot *slots_find(const struct slots *slots, i32 number)
{
    /* What is not above 0 is far beyond the last one. */
    struct slot *slot = pool_at_sized(&slots->pool, (u32)number - 1, sizeof(*slot));
    if (BASE_SELDOM(slot == NULL || slot->kind == SLOT_FREE || slot->is_moving))
        return NULL;
    return slot;
}
struct slot_target slot_target_of(const struct slot *slot);

void slot_target_hold(struct slot_target target);
void slot_target_release(struct slot_target target);

/* Takes over the target's hold. Charged to the party's silo. */
enum weft_status slot_add(struct party *party, struct slot_target target, i32 *number);
/* The entry goes, its target's hold is the caller's. */
struct slot_target slot_take(struct party *party, i32 number);
void slot_close(struct party *party, i32 number);
/* Of a dead party: looks at `count` more entries and closes them; true when none is left. */
bool slots_close_some(struct party *party, u32 count);

/* The slots that go with a message or an answer, as the sender names them. */
struct gift_list {
    u32 count;
    i32 numbers[WEFT_GIFTS_MAX]; /* WEFT_GIFT_COPY included */
};

/* Whether all are the party's, and none is moved twice. */
enum weft_status gifts_check(const struct party *party, const struct gift_list *gifts);
/* The targets, held for the receiver; moved slots leave the table with `commit`, are back with
 * `abort`, and cannot be used meanwhile. `gifts_check` must have said yes. */
void gifts_take(struct party *party, const struct gift_list *gifts, struct slot_target *targets);
void gifts_commit(struct party *party, const struct gift_list *gifts);
void gifts_abort(struct party *party, const struct gift_list *gifts);
/* Makes slots of the targets, all or none. */
enum weft_status gifts_add(struct party *party, const struct slot_target *targets, u32 count,
                           i32 *numbers);

#endif
