/* Jobs: what was started, and waiting for it. Of each process a question for its end stands with
 * the kernel from the start on, so an end is never missed. */
#include "interface/clock_program.h"
#include "interface/stream_program.h"
#include "interface/system_program.h"
#include "lib/server.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { TRANSFER_MAX = 1 << 16, BUFFER = TRANSFER_MAX + 4096, MEMBERS_MAX = 512 };

struct member {
    struct member *next;
    int32_t slot;
    uint64_t process;
    uint64_t cabin; /* that ends with it when it is interrupted; 0: none */
    int64_t question; /* for its end; 0: it has ended */
    int status;
    bool is_shell;   /* it is interrupted by itself */
    int32_t signals; /* where it takes signals; WEFT_NO_SLOT: it just ends */
    int ended_by;    /* the signal that it was ended for */
};

struct job {
    struct job *next;
    struct member *members; /* the last one first: its status is the job's */
    size_t count;
    uint32_t number; /* 0: it is in the foreground */
    char *text;
};

static struct job *jobs; /* those left to run, the newest first */
static _Alignas(8) uint8_t buffer[BUFFER];

struct job *job_create(const char *text)
{
    struct job *job = take(sizeof(*job));
    job->text = take_copy(text, strlen(text));
    return job;
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
    job->count++;
}

static void job_free(struct job *job)
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

static bool is_running(const struct job *job)
{
    for (const struct member *member = job->members; member != NULL; member = member->next)
        if (member->question != 0)
            return true;
    return false;
}

static void kill_members(struct job *job, bool shells)
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
    kill_members(job, false);
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

static uint32_t list_questions(const struct job *job, int64_t *ids)
{
    uint32_t count = 0;
    for (const struct member *member = job->members; member != NULL; member = member->next)
        if (member->question != 0 && count < MEMBERS_MAX)
            ids[count++] = member->question;
    return count;
}

