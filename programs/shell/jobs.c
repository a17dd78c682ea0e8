/* Jobs that the shell has left: behind, or stopped. */
#include "lib/server.h"
#include "programs/shell/job.h"

#include <stdlib.h>
#include <string.h>

static struct job *jobs; /* the current one first, and the one before it */
static struct job *disowned; /* they go on, and keep what they have */

/* ---- Telling of them ----------------------------------------------------------------------------
 */

static void add_state(const struct job *job, struct text *text)
{
    int status = job->members == NULL ? 0 : job->members->status;
    size_t begin = text->size;
    if (job->is_stopped && job_is_running(job))
        text_add_string(text, "Stopped");
    else if (job_is_running(job))
        text_add_string(text, "Running");
    else if (status == STATUS_TRAPPED)
        text_add_string(text, "Trapped");
    else if (status == STATUS_KILLED)
        text_add_string(text, "Killed");
    else if (status == STATUS_SIGNAL + SIGNAL_TERMINATE)
        text_add_string(text, "Terminated");
    else
        text_add_string(text, "Done");
    if (!job_is_running(job) && status != 0 && text->size - begin == 4) {
        text_add_char(text, '(');
        text_add_number(text, status);
        text_add_char(text, ')');
    }
    text_add_char(text, ' ');
    while (text->size - begin < 10)
        text_add_char(text, ' ');
}

/* `[1]+  `: the current job has a plus, the one before it a minus. */
static void add_number(const struct job *job, struct text *text)
{
    text_add_char(text, '[');
    text_add_number(text, job->number);
    text_add_char(text, ']');
    text_add_char(text, job == jobs ? '+' : jobs != NULL && job == jobs->next ? '-' : ' ');
}

static void add_command(const struct job *job, struct text *text)
{
    size_t size = strlen(job->text);
    while (size != 0 && job->text[size - 1] == '\n')
        size--;
    text_add(text, job->text, size);
}

static void tell_job(const struct job *job, bool with_process, bool on_errors)
{
    struct text line = { 0 };
    add_number(job, &line);
    text_add_string(&line, with_process ? " " : "  ");
    if (with_process && job->members != NULL) {
        text_add_number(&line, (int64_t)job->members->process);
        text_add_char(&line, ' ');
    }
    add_state(job, &line);
    add_command(job, &line);
    text_add_char(&line, '\n');
    if (on_errors)
        stream_write_all(descriptors[2], text_string(&line), line.size);
    else
        output_text(&line);
    text_free(&line);
}

/* ---- The list -----------------------------------------------------------------------------------
 */

static void add_job(struct job *job)
{
    uint32_t last = 0;
    for (const struct job *at = jobs; at != NULL; at = at->next)
        last = at->number > last ? at->number : last;
    if (job->number == 0)
        job->number = last + 1;
    job->next = jobs;
    jobs = job;
}

void job_leave(struct job *job, bool told)
{
    if (job->members != NULL)
        shell.background = job->members->process;
    add_job(job);
    if (!told)
        return;
    struct text line = { 0 };
    text_add_char(&line, '[');
    text_add_number(&line, job->number);
    text_add_string(&line, "] ");
    text_add_number(&line, (int64_t)shell.background);
    text_add_char(&line, '\n');
    stream_write_all(descriptors[2], text_string(&line), line.size);
    text_free(&line);
}

void job_keep_stopped(struct job *job)
{
    if (job->text == NULL)
        job->text = run_shown();
    front_give(&job->front);
    job->is_behind = true;
    shell.left_job = true;
    add_job(job);
    stream_write_all(descriptors[2], "\n", 1);
    tell_job(job, false, true);
}

static struct job *with_number(uint32_t number)
{
    struct job *job = jobs;
    while (job != NULL && job->number != number)
        job = job->next;
    return job;
}

static uint32_t last_number(void)
{
    uint32_t last = 0;
    for (const struct job *job = jobs; job != NULL; job = job->next)
        last = job->number > last ? job->number : last;
    return last;
}

static void take_out(struct job *job)
{
    struct job **at = &jobs;
    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
}

