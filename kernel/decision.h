/* Decisions: what was answered about a row that asked, and the right to answer otherwise later. The
 * handler of `permission` gets that with each question, as a slot to the kernel's own native. When
 * nobody has that slot any more, since the handler has died, the decision is kept as long as its answer
 * is in force, for the next handler to ask for. Under the kernel's lock unless told otherwise. */
#ifndef KERNEL_DECISION_H
#define KERNEL_DECISION_H

#include "interface/permission.h"
#include "kernel/binding.h"
#include "kernel/native.h"

void decisions_init(void);
/* Those of which nobody closed the slot, and those that are kept. */
void decisions_deinit(void);
/* The silo is destroyed: nothing is kept about it. */
void decisions_forget(const struct silo *silo);

/* What a question is about. */
struct decision_subject {
    struct binding *row;
    u64 asker;       /* the silo whose row says ask */
    u64 process;     /* 0: it has ended */
    bool is_starter; /* of who uses it, and not who does */
    struct cid program;
    struct bytes name; /* of the program, borrowed */
};

/* As the interface has it. Its texts are the subject's. */
struct permission_question decision_question(const struct decision_subject *subject);

/* The slot to be given with a question. */
enum weft_status decision_create(struct native *native, const struct decision_subject *subject,
                                 struct slot_target *gift);

/* What was answered is what the row says now. `substitute` is borrowed. */
enum weft_status decision_apply(const struct decision_subject *subject,
                                enum permission_answer_tag answer, struct slot_target substitute);

/* As a native handler's operations, without the lock; `context` is the native. */
void decision_message(void *context, const struct native_message *message);
void decision_closed(void *context, u64 badge);

#endif
