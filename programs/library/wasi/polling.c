/* poll_oneoff: waits until one of many things has happened.
 *
 * Each descriptor that may have to be waited for is asked by a message (`readable`, `writable`,
 * `acceptable`); then one wait stands for all of them and for the earliest clock. What is not
 * answered by then is withdrawn. Who answers is often a process, which has to run for it: so whoever
 * has not answered when the wait is over is asked something more that is answered at once, and behind
 * that answer it is known that there is none to the first question. */
#include "interface/clock_program.h"
#include "interface/files_program.h"
#include "interface/stream_program.h"
#include "interface/tcp_program.h"
#include "programs/library/wasi/caller.h"
#include "programs/library/wasi/clocks.h"
#include "programs/library/wasi/descriptor.h"
#include "programs/library/wasi/errors.h"
#include "programs/library/wasi/layout.h"
#include "programs/library/wasi/polling.h"

enum {
    POLLS_MAX = WEFT_IDS_MAX,
    EVENT_HANGUP = 1 << 0,
    ANSWER_BYTES = 256, /* more than any answer here has */
};

static const int64_t NEVER = INT64_MAX;
/* Whoever does not even answer what is answered at once is not ready. */
static const uint64_t PATIENCE_NS = 1000000000;

struct event {
    uint64_t userdata;
    uint16_t error;
    uint8_t kind;
    uint8_t padding[5];
    uint64_t size;
    uint16_t flags;
    uint8_t more_padding[6];
};
_Static_assert(sizeof(struct event) == 32, "event is 32 bytes");

struct poll {
    struct subscription subscription;
    const struct descriptor *descriptor; /* that was asked */
    bool is_ready;
    uint8_t asked; /* enum descriptor_kind of whom the message went to */
    uint16_t error;
    uint16_t flags;
    uint64_t size;    /* bytes that can be read or written */
    int64_t deadline; /* of a clock: monotonic */
};

static struct poll polls[POLLS_MAX];
static int64_t ids[POLLS_MAX];     /* messages that are not answered */
static uint32_t owners[POLLS_MAX]; /* and which poll each is for */
static uint32_t id_count;
static int64_t prompts[POLLS_MAX]; /* questions that are answered at once */
static uint32_t prompt_count;

static void settle(struct poll *poll, uint32_t error, uint64_t size)
{
    poll->is_ready = true;
    poll->error = (uint16_t)error;
    poll->size = size;
}

/* ---- Asking -------------------------------------------------------------------------------- */

/* A moment of monotonic time from now on; what is too far away is never. */
static int64_t deadline_after(uint64_t now, uint64_t time)
{
    uint64_t sum;
    return __builtin_add_overflow(now, time, &sum) || sum >= (uint64_t)NEVER ? NEVER : (int64_t)sum;
}

static void ask_clock(struct poll *poll)
{
    const struct subscription *question = &poll->subscription;
    uint64_t now = 0;
    uint64_t shown = 0;
    uint64_t left = question->timeout;
    uint32_t error = WASI_SUCCESS;
    if (question->clock > WASI_CLOCK_MONOTONIC ||
        (question->flags & ~SUBSCRIPTION_CLOCK_ABSTIME) != 0)
        error = WASI_EINVAL;
    if (error == WASI_SUCCESS)
        error = clocks_now(WASI_CLOCK_MONOTONIC, &now);
    if (error == WASI_SUCCESS && (question->flags & SUBSCRIPTION_CLOCK_ABSTIME) != 0) {
        error = clocks_now(question->clock, &shown);
        left = left > shown ? left - shown : 0;
    }
    if (error != WASI_SUCCESS)
        settle(poll, error, 0);
    else
        poll->deadline = deadline_after(now, left);
}

/* Files are always ready; what can be read is what is behind the offset. */
static void ask_file(struct poll *poll, const struct descriptor *descriptor)
{
    struct files_status_error_result result;
    if (poll->subscription.kind == SUBSCRIPTION_FD_WRITE || descriptor->is_at_end) {
        settle(poll, WASI_SUCCESS, poll->subscription.kind == SUBSCRIPTION_FD_WRITE);
        return;
    }
    enum weft_status status = files_node_status(client_of(descriptor->slot), &result);
    uint32_t error = ERRNO_OF_CALL(files, status, result);
    uint64_t size = error == WASI_SUCCESS ? result.value.size : 0;
    settle(poll, error, size > descriptor->offset ? size - descriptor->offset : 0);
}

