#include "kernel/permission.h"

#include "interface/permission.h"
#include "kernel/block.h"
#include "kernel/decision.h"
#include "kernel/endpoint.h"
#include "kernel/lock.h"
#include "kernel/native.h"
#include "kernel/pending.h"
#include "kernel/process.h"
#include "kernel/program.h"

/* A question under way, by the id of its message. */
struct asking {
    struct pending pending;
    struct list_link link; /* in `questions` */
    struct process *process; /* that sends, held */
    struct binding *binding; /* on which its messages wait, held */
    struct decision_subject subject; /* its row held; of its name see `text` */
    usize program_size;      /* of `text`: the program's name, then NAME@HASH */
    usize size;
    u8 text[2 * NAME_MAX_BYTES + 128];
};

static struct native *native;
static struct list questions;

/* ---- What is asked ------------------------------------------------------------------------- */

/* A process of it that is there; NULL: none. */
static struct process *process_in(const struct silo *silo)
{
    for (struct list_link *link = list_first(&silo->processes); link != NULL;
         link = list_next(&silo->processes, link)) {
        struct process *process = BASE_CONTAINER_OF(link, struct process, silo_link);
        if (!process->party.dead)
            return process;
    }
    return NULL;
}

/* It is about the program whose row it is: who sends by a slot that he was given uses the rights of who
 * gave it. */
static struct decision_subject subject_of(const struct process *sender, struct binding *row)
{
    const struct silo *silo = row->silo;
    const struct process *process = sender->party.silo == silo ? sender : process_in(silo);
    struct decision_subject subject = { .row = row, .program = silo->program, .name = silo->name };
    if (process != NULL) {
        subject.process = process->party.id;
        subject.program = *program_cid(process_program(process));
        subject.name = process->end.program;
    }
    return subject;
}

enum { QUESTION_BYTES = 1024 }; /* three names, a CID and a hash */

/* Blocks, empty without memory. The decision is the first gift that comes with it. */
static struct bytes body_of_question(const struct decision_subject *subject)
{
    u8 buffer[QUESTION_BYTES];
    struct body_writer writer;
    body_writer_init(&writer, buffer, sizeof(buffer));
    BASE_ASSERT(permission_ask_encode(&writer, decision_question(subject), 1));
    return block_copy((struct bytes){ writer.data, writer.size });
}

static struct bytes body_of_notice(const struct decision_subject *subject)
{
    u8 buffer[QUESTION_BYTES];
    struct body_writer writer;
    body_writer_init(&writer, buffer, sizeof(buffer));
    BASE_ASSERT(permission_denied_encode(&writer, decision_question(subject)));
    return block_copy((struct bytes){ writer.data, writer.size });
}

/* ---- Asking -------------------------------------------------------------------------------- */

/* The row that the question is about, held: of the sender's silo, or of one from which it was started. */
static enum weft_status row_for(struct binding *binding, struct binding **row)
{
    const struct binding *asked = binding->starter != NULL ? binding->started : binding;
    struct interface_key key = { asked->hash, asked->name, asked->tag };
    return binding_get(binding->starter != NULL ? binding->starter : binding->silo, &key, row);
}

/* Takes over the row if it succeeds. */
static struct asking *asking_about(struct process *process, struct binding *binding,
                                   struct binding *row)
{
    struct asking *asking = block_take(sizeof(*asking));
    if (asking == NULL)
        return NULL;
    struct writer text;
    asking->process = process;
    asking->binding = binding;
    asking->subject = subject_of(process, row);
    asking->subject.asker = binding->asker->id;
    asking->subject.is_starter = row != binding;
    writer_init(&text, asking->text, sizeof(asking->text));
    writer_bytes(&text, asking->subject.name);
    asking->program_size = text.size;
    binding_write(row, &text);
    BASE_ASSERT(writer_ok(&text));
    asking->size = text.size;
    return asking;
}

