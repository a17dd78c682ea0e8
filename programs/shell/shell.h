/* The shell: what its parts know of each other. One shell is one process; a subshell is another one
 * (subshell.c), so all of this is simply global. */
#ifndef PROGRAMS_SHELL_SHELL_H
#define PROGRAMS_SHELL_SHELL_H

#include "lib/client.h"
#include "programs/shell/language/expand.h"
#include "programs/shell/language/parse.h"
#include "programs/shell/language/variables.h"

enum {
    STATUS_FAILED = 1,
    STATUS_MISUSED = 2,
    STATUS_NOT_A_PROGRAM = 126,
    STATUS_NOT_FOUND = 127,
    STATUS_SIGNAL = 128, /* and the number that POSIX gives what ended it */
    STATUS_INTERRUPTED = STATUS_SIGNAL + 2,
    STATUS_TRAPPED = STATUS_SIGNAL + 6,
    STATUS_KILLED = STATUS_SIGNAL + 9,
    STATUS_BROKEN_PIPE = STATUS_SIGNAL + 13,

    SIGNALS = 32, /* numbers below this; 0 stands for the shell's end */
    SIGNAL_INTERRUPT = 2,
    SIGNAL_QUIT = 3,
    SIGNAL_KILL = 9,
    SIGNAL_TERMINATE = 15,
    SIGNAL_CONTINUE = 18,
    SIGNAL_STOP_KEY = 20,

    DESCRIPTORS = 10,
    CALLS_MAX = 100, /* functions, `eval` and files that run within one another: each takes some of
                        the stack */
};

/* What a command makes of those around it. */
enum flow { FLOW_ON, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN, FLOW_EXIT };

struct function {
    struct function *next;
    char *name;
    struct node *body;
    struct region region; /* of the body */
    uint32_t holds;       /* of the table and of calls that run */
};

struct shell {
    struct variables variables;
    struct variables aliases;
    struct function *functions;
    struct words parameters;
    const char *name;    /* $0 */
    int status;          /* $? */
    uint64_t process;    /* $$ */
    uint64_t background; /* $!; 0: none */
    enum flow flow;
    int flow_count; /* of loops that are left */
    uint32_t loops; /* that run */
    uint32_t calls; /* functions, evals, files that run */
    uint32_t functions_running;
    uint32_t unchecked; /* above 0: set -e minds no failure here */
    bool exit_on_error, fails_unset, traces, no_paths, no_clobber, no_execute, exports_all, verbose,
        fails_in_pipe;
    bool interactive; /* it reads commands from a person */
    bool at_terminal; /* there is a person who may interrupt, of this shell or one above it */
    bool is_subshell;
    bool interrupted;        /* the foreground command was */
    bool left_job;           /* a job was stopped: loops around it are over */
    bool gave_up;            /* what runs is over, but not a shell that a person uses */
    uint32_t warned;         /* above 0: of stopped jobs, by this command or the one before */
    char *traps[SIGNALS];    /* NULL: none; empty: it is ignored */
    uint32_t pending;        /* signals that came, whose traps are still to run: a bit each */
    int ended_by;            /* the signal that ends the shell; 0: none */
    int trap_status;         /* of before the trap that runs; -1: none does */
    uint32_t trap_functions; /* that were running then */
    uint32_t line;
    const char *file; /* that `.` runs; NULL: none. The line is of it then */
    int substituted; /* status of the last command substitution; -1: none */
};

extern struct shell shell;

static inline struct weft_client client_at(int32_t slot, uint8_t *buffer, uint32_t capacity)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = capacity };
}

/* ---- Telling ---- */

/* A line on standard error, after the shell's name and what it is about, which may be NULL. */
void complain(const char *about, const char *message);

/* ---- Streams and descriptors (stream.c, redirect.c) ---- */

struct stream {
    uint32_t holds;
    int32_t slot; /* WEFT_NO_SLOT: what is written is kept in `memory` */
    struct text *memory;
    bool is_known, is_terminal; /* whether it is one, once that was asked */
};

extern struct stream *descriptors[DESCRIPTORS];