static int64_t send_question(const struct descriptor *descriptor, bool is_read)
{
    struct weft_client *client = client_of(descriptor->slot);
    switch (descriptor->kind) {
    case DESCRIPTOR_NODE:
        return is_read ? files_node_readable_send(client, WEFT_WANT_ANSWER)
                       : files_node_writable_send(client, WEFT_WANT_ANSWER);
    case DESCRIPTOR_STREAM:
        return is_read ? stream_readable_send(client, WEFT_WANT_ANSWER)
                       : stream_writable_send(client, WEFT_WANT_ANSWER);
    case DESCRIPTOR_LISTENER:
        return tcp_listener_acceptable_send(client, WEFT_WANT_ANSWER);
    default:
        return is_read ? tcp_connection_readable_send(client, WEFT_WANT_ANSWER)
                       : tcp_connection_writable_send(client, WEFT_WANT_ANSWER);
    }
}

/* Polling takes the right to poll, or the one to do what is polled for. */
static uint32_t find_polled(const struct subscription *question, struct descriptor **descriptor)
{
    uint64_t right = question->kind == SUBSCRIPTION_FD_READ
                         ? WASI_RIGHT_FD_READ | WASI_RIGHT_SOCK_ACCEPT
                         : WASI_RIGHT_FD_WRITE;
    uint32_t error = descriptor_find(question->fd, 0, descriptor);
    if (error == WASI_SUCCESS &&
        ((*descriptor)->base & (right | WASI_RIGHT_POLL_FD_READWRITE)) == 0)
        error = WASI_ENOTCAPABLE;
    return error;
}

static void ask(struct poll *poll, uint32_t index, const struct descriptor *descriptor)
{
    int64_t id = send_question(descriptor, poll->subscription.kind == SUBSCRIPTION_FD_READ);
    if (id <= 0) {
        settle(poll, errno_of_status((enum weft_status)(-id)), 0);
        return;
    }
    poll->descriptor = descriptor;
    poll->asked = descriptor->kind;
    ids[id_count] = id;
    owners[id_count++] = index;
}

static void ask_descriptor(struct poll *poll, uint32_t index)
{
    struct descriptor *descriptor;
    bool is_read = poll->subscription.kind == SUBSCRIPTION_FD_READ;
    uint32_t error = find_polled(&poll->subscription, &descriptor);
    if (error == WASI_SUCCESS && descriptor->kind == DESCRIPTOR_LISTENER && !is_read)
        error = WASI_ENOTCONN;
    if (error != WASI_SUCCESS) {
        settle(poll, error, 0);
        return;
    }
    if (descriptor->kind == DESCRIPTOR_NODE &&
        (descriptor->filetype == WASI_FILETYPE_REGULAR_FILE ||
         descriptor->filetype == WASI_FILETYPE_DIRECTORY)) {
        ask_file(poll, descriptor);
        return;
    }
    ask(poll, index, descriptor);
}

static uint32_t ask_all(uint32_t subscriptions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct poll *poll = &polls[i];
        *poll = (struct poll){ .deadline = NEVER };
        uint32_t error = layout_load_subscription(subscriptions, i, &poll->subscription);
        if (error != WASI_SUCCESS)
            return error;
        if (poll->subscription.kind >= SUBSCRIPTION_KINDS)
            return WASI_EINVAL;
        if (poll->subscription.kind == SUBSCRIPTION_CLOCK)
            ask_clock(poll);
        else
            ask_descriptor(poll, i);
    }
    return WASI_SUCCESS;
}

/* ---- Waiting ------------------------------------------------------------------------------- */