/* Who is to be asked, if it is not the sender itself, who waits meanwhile. */
static enum weft_status handler_for(const struct process *sender, struct silo *asker,
                                    struct binding **handler)
{
    struct interface_key key = { .name = BYTES_LITERAL(PERMISSION_INTERFACE_NAME) };
    struct endpoint *endpoint;
    BASE_ASSERT(hash_from_hex(BYTES_LITERAL(PERMISSION_INTERFACE_HASH), &key.hash));
    enum weft_status status = binding_get(asker, &key, handler);
    if (status != WEFT_OK)
        return status;
    enum route_kind route = binding_route(*handler, &endpoint);
    if (route == ROUTE_NOBODY ||
        (route == ROUTE_HANDLER && endpoint->handler != &sender->party))
        return WEFT_OK;
    binding_release(*handler);
    return WEFT_DENIED;
}

static enum weft_status send_question(struct asking *asking)
{
    struct process *process = asking->process;
    struct binding *handler;
    struct native_question question = { .body = body_of_question(&asking->subject) };
    i64 id;
    if (question.body.data == NULL)
        return WEFT_NO_MEMORY;
    enum weft_status status = handler_for(process, asking->binding->asker, &handler);
    if (status == WEFT_OK) {
        status = decision_create(native, &asking->subject, &question.gift);
        if (status == WEFT_OK)
            status = native_ask(native, handler, process->party.silo, &question, &id);
        binding_release(handler);
    }
    if (status == WEFT_OK) {
        pending_add(&asking->pending, id);
        return WEFT_OK;
    }
    slot_target_release(question.gift);
    block_give_bytes(question.body);
    return status;
}

bool permission_ask(struct process *process, struct binding *binding)
{
    struct binding *row;
    if (binding->asking)
        return true;
    if (row_for(binding, &row) != WEFT_OK)
        return false;
    struct asking *asking = asking_about(process, binding, row);
    if (asking == NULL || send_question(asking) != WEFT_OK) {
        block_give(asking, sizeof(*asking));
        binding_release(row);
        return false;
    }
    party_hold(&process->party);
    binding_hold(binding);
    binding->asking = true;
    list_push_back(&questions, &asking->link);
    return true;
}

/* Whether it was answered or not. */
static void end_question(struct asking *asking)
{
    list_remove(&asking->link);
    binding_release(asking->subject.row);
    binding_release(asking->binding);
    party_release(&asking->process->party);
    block_give(asking, sizeof(*asking));
}

static struct asking *asking_of(const struct binding *binding)
{
    for (struct list_link *link = list_first(&questions); link != NULL;
         link = list_next(&questions, link)) {
        struct asking *asking = BASE_CONTAINER_OF(link, struct asking, link);
        if (asking->binding == binding)
            return asking;
    }
    return NULL;
}

void permission_forget(struct binding *binding)
{
    struct asking *asking = asking_of(binding);
    struct message *message = asking == NULL ? NULL : message_find(asking->pending.id);
    if (message == NULL || message->in_call)
        return; /* it is being answered */
    pending_remove(&asking->pending);
    message_withdraw(message);
    binding->asking = false;
    end_question(asking);
}

void permission_tell_denied(struct process *process, struct binding *binding)
{
    struct binding *handler;
    struct endpoint *endpoint;
    binding->denial_told = true;
    if (handler_for(process, process->party.silo, &handler) != WEFT_OK)
        return;
    if (binding_route(handler, &endpoint) == ROUTE_HANDLER) {
        struct decision_subject subject = subject_of(process, binding);
        struct bytes body = body_of_notice(&subject);
        if (!native_tell(endpoint, process->party.silo, body))
            block_give_bytes(body);
    }
    binding_release(handler);
}

/* ---- The answer ---------------------------------------------------------------------------- */

/* False: there is none, and nothing is decided. */
static bool read_answer(const struct message *message, struct permission_answer *answer)
{
    struct weft_event event = { .size = message->size, .gift_count = message->gift_count };
    struct body_reader reader;
    for (u32 i = 0; i < message->gift_count; i++)
        event.gifts[i] = (i32)i + 1; /* which of the message's it is */
    body_reader_init(&reader, &event, message->body);
    return message->status == WEFT_OK && permission_ask_result_decode(&reader, answer);
}

