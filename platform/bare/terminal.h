/* The one terminal of a bare machine: what is typed, by the line, and what is shown. It answers the
 * interfaces `stream` (standard input, output and error are all it) and `terminal`. Private to the
 * bare platforms. */
#ifndef PLATFORM_BARE_TERMINAL_H
#define PLATFORM_BARE_TERMINAL_H

#include "kernel/kernel.h"

/* `interrupted` is called at the interrupt key when no program asked for it. */
enum status terminal_init(void (*interrupted)(void));
void terminal_deinit(void);

/* Takes what was typed meanwhile, and answers who waits for it. By a CPU's scheduler or a handler,
 * with no lock held. */
void terminal_look(void);
/* A slot in the table of `receiver` that leads to the terminal's stream. */
enum status terminal_mint(struct native *receiver, i32 *slot);
/* A mode that the process had set ends with it. */
void terminal_process_ended(struct process_id process);

/* ---- Between its two files ---- */

/* The native handlers `stream` and `terminal`. */
extern struct native *terminal_stream;
extern struct native *terminal_native;

enum terminal_request_kind {
    TERMINAL_READ, /* up to `count` bytes */
    TERMINAL_READABLE,
    TERMINAL_INTERRUPTED,
};

/* Answers now if that is possible, or lets it wait. */
enum weft_status terminal_submit(i64 id, enum terminal_request_kind kind, u32 count);
void terminal_withdraw(i64 id);
void terminal_set_mode(u32 mode, u64 owner);
enum status terminal_handlers_init(void);
void terminal_handlers_deinit(void);
/* These write the answers. */
void terminal_answer_read(i64 id, u8 *buffer, u32 size);
void terminal_answer_readable(i64 id, u64 size);
void terminal_answer_interrupted(i64 id);

/* Where the bytes of an answer to `read` begin in its buffer. */
enum { TERMINAL_ANSWER_BYTES = 12 };

/* ---- What the platform gives ---- */

/* What has been typed since, without waiting. */
usize terminal_receive(u8 *buffer, usize capacity);

#endif
