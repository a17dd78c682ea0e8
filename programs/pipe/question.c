#include "programs/pipe/question.h"

enum { BUCKETS = 1 << 14 };

static struct question *buckets[BUCKETS];

static struct question **bucket_of(int64_t id)
{
    return &buckets[(uint64_t)id * 0x9e3779b97f4a7c15u >> 50];
}

struct question *question_add(struct pipe *pipe, int64_t id, enum pipe_wish wish)
{
    struct chunk *chunk = NULL;
    if (pipe->question_count < QUESTIONS_PER_PIPE_MAX)
        chunk = chunk_take(sizeof(struct question));
    if (chunk == NULL)
        return NULL;
    struct question *question = (struct question *)(void *)chunk->bytes;
    struct question_list *list = &pipe->questions[wish];
    struct question **bucket = bucket_of(id);
    *question = (struct question){
        .pipe = pipe, .id = id, .wish = wish, .previous = list->last, .next_of_hash = *bucket
    };
    *bucket = question;
    if (list->last != NULL)
        list->last->next = question;
    else
        list->first = question;
    list->last = question;
    pipe->question_count++;
    return question;
}

void question_remove(struct question *question)
{
    struct question_list *list = &question->pipe->questions[question->wish];
    struct question **at = bucket_of(question->id);
    while (*at != question)
        at = &(*at)->next_of_hash;
    *at = question->next_of_hash;
    if (question->previous != NULL)
        question->previous->next = question->next;
    else
        list->first = question->next;
    if (question->next != NULL)
        question->next->previous = question->previous;
    else
        list->last = question->previous;
    question->pipe->question_count--;
    chunk_give((struct chunk *)(void *)((uint8_t *)question - offsetof(struct chunk, bytes)));
}

struct question *question_find(int64_t id)
{
    struct question *question = *bucket_of(id);
    while (question != NULL && question->id != id)
        question = question->next_of_hash;
    return question;
}
