/* A kernel on the simulated machine, puppets in its processes, and native handlers that take notes:
 * what tests of the kernel are made of. One world at a time.
 *
 *     world_start(&(struct world_options){ 0 });
 *     struct puppet *client = puppet_spawn(silo_root());
 *     i64 id = puppet_send(client, client->slots[SLOT_ALPHA], "hello", WEFT_WANT_ANSWER);
 *     ...
 *     TAP_OK(world_end(), "nothing is leaked");
 *
 * Each call of a puppet runs the machine until the puppet has done it, or until nothing more
 * happens without the clock going on: then the result is PUPPET_BLOCKED, and `puppet_finish` gives
 * the result when there is one. */
#ifndef TESTS_SIMULATE_WORLD_H
#define TESTS_SIMULATE_WORLD_H

#include "kernel/kernel.h"
#include "tests/simulate/script.h"
#include "tests/simulate/simulate.h"

enum {
    MILLISECOND = 1000000,
    SECOND = 1000000000,
    PUPPET_BLOCKED = -1000000, /* the call has not come back */
    PUPPET_ENDED = -1000001,   /* and never will */
};

struct world_options {
    struct simulate_options machine;
    u64 allocations;     /* of the kernel's start that are given; 0: all */
    struct bytes bundle; /* the boot bundle */
    const struct image_store *images;
    bool restarts; /* as in struct kernel_options */
};

/* Whether there is a world: false if the kernel did not start, for lack of memory. */
bool world_start(const struct world_options *options);
/* Stops everything. Whether nothing was leaked, says the kernel and says the machine. */
bool world_end(void);
/* Everything that can happen happens, up to that time on the clock. */
void world_run(u64 duration_ns);
/* Everything that can happen now. */
void world_settle(void);

/* Binds an interface of the tests' in a silo to a process. */
void world_bind(struct silo *silo, u64 interface, struct process *handler);
struct interface_key world_key(u64 interface);
/* The first refusal that the operator was told of, and how many there were. */
u32 world_denied_count(void);
const char *world_denied_name(void);
/* How often the platform was told to end the system, and how at last. */
u32 world_finish_count(void);
enum kernel_end_way world_finish_way(void);
/* How many processes ended of whose end nobody learned. */
u32 world_unheard_count(void);
/* A guest program by name, loaded; released at the world's end. */
struct program *world_program(const char *name);
struct bytes world_guest(const char *name);

/* ---- Puppets ---- */

struct puppet {
    struct list_link link;
    struct process *process;
    u64 id;     /* of the process */
    u32 thread; /* 0: the first */
    bool idle;  /* waits for a script */
    bool ended;
    enum process_end_kind end_kind;
    enum trap trap;
    u32 exit_status;
    char end_text[512];
    i64 control;      /* the message to answer with the next script */
    i64 result;       /* of the last call of the last script */
    const i32 *slots; /* of its imports, by enum puppet_slot */
    struct script script;
};

/* A process with the puppet program; runs until it is idle. NULL if it could not be made. */
struct puppet *puppet_spawn(struct silo *silo);
struct puppet *puppet_spawn_with(const struct spawn_options *options);
/* The puppet of a process that a guest spawned; NULL if none reported. */
struct puppet *puppet_of(u64 process, u32 thread);
void puppet_kill(struct puppet *puppet);
/* Lets go of the process; the record is gone. */
void puppet_forget(struct puppet *puppet);

/* Adds a call to the script that `puppet_play` has done. */
struct script_call *puppet_add(struct puppet *puppet, struct script_call call);
/* Has the added calls done; true when all of them are, false while one is blocked or if the puppet
 * has ended. */
bool puppet_play(struct puppet *puppet);
/* Gives it the script and runs nothing yet; a puppet that is not idle takes none. */
void puppet_begin(struct puppet *puppet);
/* Whether the puppet is done by now, after everything has happened that can. */
bool puppet_done(struct puppet *puppet);
/* One call: its result, PUPPET_BLOCKED or PUPPET_ENDED. */
i64 puppet_do(struct puppet *puppet, struct script_call call);
/* The result of the last call of the script. */
i64 puppet_finish(struct puppet *puppet);

/* Offsets in the puppet's memory, for arguments. */
#define PUPPET_AT(puppet, member)                                                                  \
    ((i64)(puppet)->script.address + (i64)offsetof(struct script, member))

struct script_call puppet_send_call(struct puppet *puppet, i32 slot, const char *text, u32 flags);
struct script_call puppet_wait_call(struct puppet *puppet, u32 id_count, i64 deadline);

/* A message with a text of less than SCRIPT_BODY bytes. */
i64 puppet_send(struct puppet *puppet, i32 slot, const char *text, u32 flags);
i64 puppet_send_gifts(struct puppet *puppet, i32 slot, const i32 *gifts, u32 gift_count, u32 flags);
i64 puppet_answer(struct puppet *puppet, i64 message, enum weft_status status, const char *text);
i64 puppet_answer_gifts(struct puppet *puppet, i64 message, const i32 *gifts, u32 gift_count);
i64 puppet_withdraw(struct puppet *puppet, i64 message);
/* The event is in `script.event`, its body in `script.received`. */
i64 puppet_wait(struct puppet *puppet, i64 deadline);
i64 puppet_wait_for(struct puppet *puppet, i64 message, i64 deadline);
/* Takes the next event without waiting; an empty one if there is none. */
struct weft_event puppet_poll(struct puppet *puppet);
bool puppet_received(const struct puppet *puppet, const char *text);

/* ---- Recorders: native handlers that take notes ---- */

struct recorded {
    i64 id;
    u64 badge;
    u64 interface;
    u64 sender;
    u32 size;
    u32 gift_count;
    i32 gifts[WEFT_GIFTS_MAX];
    u8 body[256]; /* its beginning */
};

enum { RECORDED_MAX = 64 };

struct recorder {
    struct native *native;
    u32 message_count; /* all; the last ones are kept, message n at n % RECORDED_MAX */
    struct recorded messages[RECORDED_MAX];
    u32 closed_count;
    u64 closed[RECORDED_MAX];
    u32 withdrawn_count;
    i64 withdrawn[RECORDED_MAX];
};

struct recorder *recorder_create(void);
void recorder_bind(struct recorder *recorder, struct silo *silo, u64 interface);
const struct recorded *recorder_last(const struct recorder *recorder);
enum weft_status recorder_answer(struct recorder *recorder, i64 id, const char *text);
void recorder_destroy(struct recorder *recorder);

#endif
