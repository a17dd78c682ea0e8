/* What a test and its puppets say to each other. A puppet is a guest that does what it is told: it
 * sends its script to the handler of `conductor`, finished calls with their results in it; the
 * answer is the next script. So between scripts a puppet blocks on one message of its own, which
 * takes none of its other events. */
#ifndef TESTS_SIMULATE_SCRIPT_H
#define TESTS_SIMULATE_SCRIPT_H

#include "abi/weft.h"

#define CONDUCTOR_HASH "c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"
#define ALPHA_HASH "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
#define BETA_HASH "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"
#define GAMMA_HASH "d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3"
#define ALPHA_ID UINT64_C(0xa1a1a1a1a1a1a1a1)
#define BETA_ID UINT64_C(0xb2b2b2b2b2b2b2b2)
#define GAMMA_ID UINT64_C(0xd3d3d3d3d3d3d3d3)

/* The interfaces that a puppet imports, in the order of `slots` in its script. */
enum puppet_slot {
    SLOT_CONDUCTOR,
    SLOT_SYSTEM,
    SLOT_ALPHA, /* interfaces of the tests' own */
    SLOT_BETA,
    SLOT_GAMMA,
    SLOT_CLOCK,
    SLOT_RANDOM,
    SLOT_LOG,
    SLOT_COUNT,
};

enum puppet_call {
    CALL_SEND, /* the arguments of the call, as in abi/weft.h */
    CALL_ANSWER,
    CALL_WAIT,
    CALL_GROW,    /* pages: memory.grow */
    CALL_FILL,    /* address, size, value: each byte is that of value + its index */
    CALL_CHECK,   /* address, size, value: whether it is as `fill` leaves it */
    CALL_COMPUTE, /* rounds of a loop without calls; 0: for ever, `progress` counts them */
    CALL_READ,    /* address: the i64 there */
    CALL_WRITE,   /* address, value: an i64 */
    CALL_COPY,    /* to, from, size: within memory */
    CALL_TRAP,
    CALL_RETURN,  /* from the main function, or the thread's */
    CALL_FORGE,   /* enum forge, count, seed, base: so many calls with made-up numbers, some near to
                     base; how many of them were not refused as they should be */
    CALL_RECURSE, /* depth: native calls within each other */
};

enum forge {
    FORGE_SEND,   /* on a slot that is none of its imports */
    FORGE_GIFT,   /* the same as a gift, to alpha */
    FORGE_ANSWER, /* of a message that is not its own */
    FORGE_WAIT,   /* for a message that is not its own */
};

enum {
    SCRIPT_CALLS_MAX = 12,
    SCRIPT_ARGUMENTS = 6,
    SCRIPT_IDS = 16,
    SCRIPT_GIFTS = 16,
    SCRIPT_BODY = 1024,
    SCRIPT_RECEIVED = 8192,
    PUPPET_THREADS_MAX = 5,
};

struct script_call {
    uint32_t call;
    uint32_t refers; /* bit i: argument i is the result of the call with that index */
    int64_t arguments[SCRIPT_ARGUMENTS];
    uint32_t times; /* it is done so often, or until its result is negative; 0: once */
    uint32_t done;  /* how often it was done */
    int64_t result; /* of the last time */
};

struct script {
    uint32_t address; /* of this script in the puppet's memory */
    uint32_t thread;  /* 0: the first */
    int32_t slots[SLOT_COUNT];
    uint32_t count;
    uint32_t done; /* calls done */
    struct script_call calls[SCRIPT_CALLS_MAX];
    struct weft_event event;
    int64_t ids[SCRIPT_IDS];
    int32_t gifts[SCRIPT_GIFTS];
    uint8_t body[SCRIPT_BODY];
    int64_t progress;
    uint8_t received[SCRIPT_RECEIVED]; /* travels only as far as `event.size` says */
};

#endif