/* The slot becomes the stream's. */
struct stream *stream_create(int32_t slot);
struct stream *stream_hold(struct stream *stream);
void stream_release(struct stream *stream);
/* What became of what was to be written. */
enum stream_end { STREAM_TAKEN, STREAM_CLOSED, STREAM_FULL, STREAM_FAILED };
enum stream_end stream_write_all(struct stream *stream, const char *bytes, size_t size);
/* Writes that want no answer: a pipe takes them at once, however many they are. */
void stream_give(struct stream *stream, const char *text, size_t size);
/* One byte: 1; 0 at the end, -1 on a failure, or if the deadline, -1: none, comes first. */
int stream_read_byte(struct stream *stream, char *byte, int64_t deadline);
/* What there is, appended: false at the end. */
bool stream_read_some(struct stream *stream, struct text *text);
bool stream_is_terminal(struct stream *stream);
/* The two ends of a new pipe; false: there is none, and it was told. */
bool stream_pipe(int32_t *reading, int32_t *writing);
/* A stream of this text. */
struct stream *stream_of_text(const char *text, size_t size);
struct stream *stream_nothing(void);

void output(const char *text);
void output_text(const struct text *text);

struct redirect;
/* The descriptors as they were. */
struct saved {
    bool is_used; /* there is something to restore */
    struct stream *streams[DESCRIPTORS];
};

/* Follows the redirections; false: one failed, which was told. The caller restores either way. */
bool redirect_begin(const struct redirect *redirects, struct saved *saved);
void redirect_end(struct saved *saved);
/* Keeps what was redirected. */
void redirect_keep(struct saved *saved);

/* ---- Paths (place.c, glob.c) ---- */

enum place_kind { PLACE_NOTHING, PLACE_FILE, PLACE_DIRECTORY, PLACE_LINK, PLACE_OTHER };

struct place {
    enum place_kind kind;
    uint64_t size, modified;
    uint64_t device, inode;
};

void place_init(void);
/* Without `.`, `..` and double slashes, from the root; of the current directory if relative. */
char *place_absolute(const char *path);
struct place place_look(const char *path, bool follow);
/* A slot for the opened node; WEFT_NO_SLOT, and a word for why. */
int32_t place_open(const char *path, uint32_t flags, const char **why);
/* All that is in the file, appended; false: it cannot be read. */
bool place_read(const char *path, struct text *text, const char **why);
/* Names in the directory, `.` and `..` not among them, in order; a slash follows a directory's. */
void place_list(const char *path, struct words *names);
/* Directories that this process was given, for those that it starts. */
uint32_t place_grants(struct weft_bytes *names, int32_t *slots, uint32_t count_max);

void glob_paths(void *context, const char *pattern, struct words *found);

/* ---- Programs and processes (program.c, runner.c, spawn.c, job.c) ---- */

struct program_name {
    uint8_t cid[64];
    uint32_t size;
};

/* A file that was found and is no WebAssembly. */
struct script {
    char *path;       /* the caller's to free; NULL: it was none */
    struct text line; /* its first */
    bool is_text;
};

/* The program that a command means; otherwise the exit status, and `why` for a person. */
int program_find(const char *command, struct program_name *program, struct script *script,
                 const char **why);
/* The program that a command's words mean; a file that another program runs is replaced by that and
 * the file's path. Otherwise the same. */
int runner_find(struct words *words, struct program_name *program, const char **why);
/* The shell's own; false: it does not know its name. */
bool program_itself(struct program_name *program);
/* Where it is, for `type`; NULL: nowhere. The caller's to free. */
char *program_path(const char *command);
bool program_of_text(const char *text, struct program_name *program);
/* What is known of programs is forgotten. */
void program_forget(void);
/* The bytes of a program that was found in a file, appended; false: it was not, or that is gone. */
bool program_read(const struct program_name *program, struct text *bytes);
/* The kernel gives up what nobody runs when it needs the room: a program that was found in a file is
 * given to it again. False: it was none, or is another now. */
bool program_add_again(const struct program_name *program);

struct spawn {
    const struct program_name *program;
    uint64_t silo;
    struct words *arguments;
    struct words *assignments; /* NAME=VALUE, added to the environment */
    struct stream **descriptors;
    bool all_descriptors; /* a shell gets more than three */
    bool sends_signals;   /* it may send some to the shell of `$$` */
    int32_t terminal;     /* in place of streams that lead to the terminal; WEFT_NO_SLOT: none */
    const char *name;     /* for a person */
};

