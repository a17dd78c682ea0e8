/* What a job is. Private to job*.c. */
#ifndef PROGRAMS_SHELL_JOB_H
#define PROGRAMS_SHELL_JOB_H

#include "programs/shell/shell.h"

struct member {
    struct member *next;
    int32_t slot;
    uint64_t process;
    uint64_t cabin;   /* that it is alone in, and that stops and ends with it; 0: none */
    int64_t question; /* for its end; 0: it has ended */
    int status;
    bool is_shell;   /* it is interrupted by itself */
    int32_t signals; /* where it takes signals; WEFT_NO_SLOT: it just ends */
    int ended_by;    /* the signal that it was ended for */
};

struct job {
    struct job *next;
    struct member *members; /* the last one first: its status is the job's */
    uint32_t number;        /* 0: it is in the foreground and was never elsewhere */
    bool is_behind;
    bool is_stopped;
    int stopped_by;     /* the signal */
    bool is_news;       /* it was stopped, and nobody was told */
    struct front front; /* what it has of the terminal */
    char *text;         /* NULL: what runs now */
};

void job_free(struct job *job);
bool job_is_running(const struct job *job);
/* Takes the ends that have come. */
void job_poll(struct job *job);
/* Ends them, all or those that are no shells. */
void job_kill(struct job *job, bool shells);
/* None of its processes, and of those that they have started, runs until it goes on. */
void job_stop(struct job *job, int number);
void job_go_on(struct job *job);
/* A signal that stops nothing. */
void job_send(struct job *job, int number);
/* The same of a process that is no job's, but of those that started from this shell; false: it is
 * not. */
bool job_signal_process(uint64_t process, int number);
/* One event of the job, or until its deadline; then it is ended. */
void job_wait_event(struct job *job, int64_t *deadline);
/* It was stopped, and is among those that are told of. */
void job_keep_stopped(struct job *job);

#endif