void job_notify(void)
{
    uint32_t last = last_number();
    for (uint32_t number = 1; number <= last; number++) {
        struct job *job = with_number(number);
        if (job == NULL)
            continue;
        job_poll(job);
        if (job_is_running(job) && !job->is_news)
            continue;
        job->is_news = false;
        tell_job(job, false, true);
        if (job_is_running(job))
            continue;
        take_out(job);
        job_free(job);
    }
}

static bool has_stopped(void)
{
    for (struct job *job = jobs; job != NULL; job = job->next) {
        job_poll(job);
        if (job->is_stopped && job_is_running(job))
            return true;
    }
    return false;
}

bool job_warns(void)
{
    if (!shell.interactive || shell.warned != 0 || !has_stopped())
        return false;
    complain(NULL, "there are stopped jobs; they end with the shell");
    shell.warned = 2;
    return true;
}

void job_end_stopped(void)
{
    for (struct job *job = jobs; job != NULL; job = job->next)
        if (job->is_stopped)
            job_kill(job, true);
}

/* ---- Their names --------------------------------------------------------------------------------
 */

static bool has_process(const struct job *job, uint64_t process)
{
    const struct member *member = job->members;
    while (member != NULL && member->process != process)
        member = member->next;
    return member != NULL;
}

/* %TEXT begins like that, %?TEXT has it somewhere; a text that is several jobs' is the newest's. */
static bool has_text(const struct job *job, const char *text)
{
    if (text[0] == '?')
        return strstr(job->text, text + 1) != NULL;
    return strncmp(job->text, text, strlen(text)) == 0;
}

