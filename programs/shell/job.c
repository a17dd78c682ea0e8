/* Jobs: what was started, and waiting for it. Of each process a question for its end stands with
 * the kernel from the start on, so an end is never missed. */
#include "programs/shell/job.h"
#include "interface/clock_program.h"
#include "interface/stream_program.h"
#include "interface/system_program.h"
#include "lib/server.h"

#include <stdlib.h>
#include <string.h>

enum { TRANSFER_MAX = 1 << 16, BUFFER = TRANSFER_MAX + 4096, MEMBERS_MAX = 512 };

static _Alignas(8) uint8_t buffer[BUFFER];

struct job *job_create(void)
{
    struct job *job = take(sizeof(*job));
    job->front = front_nothing();
    return job;
}

struct job *job_create_behind(const char *text)
{
    struct job *job = job_create();
    job->is_behind = true;
    job->text = take_copy(text, strlen(text));
    return job;
}

int32_t job_stream(struct job *job)
{
    return front_stream(&job->front, !job->is_behind);
}

void job_add(struct job *job, const struct started *started, bool is_shell)
{
    struct member *member = take(sizeof(*member));
    struct weft_client client = client_at(started->slot, buffer, sizeof(buffer));
    member->slot = started->slot;
    member->process = started->process;
    member->cabin = started->cabin;
    member->is_shell = is_shell;
    member->signals = started->signals;
    member->ended_by = SIGNAL_KILL;
    member->question = system_process_ended_send(&client, WEFT_WANT_ANSWER);
    if (member->question <= 0) {
        member->question = 0;
        member->status = STATUS_KILLED;
    }
    member->next = job->members;
    job->members = member;
}

void job_free(struct job *job)
{
    while (job->members != NULL) {
        struct member *next = job->members->next;
        if (job->members->question != 0)
            weft_answer(job->members->question, WEFT_OK, NULL, 0, NULL, 0);
        server_close(&job->members->slot, 1);
        if (job->members->signals != WEFT_NO_SLOT)
            server_close(&job->members->signals, 1);
        free(job->members);
        job->members = next;
    }
    front_close(&job->front);
    free(job->text);
    free(job);
}

/* ---- Ends ---------------------------------------------------------------------------------------
 */

static void tell_trap(struct weft_bytes text)
{
    struct text line = { 0 };
    text_add(&line, (const char *)text.data, text.size);
    complain(NULL, text_string(&line));
    text_free(&line);
}

static int status_of(const struct weft_event *event)
{
    struct body_reader reader;
    struct system_ending ending;
    body_reader_init(&reader, event, buffer);
    if (event->status != WEFT_OK || !system_process_ended_result_decode(&reader, &ending))
        return STATUS_KILLED;
    switch (ending.tag) {
    case SYSTEM_ENDING_EXITED:
        return (int)(ending.exited & 0xff);
    case SYSTEM_ENDING_TRAPPED:
        tell_trap(ending.trapped);
        return STATUS_TRAPPED;
    default:
        return STATUS_KILLED;
    }
}

static bool note_end(struct job *job, const struct weft_event *event)
{
    for (struct member *member = job->members; member != NULL; member = member->next)
        if (member->question == event->id) {
            member->question = 0;
            member->status = status_of(event);
            if (member->status == STATUS_KILLED)
                member->status = STATUS_SIGNAL + member->ended_by;
            return true;
        }
    return false;
}

bool job_is_running(const struct job *job)
{
    for (const struct member *member = job->members; member != NULL; member = member->next)
        if (member->question != 0)
            return true;
    return false;
}

void job_kill(struct job *job, bool shells)
{
    for (struct member *member = job->members; member != NULL; member = member->next) {
        struct weft_client client = client_at(member->slot, buffer, sizeof(buffer));
        struct system_none_error_result result;
        if (member->question == 0 || (!shells && member->is_shell))
            continue;
        system_process_kill(&client, &result);
        if (member->cabin != 0)
            guard_drop(member->cabin);
    }
}

