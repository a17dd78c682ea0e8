/* The interface `random`, answered from the machine's entropy. Whoever asks before there is enough
 * of it waits, as long as it takes: weak numbers would look like good ones. */
#include "kernel/random.h"

#include "interface/random.h"
#include "kernel/alarm.h"
#include "kernel/block.h"
#include "kernel/handlers.h"
#include "kernel/limits.h"
#include "kernel/lock.h"
#include "kernel/pending.h"
#include "machine/machine.h"

/* A question that waits. */
struct question {
    struct list_link link;
    struct pending pending;
    struct native *native;
    u32 count;
};

/* Under the kernel's lock. */
static struct {
    struct list questions;
    struct alarm look; /* set while there are some */
    bool told;
} waiting;

static void on_look(struct alarm *alarm)
{
    (void)alarm;
    lock_after |= LOCK_AFTER_RANDOM;
}

void random_questions_init(void)
{
    __builtin_memset(&waiting, 0, sizeof(waiting));
    list_init(&waiting.questions);
    waiting.look.fire = on_look;
}

static bool encode(struct body_writer *writer, const void *result)
{
    return random_bytes_result_encode(writer, result);
}

static enum weft_status answer(struct native *native, i64 id, u32 count)
{
    u8 *bytes = block_take(count);
    if (bytes == NULL)
        return WEFT_NO_MEMORY;
    machine_random(bytes, count);
    struct weft_bytes result = { bytes, count };
    enum weft_status status = request_answer(native, id, encode, &result);
    block_give(bytes, count);
    return status;
}

/* ---- Waiting ------------------------------------------------------------------------------- */

static void on_withdrawn(struct pending *pending)
{
    struct question *question = BASE_CONTAINER_OF(pending, struct question, pending);
    list_remove(&question->link);
    block_give(question, sizeof(*question));
}

static struct question *next_question(void)
{
    lock_take();
    struct question *question = NULL;
    struct list_link *link = list_pop_front(&waiting.questions);
    if (link != NULL) {
        question = BASE_CONTAINER_OF(link, struct question, link);
        pending_remove(&question->pending);
    }
    lock_give();
    return question;
}

static bool answer_next(void)
{
    struct question *question = next_question();
    if (question == NULL)
        return false;
    i64 id = question->pending.id;
    enum weft_status status = answer(question->native, id, question->count);
    if (status != WEFT_OK)
        (void)native_answer(question->native, id, status, (struct bytes){ 0 }, NULL, 0);
    block_give(question, sizeof(*question));
    return true;
}

static void set_alarm(u64 after_ns)
{
    if (!alarm_is_set(&waiting.look) && list_first(&waiting.questions) != NULL)
        alarm_set(&waiting.look, machine_monotonic_ns() + after_ns);
}

static void tell(const char *text)
{
    log_line(LOG_WARNING, (struct process_id){ 0 }, bytes_from_text(text));
}

/* Some at a time: this is the time of whoever was interrupted for it. */
void random_look(void)
{
    enum { ANSWERS = 16, AGAIN_NS = 10000000 };
    lock_take();
    bool has_questions = list_first(&waiting.questions) != NULL;
    lock_give();
    if (!has_questions)
        return;
    bool ready = machine_random_ready();
    for (u32 i = 0; ready && i < ANSWERS && answer_next(); i++)
        continue;
    lock_take();
    bool tells = ready && waiting.told;
    waiting.told = waiting.told && !ready;
    set_alarm(ready ? 0 : AGAIN_NS);
    lock_give();
    if (tells)
        tell("random numbers: there is enough entropy now");
}

static enum weft_status wait(struct native *native, i64 id, u32 count)
{
    struct question *question = block_take(sizeof(*question));
    if (question == NULL)
        return WEFT_NO_MEMORY;
    question->pending.withdrawn = on_withdrawn;
    question->native = native;
    question->count = count;
    lock_take();
    pending_add(&question->pending, id);
    list_push_back(&waiting.questions, &question->link);
    set_alarm(0);
    bool tells = !waiting.told;
    waiting.told = true;
    lock_give();
    if (tells)
        tell("random numbers: somebody waits for them until there is enough entropy");
    return WEFT_OK;
}

/* ---- The handler --------------------------------------------------------------------------- */

static enum weft_status take_bytes(void *context, const struct weft_event *event,
                                   const struct random_bytes_arguments *arguments)
{
    const struct request *request = context;
    if (arguments->count > RANDOM_MAX_BYTES)
        return WEFT_LIMIT;
    if (event->id == 0)
        return WEFT_OK;
    if (!machine_random_ready())
        return wait(request->native, event->id, arguments->count);
    return answer(request->native, event->id, arguments->count);
}

static const struct random_server server = { .bytes = take_bytes };

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    return random_dispatch(&server, request, event, reader);
}

static void on_message(void *native, const struct native_message *message)
{
    request_take(native, message, dispatch);
}

const struct handler handler_random = {
    .operations = { .name = "random", .message = on_message, .withdrawn = pending_withdrawn },
    .interface_name = RANDOM_INTERFACE_NAME,
    .interface_hash = RANDOM_INTERFACE_HASH,
};