static void read_answer(struct poll *poll, const struct weft_event *event, const uint8_t *body)
{
    bool is_read = poll->subscription.kind == SUBSCRIPTION_FD_READ;
    struct body_reader reader;
    uint32_t error;
    uint64_t size = 1;
    body_reader_init(&reader, event, body);
    if (event->status != WEFT_OK) {
        settle(poll, errno_of_status((enum weft_status)event->status), 0);
        return;
    }
    if (poll->asked == DESCRIPTOR_NODE) {
        struct files_u64_error_result result = { 0 };
        files_node_readable_result_decode(&reader, &result);
        error = ERRNO_OF_CALL(files, reader.status, result);
        size = error == WASI_SUCCESS ? result.value : 0;
    } else if (poll->asked == DESCRIPTOR_STREAM) {
        struct stream_u64_error_result result = { 0 };
        stream_readable_result_decode(&reader, &result);
        error = ERRNO_OF_CALL(stream, reader.status, result);
        size = error == WASI_SUCCESS ? result.value : 0;
    } else if (poll->asked == DESCRIPTOR_CONNECTION && is_read) {
        struct tcp_u64_error_result result = { 0 };
        tcp_connection_readable_result_decode(&reader, &result);
        error = ERRNO_OF_CALL(tcp, reader.status, result);
        size = error == WASI_SUCCESS ? result.value : 0;
    } else {
        struct tcp_none_error_result result = { 0 };
        tcp_connection_writable_result_decode(&reader, &result);
        error = ERRNO_OF_CALL(tcp, reader.status, result);
    }
    settle(poll, error, size);
    if (is_read && error == WASI_SUCCESS && size == 0) /* nothing will come any more */
        poll->flags = EVENT_HANGUP;
}

static void take_answer(const struct weft_event *event, const uint8_t *body)
{
    for (uint32_t i = 0; i < id_count; i++) {
        if (ids[i] != event->id)
            continue;
        read_answer(&polls[owners[i]], event, body);
        id_count--;
        ids[i] = ids[id_count];
        owners[i] = owners[id_count];
        return;
    }
}

/* The first event is waited for; those that have come by then are taken, too. */
static void wait_for_answers(int64_t deadline)
{
    static _Alignas(8) uint8_t body[ANSWER_BYTES];
    while (id_count != 0) {
        struct weft_event event;
        int32_t kind = weft_wait(ids, id_count, &event, body, sizeof(body), deadline);
        if (kind == -WEFT_TOO_LARGE) { /* no answer to this question is that long */
            weft_answer(event.id, WEFT_OK, NULL, 0, NULL, 0);
            event.status = WEFT_INVALID;
        } else if (kind != WEFT_EVENT_ANSWER) {
            return;
        }
        take_answer(&event, body);
        deadline = 0;
    }
}

static int64_t send_prompt(const struct descriptor *descriptor)
{
    struct weft_client *client = client_of(descriptor->slot);
    switch (descriptor->kind) {
    case DESCRIPTOR_NODE:
        return files_node_status_send(client, WEFT_WANT_ANSWER);
    case DESCRIPTOR_STREAM:
        return stream_kind_send(client, WEFT_WANT_ANSWER);
    case DESCRIPTOR_LISTENER:
        return tcp_listener_local_send(client, WEFT_WANT_ANSWER);
    default:
        return tcp_connection_local_send(client, WEFT_WANT_ANSWER);
    }
}

/* One for each of those that follow each other and are the same. */
static void prompt_all(void)
{
    const struct descriptor *last = NULL;
    prompt_count = 0;
    for (uint32_t i = 0; i < id_count; i++) {
        const struct descriptor *descriptor = polls[owners[i]].descriptor;
        if (descriptor == last)
            continue;
        last = descriptor;
        int64_t id = send_prompt(descriptor);
        if (id > 0)
            prompts[prompt_count++] = id;
    }
}

static void take_prompt(int64_t id)
{
    for (uint32_t i = 0; i < prompt_count; i++)
        if (prompts[i] == id)
            prompts[i] = prompts[--prompt_count];
}

