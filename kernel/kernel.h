/* The door of kernel/: processes, messages, slots, silos, interfaces, programs.
 *
 * What programs see is in abi/weft.h; this is what a platform calls: it starts the kernel, lends it
 * CPUs, gives it native handlers and the first silo, and starts the first process. Everything the
 * kernel needs of the place goes through machine/machine.h.
 *
 * Any OS thread may call any function here unless told otherwise, and none blocks on guest code. */
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H

#include "abi/weft.h"
#include "base/base.h"
#include "engine/engine.h"

struct process; /* lives on as a record until its last holder lets go */
struct silo;
struct program; /* a loaded module in the cache, by CID */
struct process_end;

struct process_id {
    u64 value; /* never used twice; 0 is no process */
};

struct silo_id {
    u64 value;
};

/* ---- Start and stop ------------------------------------------------------------------------ */

enum kernel_end_way {
    KERNEL_END_OFF,
    KERNEL_END_RESTART,
};

struct kernel_options {
    /* The boot bundle: a tar (ustar) that outlives the kernel; empty: none. */
    struct bytes bundle;
    /* A program was refused an interface for the first time; tells the operator which command
     * grants it. `interface_name` is NAME@HASH. May be NULL. Called without locks. */
    void (*denied)(void *context, struct bytes program, struct bytes interface_name);
    /* A process has ended, with its reason in words (backtrace included; empty for plain exits). */
    void (*ended)(void *context, const struct process_end *end);
    /* That end was asked for by nobody, and nobody is left who could: all that held the process have
     * let go of it, and none of them has killed it. Once a process, after `ended`; `text` and `program`
     * are lent for the call. NULL: nobody is told. Called without locks. */
    void (*unheard)(void *context, const struct process_end *end);
    /* `power` was asked for the end of the system, and everybody who is to be waited for has ended,
     * or the time is over: the platform calls kernel_stop, and does as it says. It may come twice.
     * NULL: there is no such end. Called without locks. */
    void (*finish)(void *context, enum kernel_end_way way);
    void *context;
    u64 memory_bytes; /* of the machine that are free: the kernel keeps an eighth at most for later; 0:
                         they do not run out first */
    /* How many are free now. NULL: as many as anybody wants. Called without locks. */
    u64 (*memory_free)(void *context);
    bool restarts;   /* `finish` knows KERNEL_END_RESTART */
    bool interprets; /* nothing is compiled to machine code */
    const struct image_store *images; /* outlives the kernel; NULL: no code is kept between runs */
};

struct cid;
enum { IMAGE_KEY_BYTES = 32 };

/* Keeps machine code of programs between runs. Nobody need trust what comes from there, as long as
 * the key is a secret. Called without locks, on any CPU; it may fail at any time. */
struct image_store {
    /* What was kept last of this program, in memory that is nobody else's; data NULL: nothing. */
    struct bytes (*take)(void *context, const struct cid *cid);
    void (*give)(void *context, struct bytes kept);
    /* NULL: nothing is kept. What there is was made elsewhere, and `take` gives an image alone, of which
     * it knows that it was made of this program. */
    void (*keep)(void *context, const struct cid *cid, struct bytes bytes);
    void *context;
    u8 key[IMAGE_KEY_BYTES];
};

enum process_end_kind {
    PROCESS_END_EXITED,
    PROCESS_END_TRAPPED,
    PROCESS_END_KILLED,
};

struct process_end {
    struct process_id process;
    struct bytes program; /* its name for people */
    enum process_end_kind kind;
    u32 exit_status;
    enum trap trap;
    struct bytes text;
    bool with_silo;  /* it was killed with its silo: whoever destroyed that meant all in it */
};

enum status kernel_start(const struct kernel_options *options);
/* One CPU's scheduler: runs processes until kernel_stop. The platform calls it once on each CPU. */
void kernel_run_cpu(void);
/* Ends every process and makes every kernel_run_cpu return. From any thread. */
void kernel_stop(void);
/* Whether an end was asked for that `finish` will be told of: then the end of a single process does
 * not end the system. */
bool kernel_is_finishing(void);
/* After all CPUs have returned: gives everything back; false if something was leaked. */
bool kernel_end(void);

/* ---- Programs and their names -------------------------------------------------------------- */

/* A CID (version 1) in binary form. */
struct cid {
    u8 size;
    u8 bytes[63];
};

/* The CID that IPFS tools give a file: a raw leaf with SHA-256 up to one block of 262144 bytes, a
 * balanced UnixFS DAG of 174 links a node beyond (`ipfs add --cid-version=1`). */
struct cid cid_of(struct bytes file);
/* From text: base32 ("b..."), base58btc ("z...", and version 0 "Qm..."), base16 ("f..."). */
bool cid_from_text(struct bytes text, struct cid *cid);
void cid_write(const struct cid *cid, struct writer *text); /* base32, lower case */
bool cid_from_bytes(struct bytes bytes, struct cid *cid);   /* checks that it is well formed */
bool cid_equal(const struct cid *a, const struct cid *b);
/* Whether `file` is what `cid` names: SHA-256 and BLAKE3, raw and UnixFS. */
bool cid_matches(const struct cid *cid, struct bytes file);

/* Loads a program into the cache and holds it; the bytes are copied unless `borrow`, then they must
 * outlive the kernel. */
enum status program_add(struct bytes wasm, bool borrow, struct program **program,
                        struct engine_error *error);
