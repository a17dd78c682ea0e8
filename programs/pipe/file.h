/* Streams over open files, and over nothing: one place for all who hold the stream. What is asked
 * of a file is asked of its handler, one thing after the other, and nobody waits here for it. */
#ifndef PROGRAMS_PIPE_FILE_H
#define PROGRAMS_PIPE_FILE_H

#include "interface/stream_program.h"
#include "programs/pipe/account.h"
#include "programs/pipe/chunk.h"

/* The badges of files have this bit; those of pipes do not. */
#define FILE_BADGE (UINT64_C(1) << 63)

/* A stream over the node, which is the file's now; WEFT_NO_SLOT: over nothing. The slot to give
 * away, WEFT_NO_SLOT if there can be none: the node is the caller's still. */
int32_t file_create(uint64_t silo, int32_t node);
/* The requests of a stream whose badge is a file's. `received` is what the message lies in; if it
 * is taken, it is NULL afterwards. */
enum weft_status file_dispatch(const struct weft_event *event, struct body_reader *reader,
                               struct chunk **received);
void file_closed(uint64_t badge);
/* An answer of the handler of a file, whose body is in `received`. */
void file_answered(const struct weft_event *event, struct chunk *received);

#endif