/* Takes what those who were asked have answered, once all had the time to. */
static void take_late_answers(void)
{
    static _Alignas(8) uint8_t body[ANSWER_BYTES];
    struct weft_event event;
    uint64_t now = 0;
    wait_for_answers(0);
    if (id_count == 0 || clocks_now(WASI_CLOCK_MONOTONIC, &now) != WASI_SUCCESS)
        return;
    prompt_all();
    int32_t kind = WEFT_EVENT_ANSWER;
    while (prompt_count != 0 && kind == WEFT_EVENT_ANSWER) {
        kind = weft_wait(prompts, prompt_count, &event, body, sizeof(body),
                         (int64_t)(now + PATIENCE_NS));
        if (kind == WEFT_EVENT_ANSWER)
            take_prompt(event.id);
    }
    while (prompt_count != 0)
        weft_answer(prompts[--prompt_count], WEFT_OK, NULL, 0, NULL, 0);
    wait_for_answers(0);
}

static void withdraw_all(void)
{
    while (id_count != 0)
        weft_answer(ids[--id_count], WEFT_OK, NULL, 0, NULL, 0);
}

/* Waits until something is ready. */
static uint32_t wait_for_any(uint32_t count)
{
    bool is_ready = false;
    int64_t earliest = NEVER;
    for (uint32_t i = 0; i < count; i++) {
        is_ready = is_ready || polls[i].is_ready;
        if (polls[i].deadline < earliest)
            earliest = polls[i].deadline;
    }
    if (id_count == 0 && !is_ready) /* nothing but clocks */
        return errno_of_status(clock_until(client_of(clock_slot()), (uint64_t)earliest));
    wait_for_answers(is_ready ? 0 : earliest == NEVER ? -1 : earliest);
    take_late_answers();
    return WASI_SUCCESS;
}

static uint32_t settle_clocks(uint32_t count)
{
    uint64_t now = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (polls[i].deadline == NEVER)
            continue;
        uint32_t error = now == 0 ? clocks_now(WASI_CLOCK_MONOTONIC, &now) : WASI_SUCCESS;
        if (error != WASI_SUCCESS)
            return error;
        if (polls[i].deadline <= (int64_t)now)
            settle(&polls[i], WASI_SUCCESS, 0);
    }
    return WASI_SUCCESS;
}

static uint32_t store_events(uint32_t events, uint32_t count, uint32_t event_count)
{
    uint32_t stored = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct poll *poll = &polls[i];
        struct event event = {
            .userdata = poll->subscription.userdata,
            .error = poll->error,
            .kind = poll->subscription.kind,
            .size = poll->size,
            .flags = poll->flags,
        };
        if (!poll->is_ready)
            continue;
        uint32_t error =
            caller_store(events + stored * (uint32_t)sizeof(event), &event, sizeof(event));
        if (error != WASI_SUCCESS)
            return error;
        stored++;
    }
    return caller_store_u32(event_count, stored);
}

bool polling_is_ready(const struct descriptor *descriptor, bool is_read, uint64_t *size)
{
    struct poll *poll = &polls[0];
    *poll = (struct poll){
        .subscription.kind = is_read ? SUBSCRIPTION_FD_READ : SUBSCRIPTION_FD_WRITE,
    };
    id_count = 0;
    ask(poll, 0, descriptor);
    take_late_answers();
    withdraw_all();
    *size = poll->size;
    return poll->is_ready;
}

WASI_FUNCTION(poll_oneoff)(uint32_t subscriptions, uint32_t events, uint32_t subscription_count,
                           uint32_t event_count)
{
    uint32_t error = subscription_count == 0 ? WASI_EINVAL : WASI_SUCCESS;
    if (error == WASI_SUCCESS)
        error = layout_check_subscriptions(subscriptions, subscription_count);
    if (error == WASI_SUCCESS)
        error = caller_check(events, (uint64_t)subscription_count * sizeof(struct event));
    if (error == WASI_SUCCESS)
        error = caller_check(event_count, sizeof(uint32_t));
    if (error == WASI_SUCCESS && subscription_count > POLLS_MAX)
        error = WASI_ENOMEM;
    if (error != WASI_SUCCESS)
        return error;
    id_count = 0;
    error = ask_all(subscriptions, subscription_count);
    if (error == WASI_SUCCESS)
        error = wait_for_any(subscription_count);
    withdraw_all();
    if (error == WASI_SUCCESS)
        error = settle_clocks(subscription_count);
    return error == WASI_SUCCESS ? store_events(events, subscription_count, event_count) : error;
}
