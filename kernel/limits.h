/* Every bound of the kernel, with its reason. What a person sets per silo is in struct silo_limits;
 * here is what no silo can raise. */
#ifndef KERNEL_LIMITS_H
#define KERNEL_LIMITS_H

enum {
    /* Messages that wait undelivered with one receiver, or on one binding. Beyond, senders block.
     * Enough that a burst costs no switch for each message, few enough that a receiver that does
     * not keep up slows its senders soon. */
    QUEUE_MAX = 256,

    /* Bodies up to this size are copied under the kernel's lock: one page, some 50 ns. */
    LOCKED_COPY_MAX = 4096,
    /* Bodies up to this size lie in the message itself: most answers of most interfaces. */
    BODY_INLINE_MAX = 128,
    /* Charged to the sender with each message that wants an answer, so that an answer up to this
     * size always finds room. Larger ones are charged when they come. */
    ANSWER_RESERVE = 1024,

    /* 2^24 messages at once; the other bits of an id are the generation. */
    MESSAGE_INDEX_BITS = 24,

    SLOTS_PER_PROCESS_MAX = 1 << 16,
    THREADS_PER_PROCESS_MAX = 1 << 12,
    NATIVE_SLOTS_MAX = 1 << 20,

    SILO_DEPTH_MAX = 48,      /* each charge and each lookup walks up to the root */
    SILO_ROWS_MAX = 1024,     /* configured rows of one silo */
    SILO_LIBRARIES_MAX = 64,  /* import namespaces of one silo */
    PROGRAM_LIMITS_MAX = 64,  /* programs that one silo has limits for */
    LOOKUP_STEPS_MAX = 96,    /* silos and aliases passed on the way to a handler */
    ATTENDING_MAX = 16,     /* questions about when one process waits: it goes through them each time */
    /* Processes, threads and messages looked at for a ring; a larger one is not found. Some 100
     * microseconds under the lock. */
    DEADLOCK_STEPS_MAX = 16384,

    INTERFACES_MAX = 1024, /* that one process imports; each is looked for among the others */
    /* Libraries of libraries; the program itself is depth 0. */
    LIBRARY_DEPTH_MAX = 4,
    PROCESS_MEMBERS_MAX = 16, /* instances of one process: the program and its libraries */

    NAME_MAX_BYTES = 128,           /* names of interfaces, tags, silos, namespaces, processes */
    START_RECORD_MAX_BYTES = 1 << 20, /* arguments and environment together */
    START_SLOTS_MAX = 64, /* slots of a start record: directories mostly, that a person lists */
    /* Programs that nobody runs stay in the cache up to this many bytes, or this part of the machine's
     * memory. */
    PROGRAMS_UNUSED_MAX_BYTES = 256 << 20,
    PROGRAMS_UNUSED_MAX_PART = 8,
    /* Nor any while not such a part of the machine's memory is free, for who runs. */
    PROGRAMS_UNUSED_FREE_PART = 16,
    /* All programs together, those that run included: no silo pays for them, since one program may
     * run in many. */
    PROGRAMS_MAX_BYTES = 1 << 30,
    /* Machine code of one program that is kept between runs: larger than that of any we know by ten
     * times; it is copied to be kept. */
    IMAGE_MAX_BYTES = 256 << 20,
    PROGRAM_DENIALS_MAX = 64, /* interfaces of which a program's refusal is told to the operator */

    LOG_RING_BYTES = 256 << 10,
    LOG_LINE_MAX_BYTES = 1000,
    LOG_FOLLOWERS_MAX = 256, /* each line wakes them all */
    HAPPENING_WATCHERS_MAX = 256, /* each event looks at them all */
    LINK_SLOTS_AT_ONCE = 64,      /* looked at under the lock, when slots of a process are listed */
    TRAP_TEXT_MAX_BYTES = 4096,

    RANDOM_MAX_BYTES = 1 << 20, /* of one question, as abi/interface/random.wit says */
    ENTROPY_FEED_MAX = 4096,    /* bytes hashed at once, as abi/interface/entropy.wit says */
};

/* How long a thread runs while another wants its CPU; also how long one that was sent a message
 * waits for its sender to block before another CPU is woken for it. */
#define SLICE_NS 1000000ull

/* In which a silo's quota of the CPU is counted: short enough that who is stopped for the rest of
 * it is not missed by a person, long enough that 1 % is half a slice. */
#define QUOTA_PERIOD_NS 50000000ull

/* The longest that the end of the system waits for anybody, as abi/interface/power.wit says. */
#define POWER_PATIENCE_MAX_NS 60000000000ull

/* What the root silo allows when nobody says otherwise: a bound on the kernel's own memory. */
enum {
    ROOT_PROCESSES_MAX = 1 << 14,
    ROOT_THREADS_MAX = 1 << 16,
    ROOT_MESSAGES_MAX = 1 << 18,
    ROOT_SLOTS_MAX = 1 << 22,
    WEIGHT_USUAL = 100,
    WEIGHT_MAX = 10000,
    QUOTA_MAX = 100 * 64, /* percent of a CPU: of as many CPUs as there may be */
};
#define ROOT_BODY_BYTES_MAX (1ull << 30)
#define ROOT_MEMORY_PAGES_MAX (1ull << 32)

#endif
