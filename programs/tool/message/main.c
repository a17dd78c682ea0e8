/* Messages, looked at on their way. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/server.h"
#include "programs/tool/message/rows.h"
#include "programs/tool/message/run.h"
#include "programs/tool/shared/times.h"
#include "programs/tool/shared/usage.h"

static const char help[] =
    "usage: message trace [-n COUNT] SILO [INTERFACE [TAG]]\n"
    "       message trace [-n COUNT] INTERFACE [TAG]\n"
    "       message run PROGRAM [ARGUMENT...]\n"
    "Prints what the processes of a silo (below this program's own) send to an interface, and\n"
    "what they are answered: who sent it, the function with its parameters, the result, how\n"
    "long it took. With a silo alone: to all interfaces, each line\n"
    "with its name. With an interface alone: what all silos right below send to it. What is traced\n"
    "then is told first. The messages pass through this program, which changes nothing in them; when\n"
    "it ends, all is as it was. What is already on its way through it then is answered as by a\n"
    "handler that died; -n: it ends after so many messages, when all that it has is answered. run:\n"
    "runs a program in a silo of its own, prints all that it sends on standard error, and ends with its\n"
    "status; where programs are asked about, as in `./run shell`, no others can be traced.\n"
    "Objects that a handler gives (an open file, a stream) are talked to directly, which is not\n"
    "seen. Interfaces that are answered by who asks (system, statistics, power, terminal)\n"
    "cannot be traced.\n";

enum { EXIT_TRAPPED = 134, EXIT_KILLED = 137 };

/* A message that was sent on, and will be answered. */
struct pending {
    int64_t taken; /* its id as it came; 0: the place is free */
    int64_t sent;  /* as it went on */
    uint64_t number;
    double since;
    const struct wire_function *function;
};

static struct {
    FILE *out;
    int64_t ended; /* the question for the end of the program that is run; 0: none is */
    int status;    /* the program's, once it has ended */
    struct pending *pending;
    uint32_t pending_capacity;
    uint32_t pending_count;
    uint64_t number; /* of the last message */
    uint8_t *body;
    uint32_t capacity;
} trace;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- What is under way ---- */

/* NULL: there is no memory. */
static struct pending *new_pending(void)
{
    for (uint32_t i = 0; i < trace.pending_capacity; i++)
        if (trace.pending[i].taken == 0)
            return &trace.pending[i];
    uint32_t capacity = 2 * trace.pending_capacity + 16;
    struct pending *larger = realloc(trace.pending, capacity * sizeof(*larger));
    if (larger == NULL)
        return NULL;
    memset(larger + trace.pending_capacity, 0,
           (capacity - trace.pending_capacity) * sizeof(*larger));
    struct pending *pending = &larger[trace.pending_capacity];
    trace.pending = larger;
    trace.pending_capacity = capacity;
    return pending;
}

static struct pending *find(int64_t id, bool as_sent)
{
    for (uint32_t i = 0; i < trace.pending_capacity; i++)
        if (trace.pending[i].taken != 0 &&
            (as_sent ? trace.pending[i].sent : trace.pending[i].taken) == id)
            return &trace.pending[i];
    return NULL;
}

static void forget(struct pending *pending)
{
    pending->taken = 0;
    trace.pending_count--;
}

/* ---- Events ---- */

static void print_gifts(const struct weft_event *event)
{
    if (event->gift_count != 0)
        fprintf(trace.out, " with %" PRIu32 " slot%s", event->gift_count, event->gift_count == 1 ? "" : "s");
}

/* The sender hears why it could not be sent on, as it would have from the call itself. */
static void refuse(const struct weft_event *event, int64_t status)
{
    server_close(event->gifts, event->gift_count);
    if (event->id != 0)
        weft_answer(event->id, (int32_t)-status, NULL, 0, NULL, 0);
    fprintf(trace.out, "#%" PRIu64 " could not be sent on: status %" PRId64 "\n", trace.number, -status);
}

static void take_message(const struct weft_event *event)
{
    struct wire_text text;
    struct pending *pending = event->id == 0 ? NULL : new_pending();
    const struct row *row = row_of(event);
    const struct wire_function *function =
        wire_request(row != NULL && row->is_known ? &row->definition : NULL, trace.body,
                     event->size, &text);
    fprintf(trace.out, "#%" PRIu64 " %" PRIu64 " -> ", ++trace.number, event->sender);
    fprintf(trace.out, "%s%s%s", rows_are_several() && row != NULL ? row->name : "",
           rows_are_several() && row != NULL ? "." : "", text.bytes);
    print_gifts(event);
    fputc('\n', trace.out);
    if (row == NULL || (event->id != 0 && pending == NULL)) {
        refuse(event, row == NULL ? -WEFT_GONE : -WEFT_NO_MEMORY);
        return;
    }
    double since = seconds_now();
    int64_t sent = weft_send(row->below, trace.body, event->size, event->gifts, event->gift_count,
                             event->id != 0 ? WEFT_WANT_ANSWER : 0);
    if (sent < 0) {
        refuse(event, sent);
    } else if (pending != NULL) {
        *pending = (struct pending){ event->id, sent, trace.number, since, function };
        trace.pending_count++;
    }
}

static void print_answer(const struct pending *pending, const struct weft_event *event)
{
    struct wire_text text;
    char time[16];
    time_write(time, sizeof(time), 1e9 * (seconds_now() - pending->since));
    fprintf(trace.out, "#%" PRIu64 " <- ", pending->number);
    if (event->status != WEFT_OK) {
        fprintf(trace.out, "status %" PRId32, event->status);
    } else {
        wire_answer(pending->function, trace.body, event->size, &text);
        fprintf(trace.out, "%s", text.size != 0 ? text.bytes : "done");
    }
    print_gifts(event);
    fprintf(trace.out, "  %s\n", time);
}

