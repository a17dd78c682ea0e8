/* Weft's application binary interface: what a program sees of the kernel.
 *
 * Read by the kernel and by programs alike; little endian everywhere. A program imports three
 * calls from module `weft`, its slots from module `weft:interface` and, if it is a library, access
 * to its client's memory from module `weft:caller`. Nothing else exists. Pointers are offsets into
 * the calling instance's memory 0.
 *
 *   weft.send(slot i32, body i32, size i32, gifts i32, gift_count i32, flags i32) -> i64
 *       Moves a message to the handler behind `slot`. Result: an id above 0 if an answer was asked
 *       for, 0 if not, a negated status if nothing was sent. `gifts` is an array of slots (i32)
 *       that leave the sender and arrive at the receiver; a slot with WEFT_GIFT_COPY added stays
 *       and arrives all the same, as a second slot to the same place (an interface's `borrow`).
 *   weft.answer(message i64, status i32, body i32, size i32, gifts i32, gift_count i32) -> i32
 *       Settles a message that was delivered to the caller: 0 or a negated status. On a message
 *       that the caller itself sent, withdraws it (the other arguments are ignored). One whose body
 *       was too large to be delivered can be refused unread, with any status but 0.
 *   weft.wait(ids i32, id_count i32, event i32, body i32, capacity i32, deadline i64) -> i32
 *       Blocks until an event among `ids` (an array of i64 message ids; none: any event), or the
 *       deadline (absolute monotonic nanoseconds; 0 polls, -1 waits for ever). Result: the event's
 *       kind, 0 at the deadline, a negated status otherwise. WEFT_TOO_LARGE: the next event's body
 *       is larger than `capacity`; the event record is written, its `size` says how large, and the
 *       event stays queued first. A message has an id there even if it wants no answer.
 *   weft:interface."NAME@HASH"() -> i32
 *       The slot for that interface, as the silo's binding table says; the same each time.
 *   weft:caller.load(own i32, client i32, size i32) -> i32
 *   weft:caller.store(client i32, own i32, size i32) -> i32
 *       Copy into and out of the client's memory 0: 0, or WEFT_FAULT negated if the client's range
 *       is out of bounds (nothing is copied). The own range out of bounds traps.
 *   weft:caller.pages() -> i32              size of the client's memory 0 in pages of 64 KiB
 *   weft:caller.grow(pages i32) -> i32      memory.grow on it: the old size in pages, or -1
 *
 * A wrong pointer or count of the three calls gives WEFT_FAULT or WEFT_INVALID and does nothing. */
#ifndef ABI_WEFT_H
#define ABI_WEFT_H

#include <stdint.h>

/* Statuses; calls give them negated. Also the `status` of an answer: WEFT_OK, or why there is none.
 * What a handler thinks of a request is in the answer's body, by its interface. */
enum weft_status {
    WEFT_OK = 0,
    WEFT_FAULT = 1,       /* a pointer and size reach outside of memory */
    WEFT_INVALID = 2,     /* an argument that is never right (flags, counts, a malformed body) */
    WEFT_BAD_SLOT = 3,    /* no such slot in this process */
    WEFT_BAD_MESSAGE = 4, /* no such message, or not the caller's to settle or to withdraw */
    WEFT_DENIED = 5,      /* the silo's binding says no, or the right is missing */
    WEFT_GONE = 6,        /* the handler died, or nobody can ever answer on this slot */
    WEFT_WOULD_BLOCK = 7, /* NO_WAIT was given and there is no handler or no room now */
    WEFT_DEADLOCK = 8,    /* waiting would close a ring of processes that wait for each other */
    WEFT_TOO_LARGE = 9,   /* a body above WEFT_BODY_MAX, or above the capacity given */
    WEFT_LIMIT = 10,      /* a limit of the caller's silo is reached */
    WEFT_NO_MEMORY = 11,  /* the machine has no more */
    WEFT_WITHDRAWN = 12,  /* the sender took the message back */
    WEFT_NOT_FOUND = 13,  /* no such interface, program, process, silo, function */
    WEFT_EXISTS = 14,     /* it is there already */
    WEFT_UNSUPPORTED = 15,
    WEFT_STATUS_COUNT
};

/* Flags of send. */
enum {
    WEFT_WANT_ANSWER = 1 << 0,
    WEFT_NO_WAIT = 1 << 1, /* WEFT_WOULD_BLOCK instead of waiting for a handler or for room */
};

enum weft_event_kind {
    WEFT_EVENT_NONE = 0,    /* the deadline passed */
    WEFT_EVENT_MESSAGE = 1, /* to be handled: badge, sender, interface; id 0: no answer is wanted */
    WEFT_EVENT_ANSWER = 2,  /* to a message of ours: id, status */
    WEFT_EVENT_CLOSED = 3,  /* the last slot with `badge` that this process minted is gone */
    WEFT_EVENT_WITHDRAWN = 4, /* the sender took back, or died with, the delivered message `id`:
                                 answering it is not needed and no longer possible */
};

enum {
    WEFT_GIFTS_MAX = 8,
    WEFT_BODY_MAX = 64 << 20, /* bytes of one body: the largest programs travel as one */
    WEFT_IDS_MAX = 1024,      /* ids in one wait */
    WEFT_NO_SLOT = -1,        /* never a slot */
    WEFT_GIFT_COPY = 1 << 30, /* added to a slot in `gifts`: give a copy, keep the slot */
};

/* What wait writes: 88 bytes.
 *
 *   offset size
 *     0     4  kind        enum weft_event_kind
 *     4     4  status      of an answer: enum weft_status
 *     8     8  id          of the message, or of the message that is answered; 0: none
 *    16     8  badge       that the handler chose when it minted the slot; 0 on a binding's slot
 *    24     8  interface   first 8 bytes of the interface's hash, little endian
 *    32     8  sender      process id of the sender; 0: the kernel or a native handler
 *    40     4  size        of the body in bytes
 *    44     4  gift_count  at most WEFT_GIFTS_MAX
 *    48    32  gifts       slots that came with it, now the caller's
 *    80     8  sender_silo id of the sender's silo */
struct weft_event {
    uint32_t kind;
    int32_t status;
    int64_t id;
    uint64_t badge;
    uint64_t interface;
    uint64_t sender;
    uint32_t size;
    uint32_t gift_count;
    int32_t gifts[WEFT_GIFTS_MAX];
    uint64_t sender_silo;
};

_Static_assert(sizeof(struct weft_event) == 88, "the event record is 88 bytes");

#endif