struct started {
    int32_t slot; /* of the process */
    uint64_t process;
    uint64_t cabin; /* that it is alone in; 0: none */
    /* A shell that runs behind takes signals, if the caller wishes: where they are sent to. */
    bool takes_signals;
    int32_t signals; /* WEFT_NO_SLOT: nowhere */
};

/* 0, or an exit status, told. */
int spawn(const struct spawn *spawn, struct started *started);

/* ---- Silos that the shell makes (silo.c); 0, the shell's own, if there can be none ---- */

uint64_t silo_of_subshells(void);
uint64_t silo_of_commands(void);
/* Whether each process that this shell starts gets a silo of its own, to be stopped with all that
 * it starts. */
bool silo_is_shared_by_none(void);
/* A subshell's is that of the shell that it comes from, or one that it makes below its own. */
void silo_set_commands(uint64_t silo);

/* ---- Permissions (guard.c) ---- */

/* Looks whether somebody decides about permissions; then the silo of commands, if it is new, asks
 * about all of its rows. */
void guard_look(uint64_t commands, bool is_new);
/* Whether each program gets a silo of its own. */
bool guard_is_on(void);
/* A silo for one program; 0: there can be none. */
uint64_t guard_cabin(uint64_t parent, const char *name);
/* Ends all that is in it. */
void guard_drop(uint64_t cabin);

/* The time in so many milliseconds, as deadlines are given. */
int64_t in_milliseconds(int64_t milliseconds);

/* ---- Names of commands (names.c) ---- */

/* In order, each once. */
void names_sort(struct words *names);
/* Of builtins, functions, aliases and the programs in PATH. */
void names_of_commands(struct words *names);
/* It is no command: a person learns which one may have been meant. */
void names_tell_missing(const char *name);

/* ---- Signals (signal.c) ---- */

void signal_init(void);
/* NULL, or -1: there is none. */
const char *signal_name(int number);
int signal_number(const char *name);
/* Whether nothing happens at it if there is no trap. */
bool signal_is_ignored(int number);
/* It has come: its trap is to run, or the shell is to end. */
void signal_take(int number);
/* Runs the traps of those that came. */
void signal_run(void);
/* A slot through which the shell of `$$` gets signals; WEFT_NO_SLOT: it does not. */
int32_t signal_main(void);
bool signal_send(int32_t slot, int number);
/* Questions that are answered when a signal comes: at most two. */
uint32_t signal_questions(int64_t *ids);
/* Takes what the answer brings; false: it is none of theirs. */
bool signal_arrived(const struct weft_event *event, const uint8_t *body);
void signal_poll(void);

/* Whether it stops what it is sent to. */
bool signal_stops(int number);

/* ---- A person's terminal (front.c) ---- */

/* What a job has of it: two slots, or none, and the question for the stop key; 0: none stands. */
struct front {
    int32_t job;
    int32_t stream;
    int64_t stop;
};

/* Whether the terminal knows jobs; without that nothing here does anything. */
void front_look(void);
struct front front_nothing(void);
/* The stream of the job that it is for, made if there is none yet, in front if it is to be;
 * WEFT_NO_SLOT: the shell's own is to be used. */
int32_t front_stream(struct front *front, bool takes_place);
void front_take(struct front *front);
/* The shell is in front again. */
void front_give(const struct front *front);
void front_close(struct front *front);
/* The question that is answered at the next stop key; 0: none. */
int64_t front_stop_question(struct front *front);
/* The same where there is no job: at the prompt. */
int64_t front_key_question(void);
void front_key_seen(void);

/* ---- Jobs (job.c, jobs.c, interrupt.c) ---- */

struct job;
/* In the foreground; its text is what runs now. */
struct job *job_create(void);
struct job *job_create_behind(const char *text);
/* What its processes get in place of the terminal; WEFT_NO_SLOT: nothing. */
int32_t job_stream(struct job *job);
/* A process of the job; the last one's status is the job's. */
void job_add(struct job *job, const struct started *started, bool is_shell);
/* Waits until it has ended, or is stopped: its status. The job is gone then, or among those that
 * are behind. `capture` may be NULL: what comes from the slot meanwhile is added to it, up to its
 * end. */