static bool is_digits(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* The job that %N, %%, %+, %-, %TEXT or a process's number names; NULL: there is none. */
static struct job *find(const char *name)
{
    struct job *job = jobs;
    if (name[0] != '%') {
        uint64_t process = strtoull(name, NULL, 10);
        while (job != NULL && !has_process(job, process))
            job = job->next;
        return job;
    }
    name++;
    if (name[0] == '\0' || strcmp(name, "%") == 0 || strcmp(name, "+") == 0)
        return jobs;
    if (strcmp(name, "-") == 0)
        return jobs != NULL && jobs->next != NULL ? jobs->next : jobs;
    if (is_digits(name))
        return with_number((uint32_t)strtoul(name, NULL, 10));
    while (job != NULL && !has_text(job, name))
        job = job->next;
    return job;
}

void job_names(struct words *names)
{
    for (const struct job *job = jobs; job != NULL; job = job->next) {
        struct text name = { 0 };
        text_add_char(&name, '%');
        text_add_number(&name, job->number);
        words_add(names, text_release(&name));
    }
}

static struct job *find_or_complain(const char *who, const char *name)
{
    struct job *job = find(name);
    if (job == NULL)
        complain(who, name[0] == '%' && name[1] == '%' ? "there is no job" : "no such job");
    return job;
}

/* ---- Waiting for them ---------------------------------------------------------------------------
 */

static int first_pending(void)
{
    int number = shell.ended_by;
    while (number == 0 || (shell.ended_by == 0 && (shell.pending & 1u << number) == 0))
        number++;
    return number;
}

static bool is_signalled(void)
{
    return shell.pending != 0 || shell.ended_by != 0;
}

static bool waits_for(const struct job *job)
{
    return job_is_running(job) && !job->is_stopped;
}

/* `wait`: a signal with a trap, or one that ends the shell, ends it as well; the job stays, as one
 * that is stopped does. */
static int wait_behind(struct job *job)
{
    int64_t deadline = -1;
    while (waits_for(job) && !shell.interrupted && !is_signalled())
        job_wait_event(job, &deadline);
    if (waits_for(job) && is_signalled())
        return STATUS_SIGNAL + first_pending();
    if (job->is_stopped && job_is_running(job))
        return STATUS_SIGNAL + job->stopped_by;
    take_out(job);
    return job_wait(job, WEFT_NO_SLOT, NULL);
}

/* The current one that is not stopped. */
static struct job *first_running(void)
{
    struct job *job = jobs;
    while (job != NULL && job->is_stopped && job_is_running(job))
        job = job->next;
    return job;
}

int job_wait_named(const char *name)
{
    int status = 0;
    struct job *job;
    if (name == NULL) {
        while ((job = first_running()) != NULL && !shell.interrupted && !is_signalled())
            status = wait_behind(job);
        return shell.interrupted ? STATUS_INTERRUPTED : is_signalled() ? status : 0;
    }
    job = find(name);
    return job == NULL ? STATUS_NOT_FOUND : wait_behind(job);
}

/* ---- Builtins -----------------------------------------------------------------------------------
 */

static void list_job(struct job *job, bool with_process, bool only_process)
{
    job_poll(job);
    if (only_process) {
        struct text line = { 0 };
        text_add_number(&line, job->members == NULL ? 0 : (int64_t)job->members->process);
        text_add_char(&line, '\n');
        output_text(&line);
        text_free(&line);
        return;
    }
    job->is_news = false;
    tell_job(job, with_process, false);
    if (job_is_running(job))
        return;
    take_out(job);
    job_free(job);
}

int job_list(struct words *words)
{
    bool with_process = false, only_process = false;
    size_t at = 1;
    for (; at < words->count && words->data[at][0] == '-' && words->data[at][1] != '\0'; at++) {
        const char *options = words->data[at] + 1;
        if (options[strspn(options, "lp")] != '\0')
            return builtin_misused("jobs");
        with_process |= strchr(options, 'l') != NULL;
        only_process |= strchr(options, 'p') != NULL;
    }
    int status = 0;
    uint32_t last = at == words->count ? last_number() : 0;
    for (uint32_t number = 1; number <= last; number++) {
        struct job *job = with_number(number);
        if (job != NULL)
            list_job(job, with_process, only_process);
    }
    for (; at < words->count; at++) {
        struct job *job = find_or_complain("jobs", words->data[at]);
        if (job == NULL)
            status = STATUS_FAILED;
        else
            list_job(job, with_process, only_process);
    }
    return status;
}

int job_foreground(struct words *words)
{
    struct job *job = find_or_complain("fg", words->count > 1 ? words->data[1] : "%%");
    struct text line = { 0 };
    if (job == NULL)
        return STATUS_FAILED;
    add_command(job, &line);
    text_add_char(&line, '\n');
    output_text(&line);
    text_free(&line);
    take_out(job);
    job->is_behind = false;
    front_take(&job->front);
    if (job->is_stopped)
        job_go_on(job);
    return job_wait(job, WEFT_NO_SLOT, NULL);
}

static int go_on_behind(const char *name)
{
    struct job *job = find_or_complain("bg", name);
    struct text line = { 0 };
    if (job == NULL)
        return STATUS_FAILED;
    job_poll(job);
    if (job->is_stopped)
        job_go_on(job);
    add_number(job, &line);
    text_add_char(&line, ' ');
    add_command(job, &line);
    text_add_string(&line, " &\n");
    output_text(&line);
    text_free(&line);
    if (job->members != NULL)
        shell.background = job->members->process;
    return 0;
}

int job_background(struct words *words)
{
    int status = words->count == 1 ? go_on_behind("%%") : 0;
    for (size_t i = 1; i < words->count; i++)
        if (go_on_behind(words->data[i]) != 0)
            status = STATUS_FAILED;
    return status;
}

static int disown(const char *name)
{
    struct job *job = find_or_complain("disown", name);
    if (job == NULL)
        return STATUS_FAILED;
    take_out(job);
    job->next = disowned;
    disowned = job;
    return 0;
}

int job_disown(struct words *words)
{
    int status = words->count == 1 ? disown("%%") : 0;
    for (size_t i = 1; i < words->count; i++)
        if (disown(words->data[i]) != 0)
            status = STATUS_FAILED;
    return status;
}

bool job_signal(const char *name, int number)
{
    struct job *job = find(name);
    if (job == NULL)
        return is_digits(name) && job_signal_process(strtoull(name, NULL, 10), number);
    job_poll(job);
    bool runs = job_is_running(job);
    if (signal_stops(number)) {
        job->is_news = runs && !job->is_stopped;
        job_stop(job, number);
    } else if (number == SIGNAL_CONTINUE) {
        job_go_on(job);
    } else {
        job_send(job, number);
    }
    return runs || number != 0;
}