void program_release(struct program *program);
const struct cid *program_cid(const struct program *program);
const struct module *program_module(const struct program *program);

/* ---- Silos --------------------------------------------------------------------------------- */

/* As in abi/interface/system.wit; 0: as the parent. */
struct silo_limits {
    u64 memory_pages;
    u64 body_bytes;
    u32 processes;
    u32 threads;
    u32 messages;
    u32 slots;
    u32 weight;
    u32 quota;
};

enum verdict {
    VERDICT_ALLOW,
    VERDICT_DENY,
    VERDICT_ASK, /* the handler of `permission` is asked; as deny if there is none */
    VERDICT_HOLD, /* messages wait until the row says something else */
};

/* An interface by its hash, and a name for people. */
struct interface_key {
    struct hash hash;
    struct bytes name; /* copied */
    struct bytes tag;  /* empty: none */
};

struct silo *silo_root(void);
enum status silo_create(struct silo *parent, struct bytes name, const struct silo_limits *limits,
                        struct silo **silo);
void silo_destroy(struct silo *silo);
struct silo_id silo_id_of(const struct silo *silo);
enum status silo_set_verdict(struct silo *silo, const struct interface_key *key,
                             enum verdict verdict);
/* Messages to `key` from this silo, and from silos below without a row of their own, go to
 * `handler` from now on. */
enum status silo_bind_process(struct silo *silo, const struct interface_key *key,
                              struct process *handler);
enum status silo_set_library(struct silo *silo, struct bytes import_namespace,
                             struct program *program);

/* ---- Processes ----------------------------------------------------------------------------- */

struct named_slot {
    struct bytes name;
    i32 slot; /* in the table of `slots_of`; moves to the new process */
};

struct spawn_options {
    struct program *program;
    struct silo *silo;
    struct bytes name; /* for people; empty: the CID */
    const struct bytes *arguments;
    u32 argument_count;
    const struct bytes (*environment)[2]; /* name, value */
    u32 environment_count;
    const struct named_slot *slots;
    u32 slot_count;
    struct native *slots_of;
};

/* Links and makes ready; the program runs as soon as a CPU is free. `error` tells what is missing;
 * on failure the slots have not moved. The caller holds the process until process_release. */
enum status process_spawn(const struct spawn_options *options, struct process **process,
                          struct engine_error *error);
void process_kill(struct process *process);
void process_release(struct process *process);
struct process_id process_id_of(const struct process *process);

/* ---- Native handlers ----------------------------------------------------------------------- */

/* A handler that is part of the platform, or of the kernel: it has slots like a process. */
struct native;

struct native_message {
    i64 id; /* 0: no answer is wanted */
    u64 badge;
    u64 interface;
    struct process_id sender;
    struct bytes body; /* the handler's to read until it returns; nobody changes it meanwhile */
    const i32 *gifts;  /* slots in the native handler's own table; closed when it returns, unless it
                          has called native_keep or given them on */
    u32 gift_count;
};

struct native_operations {
    const char *name;
    /* On the sender's CPU and stack, without locks. It may answer at once or later, from any
     * thread. It should not block for long: the CPU stands still meanwhile. */
    void (*message)(void *context, const struct native_message *message);
    /* The last slot with this badge is gone. */
    void (*closed)(void *context, u64 badge);
    /* The sender took an unanswered message back, or died: do not answer. (An answer that is on
     * its way already gets WEFT_BAD_MESSAGE.) */
    void (*withdrawn)(void *context, i64 id);
};

enum status native_create(const struct native_operations *operations, void *context,
                          struct native **native);
/* Its unanswered messages are answered GONE, as with a process. Waits until no call into it is under
 * way, so never from within one. */
void native_destroy(struct native *native);
/* Binds it in a silo: messages on the binding come with badge 0. */
enum status native_bind(struct native *native, struct silo *silo, const struct interface_key *key);
enum weft_status native_answer(struct native *native, i64 id, enum weft_status status,
                               struct bytes body, const i32 *gifts, u32 gift_count);
/* A slot in the native handler's own table that leads to itself with `badge`: to be given away. */
enum status native_mint(struct native *native, u64 interface, u64 badge, i32 *slot);
/* The badge of a slot that leads to this handler itself; false otherwise. */
bool native_slot_badge(struct native *native, i32 slot, u64 *badge);
void native_close(struct native *native, i32 slot);
/* A gift stays the handler's after its `message` returns; false if it is no slot of it. */
bool native_keep(struct native *native, i32 slot);
/* Within `message`, with its argument: where [address, address + size) of the sender's memory lies,
 * which stays there until the handler returns. NULL: not all of it is there, or the message did not
 * come from the thread that sent it. */
void *native_sender_memory(const struct native_message *message, u64 address, u64 size);
/* A slot of the native's own that leads to another native handler's binding of `badge`. */
enum status native_mint_for(struct native *receiver, struct native *handler, u64 interface,
                            u64 badge, i32 *slot);

/* ---- Log ----------------------------------------------------------------------------------- */

enum log_severity {
    LOG_NONE = -1, /* of no line: log_set_level shows nothing */
    LOG_ERROR,
    LOG_WARNING,
    LOG_INFO,
    LOG_DEBUG,
    LOG_TRACE,
};

/* Into the ring and, from `log_set_level` on up, to machine_log. Also before kernel_start: the ring
 * is small until then, and kept. Without locks. */
void log_line(enum log_severity level, struct process_id process, struct bytes text);
void log_set_level(enum log_severity level);

#endif
