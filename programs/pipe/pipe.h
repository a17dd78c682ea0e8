/* One pipe: bytes in order, who waits for some, who waits for room.
 *
 * The bytes are a queue of chunks. Those within the first `capacity` bytes are taken: a write is
 * answered when all that it brought lies there, so a write that waits has its bytes in the queue
 * already and nothing is copied when room comes. */
#ifndef PROGRAMS_PIPE_PIPE_H
#define PROGRAMS_PIPE_PIPE_H

#include "lib/weft.h"
#include "programs/pipe/account.h"
#include "programs/pipe/chunk.h"

#include <stdbool.h>

enum pipe_wish { PIPE_READ, PIPE_READABLE, PIPE_WRITE, PIPE_WRITABLE, PIPE_WISHES };

/* A message that waits for its answer. */
struct question {
    struct question *previous, *next; /* in its pipe's list */
    struct question *next_of_hash;
    struct pipe *pipe;
    int64_t id;
    enum pipe_wish wish;
    uint32_t count; /* read: bytes that are wanted; write: bytes that it brought */
    uint64_t end;   /* write: how much will have come through the pipe with its last byte */
};

struct question_list {
    struct question *first, *last;
};

struct pipe {
    uint32_t generation; /* of its place in the table, in badges */
    uint32_t capacity;
    struct account *account;
    struct chunk *first, *last;
    uint32_t size;                   /* bytes in the queue, those that are not taken yet included */
    uint64_t read_total;             /* bytes that were read since it began */
    uint64_t written_total;          /* ... and that ever came into the queue */
    bool reading_gone, writing_gone; /* closed, or finished */
    bool reading_closed, writing_closed;
    uint32_t question_count;
    struct question_list questions[PIPE_WISHES];
};

/* A read of at most `count` bytes. */
void pipe_read(struct pipe *pipe, int64_t id, uint32_t count);
/* A write of what is in the chunk, which is the pipe's now. */
void pipe_write(struct pipe *pipe, int64_t id, struct chunk *chunk);
void pipe_readable(struct pipe *pipe, int64_t id);
void pipe_writable(struct pipe *pipe, int64_t id);
/* No more will be written, or read. */
void pipe_end_writing(struct pipe *pipe);
void pipe_end_reading(struct pipe *pipe);
/* The sender of a waiting message took it back: what a write has brought into the pipe's capacity
 * stays, the rest was never written. */
void pipe_withdraw(int64_t id);

#endif