/* One event of the job; `reading` is the question for bytes, 0: none stands. */
static void wait_once(struct job *job, int64_t *reading, int32_t from, struct text *capture,
                      int64_t *deadline)
{
    static int64_t ids[MEMBERS_MAX + 4];
    struct weft_event event;
    uint32_t count = list_questions(job, ids);
    int64_t key = shell.at_terminal ? job_interrupt_question() : 0;
    if (*reading > 0)
        ids[count++] = *reading;
    if (key > 0)
        ids[count++] = key;
    count += signal_questions(ids + count);
    int32_t kind = weft_wait(ids, count, &event, buffer, sizeof(buffer), *deadline);
    if (kind == WEFT_EVENT_NONE) {
        kill_members(job, true);
        *deadline = -1;
    } else if (kind != WEFT_EVENT_ANSWER) {
        kill_members(job, true);
        *reading = 0;
    } else if (event.id == key) {
        interrupt(job, deadline);
    } else if (signal_arrived(&event, buffer)) {
        if (shell.ended_by != 0 && job->number == 0)
            kill_members(job, true);
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
    while (is_running(job) || reading > 0) {
        wait_once(job, &reading, from, capture, &deadline);
        if (shell.interrupted && !is_running(job) && reading > 0) {
            weft_answer(reading, WEFT_OK, NULL, 0, NULL, 0);
            reading = 0;
        }
    }
    signal_poll();
    int status = status_of_job(job);
    if (shell.interrupted && status == STATUS_KILLED)
        status = STATUS_INTERRUPTED;
    job_free(job);
    return status;
}

/* ---- Jobs that run behind -----------------------------------------------------------------------
 */

static void tell_job(const struct job *job, const char *state, bool on_errors)
{
    struct text line = { 0 };
    text_add_char(&line, '[');
    text_add_number(&line, job->number);
    text_add_string(&line, "] ");
    text_add_string(&line, state);
    text_add_string(&line, "  ");
    text_add(&line, job->text, strcspn(job->text, "\n"));
    text_add_char(&line, '\n');
    if (on_errors)
        stream_write_all(descriptors[2], text_string(&line), line.size);
    else
        output_text(&line);
    text_free(&line);
}

void job_leave(struct job *job, bool told)
{
    job->number = jobs == NULL ? 1 : jobs->number + 1;
    if (job->members != NULL)
        shell.background = job->members->process;
    job->next = jobs;
    jobs = job;
    if (told) {
        struct text process = { 0 };
        text_add_number(&process, (int64_t)shell.background);
        tell_job(job, text_string(&process), true);
        text_free(&process);
    }
}

/* Takes the ends that have come. */
static void poll(struct job *job)
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

static const char *state_of(const struct job *job)
{
    int status = job->members == NULL ? 0 : job->members->status;
    if (is_running(job))
        return "running";
    if (status == STATUS_TRAPPED)
        return "trapped";
    if (status > STATUS_SIGNAL)
        return "killed";
    return status == 0 ? "done" : "failed";
}

/* What has ended is told of once. */
static void tell_all(bool also_running, bool on_errors)
{
    for (struct job **at = &jobs; *at != NULL;) {
        struct job *job = *at;
        poll(job);
        if (also_running || !is_running(job))
            tell_job(job, state_of(job), on_errors);
        if (is_running(job)) {
            at = &job->next;
        } else {
            *at = job->next;
            job_free(job);
        }
    }
}

void job_notify(void)
{
    tell_all(false, true);
}

/* The place of the job that %N, %, %% or a process's number names; NULL: there is none. */
static struct job **find(const char *name)
{
    struct job **at = &jobs;
    bool is_number = name[0] == '%';
    bool is_newest = is_number && (name[1] == '\0' || name[1] == '%' || name[1] == '+');
    uint64_t wanted = strtoull(name + is_number, NULL, 10);
    for (; *at != NULL && !is_newest; at = &(*at)->next) {
        if (is_number && (*at)->number == wanted)
            break;
        const struct member *member = (*at)->members;
        while (!is_number && member != NULL && member->process != wanted)
            member = member->next;
        if (!is_number && member != NULL)
            break;
    }
    return *at == NULL ? NULL : at;
}

static int wait_at(struct job **at)
{
    struct job *job = *at;
    *at = job->next;
    return job_wait(job, WEFT_NO_SLOT, NULL);
}

static int first_pending(void)
{
    int number = shell.ended_by;
    while (number == 0 || (shell.ended_by == 0 && (shell.pending & 1u << number) == 0))
        number++;
    return number;
}

/* `wait`: a signal with a trap, or one that ends the shell, ends it as well; the job stays. */
static int wait_behind(struct job **at)
{
    int64_t deadline = -1, reading = 0;
    while (is_running(*at) && !shell.interrupted && shell.pending == 0 && shell.ended_by == 0)
        wait_once(*at, &reading, WEFT_NO_SLOT, NULL, &deadline);
    bool is_signalled = shell.pending != 0 || shell.ended_by != 0;
    return is_running(*at) && is_signalled ? STATUS_SIGNAL + first_pending() : wait_at(at);
}

int job_wait_named(const char *name)
{
    int status = 0;
    if (name == NULL) {
        while (jobs != NULL && !shell.interrupted && shell.pending == 0 && shell.ended_by == 0)
            status = wait_behind(&jobs);
        bool is_signalled = shell.pending != 0 || shell.ended_by != 0;
        return shell.interrupted ? STATUS_INTERRUPTED : is_signalled ? status : 0;
    }
    struct job **at = find(name);
    return at == NULL ? STATUS_NOT_FOUND : wait_behind(at);
}

int job_list(struct words *words)
{
    (void)words;
    tell_all(true, false);
    return 0;
}

int job_foreground(struct words *words)
{
    struct job **at = find(words->count > 1 ? words->data[1] : "%%");
    if (at == NULL) {
        complain("fg", "no such job");
        return STATUS_FAILED;
    }
    output((*at)->text);
    return wait_at(at);
}

/* A shell that takes signals decides what follows; what does not, ends, as if it had done so. */
static void signal_member(struct member *member, int number)
{
    struct weft_client client = client_at(member->slot, buffer, sizeof(buffer));
    struct system_none_error_result result;
    if (number != SIGNAL_KILL && member->signals != WEFT_NO_SLOT) {
        signal_send(member->signals, number);
    } else if (!signal_is_ignored(number)) {
        member->ended_by = number;
        system_process_kill(&client, &result);
    }
}

bool job_signal(const char *name, int number)
{
    struct job **at = find(name);
    if (at == NULL)
        return false;
    poll(*at);
    bool runs = is_running(*at);
    for (struct member *member = (*at)->members; member != NULL; member = member->next)
        if (member->question != 0)
            signal_member(member, number);
    return runs || number != 0;
}
