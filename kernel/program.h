/* Programs: loaded modules in a cache, by content id.
 *
 * A program that somebody holds stays; others stay too until they take more than
 * PROGRAMS_UNUSED_MAX_BYTES together, or there is no memory for one more: then the ones used longest ago go. Loading and unloading run
 * without the kernel's lock, the table is under it. */
#ifndef KERNEL_PROGRAM_H
#define KERNEL_PROGRAM_H

#include "kernel/kernel.h"

struct program {
    struct list_link link; /* in the cache, in the order of last use */
    u32 holders;
    struct cid cid;   /* as cid_of gives it */
    struct cid alias; /* another name under which it was asked for and checked; size 0: none */
    struct module *module;
    struct bytes wasm; /* a block, unless borrowed */
    bool is_borrowed;
    usize size; /* all memory that it takes */
    struct list denials; /* struct program_denial.link */
    u32 denial_count;
};

void program_init(void);
/* Unloads all; false if some are still held. */
bool program_deinit(void);

/* Finds it in the cache and holds it; NULL if it is not there. */
struct program *program_find_locked(const struct cid *cid);
void program_hold_locked(struct program *program);
void program_release_locked(struct program *program);
/* Without the lock: unloads what the cache has no room for. */
void program_trim(void);
/* Without the lock: unloads all that nobody runs, for memory that is needed elsewhere. */
void program_give_up(void);

/* Without the lock: checks that `wasm` is what `cid` names, and loads it. Takes over the block
 * `wasm` in any case. STATUS_NOT_FOUND: it is not what the name says. */
enum status program_load(const struct cid *cid, struct bytes wasm, struct program **program,
                         struct engine_error *error);

/* Under the lock: true the first time that the program is refused this interface. */
bool program_note_denial(struct program *program, const struct hash *interface);

#endif