/* Under the lock. */
static enum weft_status decide(const struct asking *asking, const struct message *message,
                               const struct permission_answer *answer)
{
    static const struct process_end killed = { .kind = PROCESS_END_KILLED };
    struct slot_target substitute = { 0 };
    if (answer->tag == PERMISSION_ANSWER_SUBSTITUTE)
        substitute = message->gifts[answer->substitute - 1];
    if (answer->tag == PERMISSION_ANSWER_END)
        process_end_locked(asking->process, &killed);
    return decision_apply(&asking->subject, answer->tag, substitute);
}

static bool says_ask(struct binding *binding)
{
    struct endpoint *endpoint;
    return binding_route(binding, &endpoint) == ROUTE_ASK;
}

/* Whether the question is still one: somebody may have changed the table meanwhile. */
static bool is_open(const struct asking *asking)
{
    const struct binding *row = asking->binding;
    if (!says_ask(asking->binding) || row->asker->id != asking->subject.asker)
        return false;
    return !asking->subject.is_starter || row->starter == asking->subject.row->silo;
}

/* What is said of a starter is said of what it has started. */
static const char *words_of(const struct asking *asking, enum permission_answer_tag answer)
{
    static const char *const words[] = {
        [PERMISSION_ANSWER_ALLOW] = ": permitted ",
        [PERMISSION_ANSWER_DENY] = ": not permitted ",
        [PERMISSION_ANSWER_SUBSTITUTE] = ": given a substitute for ",
        [PERMISSION_ANSWER_END] = ": ended for the use of ",
    };
    bool passes = asking->subject.is_starter && answer == PERMISSION_ANSWER_ALLOW;
    return passes ? ": may start what is asked about " : words[answer];
}

static void log_decision(const struct asking *asking, const char *decision)
{
    u8 buffer[sizeof(asking->text) + 64];
    struct writer line;
    writer_init(&line, buffer, sizeof(buffer));
    writer_bytes(&line, (struct bytes){ asking->text, asking->program_size });
    writer_text(&line, decision);
    writer_bytes(&line, (struct bytes){ asking->text + asking->program_size,
                                        asking->size - asking->program_size });
    log_line(LOG_DEBUG, (struct process_id){ 0 }, (struct bytes){ buffer, line.size });
}

/* Under the lock: the question is over. Behind the row that asked there may be another that does, and
 * behind who has started the program that program itself. */
static void go_on(struct asking *asking)
{
    struct binding *row = asking->binding;
    row->asking = false;
    if (!asking->process->party.dead && says_ask(row) && !is_open(asking))
        (void)permission_ask(asking->process, row);
    binding_changed(); /* what waits for no question is refused */
}

static void on_answered(void *context, struct message *message)
{
    (void)context;
    const char *decision = ": nobody decided about ";
    struct permission_answer answer;
    lock_take();
    struct asking *asking =
        BASE_CONTAINER_OF(pending_take(message_id(message)), struct asking, pending);
    if (!is_open(asking))
        decision = ": the table was changed before somebody decided about ";
    else if (read_answer(message, &answer) && decide(asking, message, &answer) == WEFT_OK)
        decision = words_of(asking, answer.tag);
    go_on(asking);
    lock_give();
    log_decision(asking, decision);
    lock_take();
    end_question(asking);
    lock_give();
}

/* ---- Birth and end ------------------------------------------------------------------------- */

enum status permission_init(void)
{
    static const struct native_operations operations = { "permission", decision_message,
                                                         decision_closed, NULL };
    list_init(&questions);
    enum status status = native_create(&operations, NULL, &native);
    if (status != STATUS_OK)
        return status;
    native->answered = on_answered;
    native->context = native;
    return STATUS_OK;
}

void permission_deinit(void)
{
    if (native == NULL)
        return;
    native_destroy(native);
    native = NULL;
    struct list_link *link;
    lock_take();
    while ((link = list_first(&questions)) != NULL) {
        struct asking *asking = BASE_CONTAINER_OF(link, struct asking, link);
        pending_remove(&asking->pending);
        end_question(asking);
    }
    decisions_deinit();
    lock_give();
}
