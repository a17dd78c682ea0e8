/* Signals. The system has none: what `kill` sends to a shell is a byte in a pipe, which that shell
 * reads whenever it waits for something, and once in each turn of a loop. Programs just end.
 *
 * A shell that runs behind has such a pipe from the shell that started it; the shell that `$$`
 * names makes one for itself as soon as it starts a shell that may send something. */
#include "interface/stream_program.h"
#include "lib/start.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

/* POSIX's names, and Linux's numbers. */
static const char *const names[SIGNALS] = {
    "EXIT", "HUP",  "INT",  "QUIT", "ILL",    "TRAP", "ABRT",  "BUS",  "FPE",  "KILL", "USR1",
    "SEGV", "USR2", "PIPE", "ALRM", "TERM",   NULL,   "CHLD",  "CONT", "STOP", "TSTP", "TTIN",
    "TTOU", "URG",  "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",   "PWR",  "SYS",
};

enum { INBOXES = 2, BYTES = 64 };

struct inbox {
    int32_t slot;
    int64_t question; /* for bytes; 0: none stands */
};

static struct inbox inboxes[INBOXES];
static uint32_t inbox_count;
static int32_t main_slot = WEFT_NO_SLOT; /* what is written there gets to the shell of `$$` */
static uint8_t buffer[512];

/* ---- Names --------------------------------------------------------------------------------------
 */

const char *signal_name(int number)
{
    return number < 0 || number >= SIGNALS ? NULL : names[number];
}

static char upper(char value)
{
    return value >= 'a' && value <= 'z' ? (char)(value - 'a' + 'A') : value;
}

static bool is_same_name(const char *name, const char *other)
{
    while (*name != '\0' && upper(*name) == *other) {
        name++;
        other++;
    }
    return *name == '\0' && *other == '\0';
}

int signal_number(const char *name)
{
    char *end;
    if (name[0] >= '0' && name[0] <= '9') {
        unsigned long number = strtoul(name, &end, 10);
        return *end == '\0' && number < SIGNALS ? (int)number : -1;
    }
    for (int i = 0; i < 2; i++) {
        for (int number = 0; number < SIGNALS; number++)
            if (names[number] != NULL && is_same_name(name, names[number]))
                return number;
        bool has_prefix = upper(name[0]) == 'S' && upper(name[1]) == 'I' && upper(name[2]) == 'G';
        name += has_prefix ? 3 : 0;
    }
    return -1;
}

/* A person's shell does not end of those that mean what runs from it. */
static bool is_for_jobs(int number)
{
    return number == SIGNAL_INTERRUPT || number == SIGNAL_QUIT || number == SIGNAL_TERMINATE;
}

bool signal_is_ignored(int number)
{
    static const char *const ignored[] = { "CHLD", "CONT", "URG", "WINCH" };
    if (signal_stops(number))
        return true;
    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
        if (names[number] != NULL && strcmp(names[number], ignored[i]) == 0)
            return true;
    return number == 0;
}

bool signal_stops(int number)
{
    static const char *const stop[] = { "STOP", "TSTP", "TTIN", "TTOU" };
    for (size_t i = 0; i < sizeof(stop) / sizeof(stop[0]); i++)
        if (names[number] != NULL && strcmp(names[number], stop[i]) == 0)
            return true;
    return false;
}

/* ---- Taking -------------------------------------------------------------------------------------
 */

void signal_take(int number)
{
    const char *trap = shell.traps[number];
    bool is_trapped = trap != NULL && number != SIGNAL_KILL;
    if (is_trapped && trap[0] != '\0')
        shell.pending |= 1u << number;
    if (is_trapped || signal_is_ignored(number) || (shell.interactive && is_for_jobs(number)))
        return;
    shell.flow = FLOW_EXIT;
    shell.ended_by = number;
}

void signal_run(void)
{
    for (int number = 1; number < SIGNALS && shell.flow == FLOW_ON; number++) {
        if ((shell.pending & 1u << number) == 0)
            continue;
        shell.pending &= ~(1u << number);
        run_trap(number);
    }
}

/* ---- Pipes --------------------------------------------------------------------------------------
 */

static struct weft_client client_of(int32_t slot)
{
    return client_at(slot, buffer, sizeof(buffer));
}

static void add_inbox(int32_t slot)
{
    if (inbox_count < INBOXES)
        inboxes[inbox_count++] = (struct inbox){ slot, 0 };
}

void signal_init(void)
{
    int32_t slot = start_slot("signals");
    main_slot = start_slot("main");
    if (slot != WEFT_NO_SLOT)
        add_inbox(slot);
}

int32_t signal_main(void)
{
    int32_t reading, writing;
    if (main_slot == WEFT_NO_SLOT && !shell.is_subshell && inbox_count < INBOXES &&
        stream_pipe(&reading, &writing)) {
        main_slot = writing;
        add_inbox(reading);
    }
    return main_slot;
}

bool signal_send(int32_t slot, int number)
{
    struct weft_client client = client_of(slot);
    struct stream_u32_error_result result;
    uint8_t byte = (uint8_t)number;
    /* Waited for: what a shell has sent is there before its end is. */
    return slot != WEFT_NO_SLOT &&
           stream_write(&client, (struct weft_bytes){ &byte, 1 }, &result) == WEFT_OK &&
           !result.failed;
}

uint32_t signal_questions(int64_t *ids)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < inbox_count; i++) {
        struct weft_client client = client_of(inboxes[i].slot);
        if (inboxes[i].question == 0)
            inboxes[i].question = stream_read_send(&client, BYTES, WEFT_WANT_ANSWER);
        if (inboxes[i].question > 0)
            ids[count++] = inboxes[i].question;
    }
    return count;
}

bool signal_arrived(const struct weft_event *event, const uint8_t *body)
{
    struct body_reader reader;
    struct stream_bytes_error_result result = { .failed = true };
    for (uint32_t i = 0; i < inbox_count; i++) {
        if (inboxes[i].question != event->id)
            continue;
        inboxes[i].question = 0;
        body_reader_init(&reader, event, body);
        bool decoded = event->status == WEFT_OK && stream_read_result_decode(&reader, &result);
        if (!decoded || result.failed || result.value.size == 0)
            inboxes[i].question = -1; /* nobody can send any more */
        else
            for (uint32_t j = 0; j < result.value.size; j++)
                if (result.value.data[j] < SIGNALS)
                    signal_take(result.value.data[j]);
        return true;
    }
    return false;
}

void signal_poll(void)
{
    static uint8_t body[512];
    struct weft_event event;
    int64_t ids[INBOXES];
    uint32_t count = signal_questions(ids);
    while (count != 0 &&
           weft_wait(ids, count, &event, body, sizeof(body), 0) == WEFT_EVENT_ANSWER) {
        signal_arrived(&event, body);
        count = signal_questions(ids);
    }
}
