/* The interface `power`: who waits for the end of the system is told of it, and waited for; then
 * the platform ends it. */
#include "kernel/finish.h"

#include "interface/power.h"
#include "kernel/alarm.h"
#include "kernel/block.h"
#include "kernel/handlers.h"
#include "kernel/options.h"
#include "kernel/pending.h"
#include "kernel/process.h"
#include "kernel/schedule.h"

/* A question that is answered when the end begins. */
struct question {
    struct list_link link;
    struct pending pending;
    struct process *process; /* held; it may have ended, and the question not be withdrawn yet */
    u64 deadline_ns;         /* that it is told */
};

/* Under the kernel's lock. */
static struct {
    struct list questions;
    struct alarm deadline;
    u64 deadline_ns;
    enum kernel_end_way way;
    bool begun; /* read without the lock too */
    u32 awaited; /* processes that were told, and whoever tells them */
} power;

static void on_deadline(struct alarm *alarm)
{
    (void)alarm;
    lock_after |= LOCK_AFTER_FINISH;
}

void finish_init(void)
{
    __builtin_memset(&power, 0, sizeof(power));
    list_init(&power.questions);
    power.deadline.fire = on_deadline;
}

bool kernel_is_finishing(void)
{
    return __atomic_load_n(&power.begun, __ATOMIC_RELAXED);
}

/* Those that come late, at the deadline or after the last process, find it done already. */
void finish_now(void)
{
    const struct kernel_options *options = options_of_kernel();
    options->finish(options->context, power.way);
}

/* ---- Who is waited for, under the lock ------------------------------------------------------ */

static void await(struct process *process)
{
    if (process->is_over || process->end_awaited)
        return;
    process->end_awaited = true;
    power.awaited++;
}

static void await_one_less(void)
{
    if (--power.awaited == 0)
        lock_after |= LOCK_AFTER_FINISH;
}

void finish_process_ended(struct process *process)
{
    lock_take();
    if (process->end_awaited)
        await_one_less();
    lock_give();
}

/* ---- ending --------------------------------------------------------------------------------- */

static bool encode_ending(struct body_writer *writer, const void *result)
{
    return power_ending_result_encode(writer, result);
}

static void on_withdrawn(struct pending *pending)
{
    struct question *question = BASE_CONTAINER_OF(pending, struct question, pending);
    list_remove(&question->link);
    party_release(&question->process->party);
    block_give(question, sizeof(*question));
}

/* Keeps the question; false: the end has begun. */
static bool keep(struct process *process, struct question *question, i64 id)
{
    question->pending.withdrawn = on_withdrawn;
    lock_take();
    bool is_early = !power.begun;
    if (is_early) {
        party_hold(&process->party);
        question->process = process;
        pending_add(&question->pending, id);
        list_push_back(&power.questions, &question->link);
    } else {
        question->deadline_ns = power.deadline_ns;
        await(process);
    }
    lock_give();
    return is_early;
}

static enum weft_status take_ending(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    if (event->id == 0)
        return WEFT_OK;
    if (request->sender == NULL)
        return WEFT_GONE;
    struct question *question = block_take(sizeof(*question));
    if (question == NULL)
        return WEFT_NO_MEMORY;
    if (keep(request->sender, question, event->id))
        return WEFT_OK;
    enum weft_status status =
        request_answer(request->native, event->id, encode_ending, &question->deadline_ns);
    block_give(question, sizeof(*question));
    return status;
}

/* ---- finish --------------------------------------------------------------------------------- */

/* From now on its process is waited for. NULL: all have been told. */
static struct question *next_question(void)
{
    lock_take();
    struct question *question = NULL;
    struct list_link *link = list_pop_front(&power.questions);
    if (link != NULL) {
        question = BASE_CONTAINER_OF(link, struct question, link);
        pending_remove(&question->pending);
        question->deadline_ns = power.deadline_ns;
        await(question->process);
        party_release(&question->process->party);
    }
    lock_give();
    return question;
}

static void tell(struct native *native)
{
    struct question *question;
    while ((question = next_question()) != NULL) {
        (void)request_answer(native, question->pending.id, encode_ending, &question->deadline_ns);
        block_give(question, sizeof(*question));
    }
    lock_take();
    await_one_less();
    lock_give();
}

static void log_begin(u64 process)
{
    const char *text = power.way == KERNEL_END_OFF ? "the system is about to end"
                                                   : "the system is about to start again";
    log_line(LOG_INFO, (struct process_id){ process }, bytes_from_text(text));
}

/* Whether this is the call that begins the end. */
static bool begin(enum kernel_end_way way, u64 deadline_ns)
{
    lock_take();
    bool begins = !power.begun;
    if (begins) {
        power.way = way;
        power.awaited = 1;
        __atomic_store_n(&power.begun, true, __ATOMIC_RELAXED);
    }
    if (begins || (deadline_ns < power.deadline_ns && alarm_is_set(&power.deadline))) {
        power.deadline_ns = deadline_ns;
        alarm_clear(&power.deadline);
        alarm_set(&power.deadline, deadline_ns);
    }
    lock_give();
    return begins;
}

static enum weft_status take_finish(void *context, const struct weft_event *event,
                                    const struct power_finish_arguments *arguments)
{
    const struct request *request = context;
    const struct kernel_options *options = options_of_kernel();
    bool restarts = arguments->end == POWER_END_RESTART;
    if (options->finish == NULL || (restarts && !options->restarts))
        return WEFT_UNSUPPORTED;
    u64 deadline_ns = machine_monotonic_ns() + u64_min(arguments->patience, POWER_PATIENCE_MAX_NS);
    if (begin(restarts ? KERNEL_END_RESTART : KERNEL_END_OFF, deadline_ns)) {
        log_begin(event->sender);
        tell(request->native);
    }
    return WEFT_OK;
}

/* ---- The handler ---------------------------------------------------------------------------- */

static const struct power_server server = { .finish = take_finish, .ending = take_ending };

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    return power_dispatch(&server, request, event, reader);
}

static void on_message(void *native, const struct native_message *message)
{
    request_take(native, message, dispatch);
}

const struct handler handler_power = {
    .operations = { .name = "power", .message = on_message, .withdrawn = pending_withdrawn },
    .interface_name = POWER_INTERFACE_NAME,
    .interface_hash = POWER_INTERFACE_HASH,
};
