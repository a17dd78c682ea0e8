/* The simulated machine's inside: one record, and who changes what of it. Private. */
#ifndef TESTS_SIMULATE_STATE_H
#define TESTS_SIMULATE_STATE_H

#include "arch/x86_64/context.h"
#include "tests/simulate/simulate.h"

enum cpu_state {
    CPU_OFF,     /* never woken */
    CPU_READY,   /* has something to do */
    CPU_WAITING, /* in machine_cpu_wait */
    CPU_DONE,    /* came back from kernel_run_cpu */
};

/* A guarded call that is under way. */
struct guard {
    struct context_guard mark;
    struct guard *outer;
    u64 fault_stack; /* where the frames end that the fault which unwound it left behind */
};

/* Lies at the top of its own stack. */
struct machine_context {
    void *stack_pointer; /* while it does not run */
    struct guard *guard; /* innermost guarded call */
    u8 *mapping;
    struct machine_context *next_spare;
};

struct virtual_cpu {
    enum cpu_state state;
    bool woken;
    bool busy; /* computed without coming back since the clock last went on */
    bool in_tick; /* was left in the middle of the tick's handler */
    u64 wait_until_ns;
    u64 timer_at_ns;                 /* UINT64_MAX: not armed */
    struct machine_context *own;     /* the scheduler's */
    struct machine_context *current; /* what runs, or ran when another CPU went on */
    void *left;                      /* its stack pointer then */
};

struct reservation {
    struct list_link link;
    u8 *start;
    usize size;
    usize committed;
};

struct simulation {
    struct simulate_options options;
    struct virtual_cpu cpus[MACHINE_CPUS_MAX];
    u32 cpu_count;
    u32 running;      /* MACHINE_NO_CPU: the test */
    void *test_stack; /* its stack pointer while a CPU runs */
    u64 now_ns;
    u64 until_ns; /* the CPUs stop when the clock shows that */
    u64 random;
    u64 trace;
    u64 calls; /* of the machine */
    bool paused;
    bool was_busy;   /* some CPU, when simulate_run came back */
    bool in_machine; /* not to be interrupted */
    bool in_fault;   /* a handler with signals blocked runs: not to be left */
    struct simulate_taken taken;
    struct list reservations;
    u64 refuse_after; /* UINT64_MAX: no refusal is planned */
    u64 refuse_count;
    u32 refuse_one_in;
    u64 refused;
};

extern struct simulation simulation;

/* What the trace tells apart. */
enum point {
    POINT_ALLOCATE,
    POINT_FREE,
    POINT_RESERVE,
    POINT_COMMIT,
    POINT_RELEASE,
    POINT_TIME,
    POINT_RANDOM,
    POINT_CPU,
    POINT_WAIT,
    POINT_WAKE,
    POINT_RELAX,
    POINT_TIMER,
    POINT_CREATE,
    POINT_DESTROY,
    POINT_SWITCH,
    POINT_GUARD,
    POINT_LOG,
    POINT_RUN,
    POINT_BUSY,
    POINT_INTERRUPT,
    POINT_CODE_RESERVE,
    POINT_CODE_RELEASE,
};

/* Every call of the machine begins here: into the trace, the clock goes on, timers that are due
 * fire, and perhaps another CPU goes on first. */
void state_point(enum point point, u64 argument);
/* Whether this taking is to be refused. */
bool state_refuses(void);
/* The running CPU stops here, and the next is chosen. */
void state_yield(void);
/* All CPUs count as having something to do again. */
void state_forget_busy(void);
/* One step of the CPUs: false if there is nothing to do before `until_ns`. */
bool state_step(u64 until_ns);

struct virtual_cpu *state_cpu(void); /* the running one; NULL: the test */
void cpu_start(struct virtual_cpu *cpu);
void contexts_free_spares(void);
/* The frames in this piece of a stack are gone without having returned. */
void context_unpoison(const u8 *from, const u8 *to);
/* Where the frames end that a fault with the stack pointer `sp` leaves behind on the stack. */
u64 context_frames_end(const struct machine_context *context, u64 sp);

/* Fault signals and the tick that finds busy guests, from simulate_start to simulate_end. */
void signals_take(void);
void signals_give_back(void);
/* Around the time in which that CPU runs. Each has a stack for signals of its own: the tick's
 * handler is left in the middle, and has to find there what it left. */
void signals_enter(const struct virtual_cpu *cpu);
void signals_leave(const struct virtual_cpu *cpu);

#endif