static uint32_t list_questions(const struct job *job, int64_t *ids)
{
    uint32_t count = 0;
    for (const struct member *member = job->members; member != NULL; member = member->next)
        if (member->question != 0 && count < MEMBERS_MAX)
            ids[count++] = member->question;
    return count;
}

/* ---- Stopping ----------------------------------------------------------------------------------
 */

static void suspend_member(const struct member *member, bool suspended)
{
    struct system_none_error_result result;
    struct weft_client of_system = client_at(system_slot(), buffer, sizeof(buffer));
    struct weft_client of_process = client_at(member->slot, buffer, sizeof(buffer));
    if (member->cabin != 0 && suspended)
        system_suspend_silo(&of_system, member->cabin, &result);
    else if (member->cabin != 0)
        system_resume_silo(&of_system, member->cabin, &result);
    else if (suspended)
        system_process_suspend(&of_process, &result);
    else
        system_process_resume(&of_process, &result);
}

void job_stop(struct job *job, int number)
{
    for (const struct member *member = job->members; member != NULL; member = member->next)
        if (member->question != 0)
            suspend_member(member, true);
    job->is_stopped = true;
    job->stopped_by = number;
}

void job_go_on(struct job *job)
{
    job->is_stopped = false;
    for (const struct member *member = job->members; member != NULL; member = member->next)
        if (member->question != 0)
            suspend_member(member, false);
}

void job_poll(struct job *job)
{
    static int64_t ids[MEMBERS_MAX];
    struct weft_event event;
    uint32_t count = list_questions(job, ids);
    while (count != 0 &&
           weft_wait(ids, count, &event, buffer, sizeof(buffer), 0) == WEFT_EVENT_ANSWER) {
        note_end(job, &event);
        count = list_questions(job, ids);
    }
}

/* The stop key: a job in the foreground stops, if it is one that the shell can leave. */
static void stop_key(struct job *job, bool may_stop)
{
    job->front.stop = 0;
    if (!may_stop)
        return;
    job_stop(job, SIGNAL_STOP_KEY);
    job_poll(job);
}

/* ---- Signals ------------------------------------------------------------------------------------
 */

/* A shell that takes signals decides what follows; what does not, ends, as if it had done so, and
 * with it what it has started. */
static void signal_member(struct member *member, int number)
{
    struct weft_client client = client_at(member->slot, buffer, sizeof(buffer));
    struct system_none_error_result result;
    if (number != SIGNAL_KILL && member->signals != WEFT_NO_SLOT) {
        signal_send(member->signals, number);
    } else if (!signal_is_ignored(number)) {
        member->ended_by = number;
        system_process_kill(&client, &result);
        if (member->cabin != 0)
            guard_drop(member->cabin);
    }
}

void job_send(struct job *job, int number)
{
    for (struct member *member = job->members; member != NULL; member = member->next)
        if (member->question != 0)
            signal_member(member, number);
    if (job->is_stopped && !signal_is_ignored(number))
        job_go_on(job);
}

bool job_signal_process(uint64_t process, int number)
{
    struct weft_client client = client_at(system_slot(), buffer, sizeof(buffer));
    struct system_process_error_result found;
    struct system_none_error_result result = { .failed = false };
    if (system_find(&client, process, &found) != WEFT_OK || found.failed)
        return false;
    client = client_at(found.value, buffer, sizeof(buffer));
    enum weft_status status = WEFT_OK;
    if (signal_stops(number))
        status = system_process_suspend(&client, &result);
    else if (number == SIGNAL_CONTINUE)
        status = system_process_resume(&client, &result);
    else if (!signal_is_ignored(number))
        status = system_process_kill(&client, &result);
    server_close(&found.value, 1);
    return status == WEFT_OK && !result.failed;
}

/* ---- Waiting ------------------------------------------------------------------------------------
 */

int64_t in_milliseconds(int64_t milliseconds)
{
    uint8_t small[64];
    struct weft_client client = client_at(clock_slot(), small, sizeof(small));
    uint64_t now;
    if (clock_monotonic(&client, &now) != WEFT_OK)
        return 0;
    return (int64_t)now + milliseconds * 1000000;
}

