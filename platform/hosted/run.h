/* What `weft run` is asked to do, and the system that it sets up for it. Private to the hosted
 * platform. */
#ifndef PLATFORM_HOSTED_RUN_H
#define PLATFORM_HOSTED_RUN_H

#include "kernel/kernel.h"
#include "machine/machine.h"
#include "platform/hosted/address.h"
#include "platform/hosted/program_file.h"

enum {
    RUN_ROWS_MAX = 1024,
    RUN_SLOTS_MAX = 61, /* directories and listeners: a start record's 64 but for three streams */
};

struct run_directory {
    const char *host;
    const char *guest;
    bool read_only;
};

/* NAME=PROGRAM; no PROGRAM: the bundle's NAME.wasm. */
struct run_pair {
    struct bytes name;
    const char *value;
};

struct run_options {
    struct run_directory directories[RUN_SLOTS_MAX];
    u32 directory_count;
    struct bytes environment[RUN_ROWS_MAX][2];
    u32 environment_count;
    struct run_pair handlers[RUN_ROWS_MAX];
    u32 handler_count;
    struct run_pair libraries[RUN_ROWS_MAX];
    u32 library_count;
    struct bytes allowed[RUN_ROWS_MAX]; /* interface names */
    u32 allowed_count;
    struct bytes denied[RUN_ROWS_MAX];
    u32 denied_count;
    struct address listeners[RUN_SLOTS_MAX];
    u32 listener_count;
    u64 memory_pages; /* 0: no bound but the machine's */
    u32 cpus;         /* 0: all */
    bool is_bundled;  /* the program is one that the system brings along */
    bool is_whole;    /* it is init, which has all rights and decides who gets them */
    struct bytes bundle; /* the boot bundle; empty: the one within this executable */
    bool interprets;  /* nothing is compiled to machine code */
    bool keeps_no_code; /* ... or what is, is not kept for later runs */
};

/* Runs the program until it ends, and the process with it. Gives an exit status only if it did not
 * come to running; the person has been told then. */
int run_system(const struct run_options *options, u32 count, char **arguments);

/* ---- Programs and their imports (run_program.c) ---- */

/* Adds the program's bytes to the kernel's cache. 0 or the exit status, told. */
int run_add_program(const struct program_file *file, struct program **program);
/* Sets the libraries that these programs need in the root silo: the options' own first, then those
 * of the boot bundle. 0 or the exit status, told. */
int run_set_libraries(const struct run_options *options, struct program *const *programs,
                      u32 program_count);
/* Adds the bundle's handlers of interfaces that the program imports and that nobody was named for
 * and nobody denies. */
void run_add_bundled_handlers(struct run_options *options, const struct module *module);
/* A handler's program: 0 or the exit status, told. */
int run_find_handler(const struct run_pair *handler, struct program_file *file);
/* Tells why a program could not be started: the exit status. */
int run_tell_spawn(const char *name, enum status status, const struct engine_error *error);

/* ---- Rights (run_rights.c) ---- */

/* Sets the verdicts of a silo of the main program or of a handler. */
enum status run_set_verdicts(const struct run_options *options, struct silo *silo);
/* The key of the interface that a person calls `name`: one that is known, or one that `module`
 * imports. False: there is none. */
bool run_find_interface(struct bytes name, const struct module *module, struct interface_key *key);
/* Which option would grant the interface, for a person. */
void run_write_grant(const struct run_options *options, struct bytes interface_name,
                     struct writer *text);
/* An interface name that means nothing: what is wrong, told. 0 or EXIT_USAGE. */
int run_check_names(const struct run_options *options, const struct module *module);

#endif
