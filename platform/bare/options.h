/* The kernel's command line. Private to the bare platforms.
 *
 *   init=PROGRAM     a program of the bundle: `hello/hello` is its file example/hello/hello.wasm
 *   manifest=NAME    a file of the bundle: what init makes of the system; manifest.toml if not given
 *   log=LEVEL        none, error, warning, info, debug, trace
 *   cpus=NUMBER      at most that many CPUs
 *   memory=SIZE      at most that much memory, as in 64M
 *   engine=NAME      interpreter or compiler
 *   interrupts=lines no device's interrupts come as messages (or `messages`: as usual)
 *   panic=WAY        halt, reboot or off, after a mistake of the kernel's own
 *   debug-exit       the machine has QEMU's isa-debug-exit at port 0xF4, and the end goes there
 *   mistake=NAME     has the kernel make a mistake, for its tests (platform/pc/mistake.c)
 *   -- ARGUMENT...   of the program */
#ifndef PLATFORM_BARE_OPTIONS_H
#define PLATFORM_BARE_OPTIONS_H

#include "kernel/kernel.h"

enum { OPTIONS_ARGUMENTS_MAX = 64, OPTIONS_UNKNOWN_MAX = 16 };

enum panic_way {
    PANIC_HALT,
    PANIC_REBOOT,
    PANIC_OFF,
};

struct options {
    struct bytes init; /* empty: none was named */
    struct bytes manifest; /* empty: none was named */
    struct bytes arguments[OPTIONS_ARGUMENTS_MAX];
    u32 argument_count;
    enum log_severity log;
    u32 cpus;         /* 0: all */
    u64 memory_bytes; /* 0: all */
    bool interprets;
    bool only_lines;
    enum panic_way panic;
    bool debug_exit;
    struct bytes mistake; /* to be made; empty: none */
    struct bytes unknown[OPTIONS_UNKNOWN_MAX]; /* words that mean nothing, the first of them */
    u32 unknown_count;                         /* of all of them */
};

extern struct options options;

/* `line` outlives the system. What it does not say is as usual. */
void options_read(const char *line);

#endif