/* The foreground is interrupted: programs end, and shells, which got the same word, a moment later
 * if they have not ended by then. */
static void interrupt(struct job *job, int64_t *deadline)
{
    job_interrupt_seen();
    shell.interrupted = true;
    job_kill(job, false);
    *deadline = in_milliseconds(300);
}

static int64_t ask_for_bytes(int32_t from)
{
    struct weft_client client = client_at(from, buffer, sizeof(buffer));
    return from == WEFT_NO_SLOT ? 0 : stream_read_send(&client, TRANSFER_MAX, WEFT_WANT_ANSWER);
}

/* Adds what came; false at the end. */
static bool add_bytes(const struct weft_event *event, struct text *capture)
{
    struct body_reader reader;
    struct stream_bytes_error_result result;
    body_reader_init(&reader, event, buffer);
    if (event->status != WEFT_OK || !stream_read_result_decode(&reader, &result) || result.failed)
        return false;
    text_add(capture, (const char *)result.value.data, result.value.size);
    return result.value.size != 0;
}

/* One event of the job; `reading` is the question for bytes, 0: none stands. */
static void wait_once(struct job *job, int64_t *reading, int32_t from, struct text *capture,
                      int64_t *deadline)
{
    static int64_t ids[MEMBERS_MAX + 5];
    struct weft_event event;
    uint32_t count = list_questions(job, ids);
    int64_t key = shell.at_terminal ? job_interrupt_question() : 0;
    if (*reading > 0)
        ids[count++] = *reading;
    if (key > 0)
        ids[count++] = key;
    int64_t stop = job->is_behind ? 0 : front_stop_question(&job->front);
    if (stop > 0)
        ids[count++] = stop;
    count += signal_questions(ids + count);
    int32_t kind = weft_wait(ids, count, &event, buffer, sizeof(buffer), *deadline);
    if (kind == WEFT_EVENT_NONE) {
        job_kill(job, true);
        *deadline = -1;
    } else if (kind != WEFT_EVENT_ANSWER) {
        job_kill(job, true);
        *reading = 0;
    } else if (event.id == key) {
        interrupt(job, deadline);
    } else if (event.id == stop) {
        stop_key(job, from == WEFT_NO_SLOT);
    } else if (signal_arrived(&event, buffer)) {
        if (shell.ended_by != 0 && !job->is_behind)
            job_kill(job, true);
    } else if (event.id == *reading) {
        *reading = add_bytes(&event, capture) ? ask_for_bytes(from) : 0;
    } else {
        note_end(job, &event);
    }
}

/* The last member's; with pipefail the last one's that failed. */
static int status_of_job(const struct job *job)
{
    const struct member *member = job->members;
    while (shell.fails_in_pipe && member != NULL && member->status == 0)
        member = member->next;
    return member == NULL ? 0 : member->status;
}

int job_wait(struct job *job, int32_t from, struct text *capture)
{
    int64_t deadline = -1;
    int64_t reading = ask_for_bytes(from);
    while ((job_is_running(job) && !job->is_stopped) || reading > 0) {
        wait_once(job, &reading, from, capture, &deadline);
        if (shell.interrupted && !job_is_running(job) && reading > 0) {
            weft_answer(reading, WEFT_OK, NULL, 0, NULL, 0);
            reading = 0;
        }
    }
    signal_poll();
    if (job_is_running(job)) {
        job_keep_stopped(job);
        return STATUS_SIGNAL + job->stopped_by;
    }
    int status = status_of_job(job);
    if (shell.interrupted && status == STATUS_KILLED)
        status = STATUS_INTERRUPTED;
    job_free(job);
    return status;
}

void job_wait_event(struct job *job, int64_t *deadline)
{
    int64_t reading = 0;
    wait_once(job, &reading, WEFT_NO_SLOT, NULL, deadline);
}
