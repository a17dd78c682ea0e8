/* Processes, silos and interfaces, live. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "interface/terminal_program.h"
#include "programs/tool/shared/usage.h"
#include "programs/tool/shared/walk.h"
#include "programs/tool/top/view.h"

static const char help[] =
    "usage: top [-b] [-n COUNT] [-d SECONDS] [-s SILO] [-v processes|silos|interfaces]\n"
    "Shows the processes of this program's silo and of those below, live: how much of a CPU\n"
    "each used since the last look, its memory, the messages that it sent a second. -b: plain\n"
    "text, one page after another; -n: so many pages; -d: so long between them (1); -v: what is\n"
    "shown at first; -s: only that silo and those below it. Keys: Tab or s, i, p silos,\n"
    "interfaces with the time that half and 99 % of the answers did not exceed, processes; c m\n"
    "g t n u sort by CPU, memory, messages, time, name, number; / filter by name; k kill, z\n"
    "suspend, r resume a process; h or ? shows\n"
    "these; q quit. What one process asks another for is at the expense\n"
    "of who asks, so a server shows little CPU.\n";

struct options {
    bool is_batch;
    uint64_t count; /* 0: for ever */
    double seconds;
    uint64_t silo;
    enum view_kind kind;
};

static _Alignas(8) uint8_t terminal_buffer[256];

static struct weft_client terminal(void)
{
    return (struct weft_client){
        .slot = terminal_slot(),
        .buffer = terminal_buffer,
        .capacity = sizeof(terminal_buffer),
    };
}

static bool set_raw(bool is_raw)
{
    struct weft_client client = terminal();
    struct terminal_none_error_result result;
    uint32_t mode = is_raw ? TERMINAL_MODE_RAW | TERMINAL_MODE_NO_ECHO : 0;
    return terminal_set_mode(&client, mode, &result) == WEFT_OK && !result.failed;
}

static void take_size(struct page *page)
{
    struct weft_client client = terminal();
    struct terminal_size_error_result result;
    page->rows = 24;
    page->columns = 80;
    if (terminal_size(&client, &result) == WEFT_OK && !result.failed && result.value.rows != 0) {
        page->rows = result.value.rows;
        page->columns = result.value.columns;
    }
}

/* ---- Keys ---------------------------------------------------------------------------------- */

/* Waits for a key until the time is over; -1: there was none; -2: nobody types any more. */
static int read_key(double seconds)
{
    struct pollfd input = { .fd = 0, .events = POLLIN };
    unsigned char key;
    if (poll(&input, 1, (int)(seconds * 1000)) <= 0)
        return -1;
    return read(0, &key, 1) == 1 ? key : -2;
}

/* Asks for a line at the place of the note; empty: nothing was given. */
static void ask(struct view *view, struct page *page, const char *question, char *answer)
{
    size_t size = 0;
    answer[0] = '\0';
    for (;;) {
        snprintf(view->note, sizeof(view->note), "%s%s_", question, answer);
        view_show(view, page);
        page_end(page);
        int key = read_key(60);
        if (key == 27 || key < 0)
            size = 0;
        if (key == 27 || key == '\r' || key == '\n' || key < 0)
            break;
        if ((key == 127 || key == 8) && size != 0)
            size--;
        else if (key >= ' ' && key != 127 && size + 1 < FILTER_MAX)
            answer[size++] = (char)key;
        answer[size] = '\0';
    }
    answer[size] = '\0';
    view->note[0] = '\0';
}

static enum weft_status do_to(int key, int32_t process, struct system_none_error_result *done)
{
    struct weft_client *client = system_client_of(process);
    if (key == 'k')
        return system_process_kill(client, done);
    return key == 'z' ? system_process_suspend(client, done) : system_process_resume(client, done);
}

static void act(struct view *view, struct page *page, int key)
{
    char answer[FILTER_MAX];
    uint64_t number;
    struct system_process_error_result found = { .failed = true };
    struct system_none_error_result done = { .failed = true };
    const char *verb = key == 'k' ? "kill" : key == 'z' ? "suspend" : "resume";
    char question[40];
    snprintf(question, sizeof(question), "%s which process? ", verb);
    ask(view, page, question, answer);
    if (answer[0] == '\0')
        return;
    bool is_done = read_number(answer, &number) &&
                   system_find(system_client(), number, &found) == WEFT_OK && !found.failed &&
                   do_to(key, found.value, &done) == WEFT_OK && !done.failed;
    snprintf(view->note, sizeof(view->note),
             is_done ? "%s %s: done" : "%s %s: there is no such process", verb, answer);
}