static void take_end(const struct weft_event *event)
{
    struct body_reader reader;
    struct system_ending ending;
    body_reader_init(&reader, event, trace.body);
    trace.ended = 0;
    trace.status = EXIT_KILLED;
    if (event->status != WEFT_OK || !system_process_ended_result_decode(&reader, &ending))
        return;
    if (ending.tag == SYSTEM_ENDING_EXITED)
        trace.status = (int)ending.exited;
    else if (ending.tag == SYSTEM_ENDING_TRAPPED)
        trace.status = EXIT_TRAPPED;
}

static void take_answer(const struct weft_event *event)
{
    struct pending *pending = find(event->id, true);
    if (event->id == trace.ended && trace.ended != 0)
        take_end(event);
    if (pending == NULL)
        return;
    int32_t status = weft_answer(pending->taken, event->status, trace.body, event->size,
                                 event->gifts, event->gift_count);
    if (status != 0)
        server_close(event->gifts, event->gift_count);
    print_answer(pending, event);
    forget(pending);
}

static void take_withdrawn(const struct weft_event *event)
{
    struct pending *pending = find(event->id, false);
    if (pending == NULL)
        return;
    weft_answer(pending->sent, 0, NULL, 0, NULL, 0); /* takes it back, too */
    fprintf(trace.out, "#%" PRIu64 " was taken back\n", pending->number);
    forget(pending);
}

/* Room for a body that did not fit; without memory its message is refused. */
static void make_room(const struct weft_event *event)
{
    uint8_t *larger = realloc(trace.body, event->size);
    if (larger == NULL) {
        weft_answer(event->id, WEFT_TOO_LARGE, NULL, 0, NULL, 0);
        return;
    }
    trace.body = larger;
    trace.capacity = event->size;
}

/* Until there were so many and all are answered, or the program that is run has ended. */
static int pass_messages(uint64_t count)
{
    struct weft_event event;
    bool is_run = trace.ended != 0;
    while (is_run ? trace.ended != 0 : trace.number < count || trace.pending_count != 0) {
        int32_t kind = weft_wait(NULL, 0, &event, trace.body, trace.capacity, -1);
        if (kind == -WEFT_TOO_LARGE)
            make_room(&event);
        else if (kind == WEFT_EVENT_MESSAGE)
            take_message(&event);
        else if (kind == WEFT_EVENT_ANSWER)
            take_answer(&event);
        else if (kind == WEFT_EVENT_WITHDRAWN)
            take_withdrawn(&event);
        else if (kind < 0)
            return tell_status("message", (enum weft_status) - kind);
        if (fflush(trace.out) != 0)
            return EXIT_FAILED;
    }
    return trace.status;
}

/* ---- What is asked for ---- */

struct request {
    uint64_t count;
    uint64_t silo; /* 0: none was told */
    char *words[3];
    int word_count;
};

/* Options stand anywhere behind `trace`. */
static int read_request(int count, char **arguments, struct request *request)
{
    for (int i = 2; i < count; i++) {
        if (strcmp(arguments[i], "-n") == 0 && i + 1 < count) {
            if (!read_number(arguments[++i], &request->count))
                return tell_wrong(help, arguments[i], "it is no number of messages");
        } else if (arguments[i][0] == '-') {
            return tell_wrong(help, arguments[i], "it knows no such option; there is -n COUNT");
        } else if (request->word_count == 3) {
            return tell_misuse(help, count, arguments);
        } else {
            request->words[request->word_count++] = arguments[i];
        }
    }
    return request->word_count == 0 ? tell_misuse(help, count, arguments) : 0;
}

static int begin(struct request *request)
{
    char **words = request->words;
    bool has_silo = read_number(words[0], &request->silo) && strlen(words[0]) < 20;
    bool has_interface = request->word_count > has_silo;
    const char *tag = request->word_count == 2 + has_silo ? words[1 + has_silo] : "";
    if (request->word_count == 3 && !has_silo)
        return tell_wrong(help, words[0], "it is no number of a silo; `silo list` shows them");
    if (has_silo && request->silo == 0)
        return tell_wrong(help, words[0], "silos are numbered from 1");
    if (!has_silo)
        request->silo = 0;
    int failed = has_interface ? rows_trace(request->silo, words[has_silo], tag)
                               : rows_trace_all(request->silo);
    if (failed == 0 && !(has_silo && has_interface))
        rows_tell();
    return failed;
}

int main(int count, char **arguments)
{
    struct request request = { .count = UINT64_MAX };
    bool is_run = count >= 3 && strcmp(arguments[1], "run") == 0 && arguments[2][0] != '-';
    if (!is_run && asks_for_help(count, arguments, help))
        return 0;
    if (!is_run && (count < 3 || strcmp(arguments[1], "trace") != 0))
        return tell_misuse(help, count, arguments);
    trace.out = is_run ? stderr : stdout;
    trace.capacity = 64 << 10;
    trace.body = malloc(trace.capacity);
    if (trace.body == NULL)
        return tell_error("message", SYSTEM_ERROR_NO_MEMORY);
    int failed = is_run ? run_traced(arguments + 2, &trace.ended)
                        : read_request(count, arguments, &request);
    if (failed == 0 && !is_run)
        failed = begin(&request);
    return failed != 0 ? failed : pass_messages(request.count);
}
