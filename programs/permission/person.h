/* Questions to the person at the terminal: one after the other, a few at a time. */
#ifndef PROGRAMS_PERMISSION_PERSON_H
#define PROGRAMS_PERMISSION_PERSON_H

#include "programs/permission/grants.h"

/* In all of QUESTIONS_MAX, QUESTIONS_OF_ONE of them about one program: who asks for more is refused. */
enum { QUESTIONS_MAX = 64, QUESTIONS_OF_ONE = 4 };

struct question {
    int64_t message;   /* to be answered */
    bool is_command;   /* to confirm what a command wants */
    struct grant grant; /* about whom */
};

enum reply {
    REPLY_ONCE,
    REPLY_ALWAYS,
    REPLY_NEVER,
    REPLY_SUBSTITUTE,
    REPLY_NOT_NOW,
    REPLY_NOBODY, /* there is nobody to ask, or nobody who says anything that is an answer */
};

/* What is done with a reply. */
typedef void person_replied(const struct question *question, enum reply reply);

/* Whether another process has done before what this one does now. */
bool person_is_successor(void);
/* Chooses the words that questions are signed with. */
void person_init(person_replied *replied);
/* False: there are too many. */
bool person_ask(const struct question *question);
/* Nobody waits for it any more. */
void person_forget(int64_t message);
/* An answer that this file waits for; false: it is not. */
bool person_take(const struct weft_event *event, struct body_reader *reader);
/* Tells which words questions are signed with. */
void person_greet(void);
/* Why a program is not let. */
enum denial {
    DENIAL_OPEN,        /* as long as nobody says otherwise */
    DENIAL_IN_PART,     /* likewise, but for some folders */
    DENIAL_OF_MANIFEST, /* for good */
    DENIAL_ENDS,        /* and it is ended */
};

/* A program is not let: tells why, and how it could be, some times in a while. Where nobody could be asked,
 * the log has it. */
void person_tell_denied(const struct subject *subject, enum denial denial, bool is_unasked,
                        uint64_t now);

/* What was typed; `has_substitute` as was offered. */
enum reply person_read(struct weft_bytes line, bool has_substitute, bool *is_understood);

#endif