/* False: that was all. */
static bool take_key(struct view *view, struct page *page, int key)
{
    static const char orders[] = "cmgtnu";
    const char *order = strchr(orders, key);
    if (key == 'q' || key == -2)
        return false;
    if (key == 'h' || key == '?')
        view->shows_keys = !view->shows_keys;
    else if (key >= 0)
        view->shows_keys = false;
    if (key == 's' || key == 'i' || key == 'p')
        view->kind = key == 's' ? VIEW_SILOS : key == 'i' ? VIEW_INTERFACES : VIEW_PROCESSES;
    else if (key == '\t')
        view->kind = (view->kind + 1) % VIEW_COUNT;
    else if (key == '/')
        ask(view, page, "show names with: ", view->filter);
    else if (key == 'k' || key == 'z' || key == 'r')
        act(view, page, key);
    else if (order != NULL && key > 0)
        view->order = (enum view_order)(order - orders);
    return true;
}

/* ---- The two ways -------------------------------------------------------------------------- */

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Keys until it is time for new figures; false: quit. */
static bool wait_and_obey(struct view *view, struct page *page, double seconds)
{
    double until = seconds_now() + seconds;
    for (;;) {
        double left = until - seconds_now();
        int key = left <= 0 ? -1 : read_key(left);
        if (key == -1)
            return true;
        if (!take_key(view, page, key))
            return false;
        take_size(page);
        view_show(view, page);
        page_end(page);
    }
}

static int show_live(struct view *view, const struct options *options)
{
    struct page page = { .is_screen = true };
    enum weft_status status = WEFT_OK;
    if (!set_raw(true)) {
        fputs(
            "top: there is no terminal, or it may not be used (--allow terminal); -b needs none\n",
            stderr);
        return EXIT_FAILED;
    }
    bool goes_on = fputs("\x1b[?1049h", stdout) != EOF && fflush(stdout) == 0;
    for (uint64_t i = 0; goes_on && (options->count == 0 || i < options->count); i++) {
        status = view_take(view);
        if (status != WEFT_OK)
            break;
        take_size(&page);
        view_show(view, &page);
        goes_on = page_end(&page) && wait_and_obey(view, &page, options->seconds);
    }
    set_raw(false);
    fputs("\x1b[?1049l", stdout);
    return status == WEFT_OK ? 0 : tell_status("top", status);
}

static int show_batch(struct view *view, const struct options *options)
{
    struct page page = { .is_screen = false };
    enum weft_status status = view_take(view);
    for (uint64_t i = 0; status == WEFT_OK && (options->count == 0 || i < options->count); i++) {
        usleep((useconds_t)(options->seconds * 1e6));
        status = view_take(view);
        if (status != WEFT_OK)
            break;
        view_show(view, &page);
        page_line(&page);
        if (!page_end(&page))
            return EXIT_FAILED;
    }
    return status == WEFT_OK ? 0 : tell_status("top", status);
}

/* ---- Options ------------------------------------------------------------------------------- */

static bool read_kind(const char *text, enum view_kind *kind)
{
    static const char *const names[] = { "processes", "silos", "interfaces" };
    for (int i = 0; i < VIEW_COUNT; i++)
        if (strcmp(names[i], text) == 0) {
            *kind = (enum view_kind)i;
            return true;
        }
    return false;
}

static bool read_options(int count, char **arguments, struct options *options)
{
    int option;
    char *end;
    while ((option = getopt(count, arguments, "bn:d:s:v:")) != -1) {
        if (option == 'b') {
            options->is_batch = true;
        } else if (option == 'n') {
            if (!read_number(optarg, &options->count) || options->count == 0)
                return false;
        } else if (option == 's') {
            if (!read_number(optarg, &options->silo))
                return false;
        } else if (option == 'd') {
            options->seconds = strtod(optarg, &end);
            if (*end != '\0' || !(options->seconds >= 0.05 && options->seconds <= 3600))
                return false;
        } else if (option != 'v' || !read_kind(optarg, &options->kind)) {
            return false;
        }
    }
    return optind == count;
}

int main(int count, char **arguments)
{
    static struct view view;
    struct options options = { .seconds = 1 };
    struct system_silo_status silo;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (!read_options(count, arguments, &options))
        return tell_misuse(help, count, arguments);
    if (options.silo != 0 && !walk_find_silo(options.silo, &silo)) {
        fprintf(stderr, "top: %" PRIu64 ": there is no such silo, or it is not this program's to see; "
                        "`silo list` shows which are\n", options.silo);
        return EXIT_FAILED;
    }
    view.kind = options.kind;
    view.silo = options.silo;
    return options.is_batch ? show_batch(&view, &options) : show_live(&view, &options);
}