int job_wait(struct job *job, int32_t from, struct text *capture);
/* Leaves it to run behind; with a number, for a person. */
void job_leave(struct job *job, bool told);
/* Tells of jobs that ended. */
void job_notify(void);
/* Whether the shell is not to end yet, as there are stopped jobs: told once. */
bool job_warns(void);
/* Those that are stopped end. */
void job_end_stopped(void);
/* Waits for one by its name or process; all: NULL. */
int job_wait_named(const char *name);
/* Their numbers, as they are named: %1. */
void job_names(struct words *names);
/* Builtins that are about jobs. */
int job_list(struct words *words);
int job_foreground(struct words *words);
int job_background(struct words *words);
int job_disown(struct words *words);
/* Sends the signal to the processes of a job, by its name or process, or to another process that was
 * started from here; false: there is none. 0 only asks. */
bool job_signal(const char *name, int number);
/* Whether the interrupt key was pressed since; a question stands for the next time. */
bool job_interrupted(void);
/* The question that `terminal` will answer at the next interrupt key; 0: none. */
int64_t job_interrupt_question(void);
void job_interrupt_seen(void);

/* ---- Running (run.c, subshell.c, builtin.c) ---- */

int run_node(const struct node *node);
/* The command that runs now, as text; the caller's to free. */
char *run_shown(void);
/* Reads commands from the text and runs them, until one ends it: the status. */
int run_text(const char *text, size_t size);
/* The same, of text that begins on this line of something larger. */
int run_lines(const char *text, size_t size, uint32_t first_line);
/* Whether the text's commands are all complete; a mistake is. */
bool run_is_whole(const struct text *text);
int function_call(struct function *function, struct words *words);
/* What a parameter is, also one that no variable holds; NULL: it is not set. */
const char *parameter_get(const char *name);
/* The expander that is set up as the options say. */
struct expander run_expander(void);
void run_trap(int number);
struct function *function_find(const char *name);
/* The body is copied. */
void function_define(const char *name, const struct node *body);
bool function_remove(const char *name);
void function_names(struct words *names);
_Noreturn void run_exit(int status);
/* Calls go too deep: it is told, and all that runs is over; so is a shell that is not interactive. A
 * person gets the next prompt. The status. */
int run_give_up(const char *about, const char *message);
/* A failed expansion: told, and the end of a shell that is not interactive. */
void run_mistake(struct expander *expander);

/* Starts a shell that runs the node with the descriptors, as a process of the job. 0 or a status,
 * told. */
int subshell_start(const struct node *node, const char *commands, struct stream **descriptors_of,
                   struct started *started, struct job *job);
void subshell_substitute(void *context, const char *commands, struct text *output_of);
/* Becomes what another shell started: takes its state from the arguments. */
int subshell_main(const struct words *arguments);

struct builtin {
    const char *name;
    int (*run)(struct words *words);
    const char *usage; /* as --help shows it */
    bool is_special; /* POSIX's special builtins */
    bool is_pure;    /* it only prints: it may run in place of a subshell */
};

const struct builtin *builtin_find(const char *name);
void builtin_names(struct words *names);
extern const struct builtin builtins_state[], builtins_options[], builtins_text[], builtins_run[],
    builtins_signal[], builtins_help[], builtins_limits[];
/* Complains with the forms of a usage. */
void usage_tell(const char *about, const char *text);
/* Tells how it is used: STATUS_MISUSED. */
int builtin_misused(const char *name);
/* Runs it, or shows its usage if that is what its only word asks for. */
int builtin_run(const struct builtin *builtin, struct words *words);
/* Whether it is a word of the language. */
bool is_keyword(const char *name);
/* What a command says of how it is used; of a program it is read in its file, as nothing is to run
 * for it. Borrowed from `bytes` or the shell's own; false: nothing. */
struct usage;
bool usage_of_command(const char *name, struct text *bytes, struct usage *usage);

/* ---- Talking to a person (prompt.c) ---- */

/* Commands from a terminal, until the end: the status. */
int prompt_run(void);
/* Shows the newest lines. */
void prompt_history(size_t count_max);
void prompt_history_add(const char *line);
/* All lines as commands that add them, for a subshell. */
void prompt_history_show(struct text *text);

#endif
