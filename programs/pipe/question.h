/* Messages that wait: in lists of their pipes, and found by their ids. */
#ifndef PROGRAMS_PIPE_QUESTION_H
#define PROGRAMS_PIPE_QUESTION_H

#include "programs/pipe/pipe.h"

/* Bound of those that wait at one pipe: above what honest programs ever have waiting. */
enum { QUESTIONS_PER_PIPE_MAX = 1024 };

/* One more in the pipe's list; NULL: there are too many, or no memory. */
struct question *question_add(struct pipe *pipe, int64_t id, enum pipe_wish wish);
/* Forgets it; it was answered, or needs no answer. */
void question_remove(struct question *question);
/* NULL: it does not wait. */
struct question *question_find(int64_t id);

#endif
