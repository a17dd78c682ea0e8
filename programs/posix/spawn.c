/* Starting other programs, and waiting for them. A file is read and given to the kernel, which
 * names it by its hash; the new process gets streams and directories as this one has them, and its
 * silo. To become another program is to start it, and to end as it ends. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interface/pipe_program.h"
#include "interface/system_program.h"
#include "lib/client.h"
#include "lib/fd_slot.h"

enum {
    CHILDREN_MAX = 256,
    PATH_BYTES = 4096,
    MARGIN = 1024,
    STATUS_TRAPPED = 6,  /* SIGABRT */
    STATUS_KILLED = 9,   /* SIGKILL */
    ANSWER_BYTES = 8192, /* an ending's text is shorter */
};

struct child {
    pid_t process; /* 0: not in use */
    int32_t slot;
    int64_t ended; /* the message that its end answers; 0: it has ended */
    int status;    /* as `wait` has it */
};

static struct child children[CHILDREN_MAX];
static uint64_t silo; /* in which programs are started; 0: that of this one */
static _Alignas(8) uint8_t answer[ANSWER_BYTES];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = answer, .capacity = sizeof(answer) };
}

static void close_slot(int32_t slot)
{
    struct weft_client client = client_of(system_slot());
    system_close(&client, (struct system_any_list){ &slot, 1 });
}

/* ---- Weft's own additions to WASI (programs/library/wasi/wasi.h) ---- */

#define WASI_IMPORT(name)                                                                          \
    __attribute__((import_module("wasi_snapshot_preview1"), import_name(name))) extern

WASI_IMPORT("fd_prestat_get") int wasi_fd_prestat_get(int descriptor, unsigned prestat[2]);
WASI_IMPORT("fd_prestat_dir_name")
int wasi_fd_prestat_dir_name(int descriptor, char *name, unsigned size);

/* ---- Finding ----------------------------------------------------------------------------------
 */

/* NAME.wasm comes before NAME, as in the shell. */
static int open_in(const char *directory, size_t size, const char *name)
{
    static const char *const ends[] = { ".wasm", "" };
    char path[PATH_BYTES];
    struct stat status;
    for (int i = 0; i < 2; i++) {
        if (size + strlen(name) + 8 > sizeof(path))
            continue;
        memcpy(path, directory, size);
        path[size] = '\0';
        if (size != 0)
            strcat(path, "/");
        strcat(strcat(path, name), ends[i]);
        if (stat(path, &status) == 0 && S_ISREG(status.st_mode))
            return open(path, O_RDONLY);
    }
    errno = ENOENT;
    return -1;
}

static int open_program(const char *name)
{
    const char *path = getenv("PATH");
    if (strchr(name, '/') != NULL)
        return open_in("", 0, name);
    while (path != NULL && name[0] != '\0') {
        size_t size = strcspn(path, ":");
        int descriptor = open_in(size == 0 ? "." : path, size == 0 ? 1 : size, name);
        if (descriptor >= 0)
            return descriptor;
        path = path[size] == ':' ? path + size + 1 : NULL;
    }
    errno = ENOENT;
    return -1;
}

/* All of the file, and room behind it; NULL and errno. */
static uint8_t *read_file(int descriptor, size_t *size)
{
    struct stat status;
    *size = 0;
    if (fstat(descriptor, &status) != 0)
        return NULL;
    size_t capacity = (size_t)status.st_size;
    uint8_t *bytes = malloc(capacity + MARGIN);
    while (bytes != NULL && *size < capacity) {
        ssize_t count = read(descriptor, bytes + *size, capacity - *size);
        if (count <= 0)
            break;
        *size += (size_t)count;
    }
    return bytes;
}

struct program {
    uint8_t cid[64];
    uint32_t size;
};

static int add_program(const uint8_t *bytes, size_t size, struct program *program)
{
    struct system_bytes_error_result result = { .failed = true };
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = malloc(size + MARGIN),
                                  .capacity = (uint32_t)size + MARGIN };
    errno = client.buffer == NULL ? ENOMEM : ENOEXEC;
    if (client.buffer != NULL &&
        system_add_program(&client, (struct weft_bytes){ bytes, (uint32_t)size }, &result) ==
            WEFT_OK &&
        !result.failed && result.value.size <= sizeof(program->cid)) {
        memcpy(program->cid, result.value.data, result.value.size);
        program->size = result.value.size;
    }
    free(client.buffer);
    return program->size != 0 ? 0 : -1;
}

/* `sh`, also by its path, is what Unix calls the shell. */
static int find_program(const char *name, struct program *program)
{
    size_t size;
    int descriptor = open_program(name);
    program->size = 0;
    if (descriptor < 0 && (strcmp(name, "sh") == 0 || strcmp(name, "/bin/sh") == 0))
        descriptor = open_program("shell");
    if (descriptor < 0)
        return -1;
    uint8_t *bytes = read_file(descriptor, &size);
    int result = bytes == NULL ? -1 : add_program(bytes, size, program);
    free(bytes);
    int kept = errno;
    close(descriptor);
    errno = kept;
    return result;
}

/* ---- The start record ---------------------------------------------------------------------------
 */

struct slots {
    struct system_named_slot data[WEFT_GIFTS_MAX];
    char names[WEFT_GIFTS_MAX][256];
    bool is_made[WEFT_GIFTS_MAX]; /* here: it is closed once it was given */
    uint32_t count;
};

static int32_t copy_slot(int32_t slot)
{
    struct system_any_error_result result = { .failed = true };
    struct weft_client client = client_of(system_slot());
    return system_copy(&client, slot, &result) == WEFT_OK && !result.failed ? result.value
                                                                            : WEFT_NO_SLOT;
}

/* A stream over an open file, from its start on. */
static int32_t stream_over(int32_t node)
{
    struct pipe_end_error_result result = { .failed = true };
    int32_t copy = copy_slot(node);
    struct weft_client client = client_of(pipe_slot());
    if (copy == WEFT_NO_SLOT)
        return copy;
    if (pipe_over(&client, copy, &result) == WEFT_OK && !result.failed)
        return result.value;
    return WEFT_NO_SLOT;
}

static int32_t nothing(void)
{
    struct pipe_end_error_result result = { .failed = true };
    struct weft_client client = client_of(pipe_slot());
    return pipe_nothing(&client, &result) == WEFT_OK && !result.failed ? result.value
                                                                       : WEFT_NO_SLOT;
}

static void add_slot(struct slots *slots, const char *name, int32_t slot, bool is_made)
{
    uint32_t at = slots->count;
    if (slot == WEFT_NO_SLOT || at == WEFT_GIFTS_MAX)
        return;
    strncpy(slots->names[at], name, sizeof(slots->names[at]) - 1);
    slots->data[at].name = (struct weft_bytes){ (const uint8_t *)slots->names[at],
                                                (uint32_t)strlen(slots->names[at]) };
    slots->data[at].slot = slot;
    slots->is_made[at] = is_made;
    slots->count++;
}

static void add_streams(struct slots *slots, const int streams[3])
{
    static const char *const names[] = { "stdin", "stdout", "stderr" };
    for (int i = 0; i < 3; i++) {
        int slot, kind;
        if (streams[i] == POSIX_NOTHING)
            add_slot(slots, names[i], nothing(), true);
        else if (wasi_fd_slot(streams[i], &slot, &kind) != 0)
            continue;
        else if (kind == FD_KIND_STREAM)
            add_slot(slots, names[i], slot, false);
        else if (kind == FD_KIND_NODE)
            add_slot(slots, names[i], stream_over(slot), true);
    }
}

static void add_directories(struct slots *slots)
{
    unsigned prestat[2]; /* what it is, and the size of its name */
    for (int descriptor = 3; wasi_fd_prestat_get(descriptor, prestat) == 0; descriptor++) {
        char name[256] = "dir:";
        int slot, kind;
        if (prestat[1] < sizeof(name) - 4 &&
            wasi_fd_prestat_dir_name(descriptor, name + 4, prestat[1]) == 0 &&
            wasi_fd_slot(descriptor, &slot, &kind) == 0)
            add_slot(slots, name, slot, false);
    }
}

static uint32_t count_of(char *const list[])
{
    uint32_t count = 0;
    while (list != NULL && list[count] != NULL)
        count++;
    return count;
}

static struct weft_bytes bytes_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

/* Variables by name and value, with PWD as it is now; the caller frees them. */
static struct system_string_string_tuple_list variables_of(char *const environment[])
{
    static char here[PATH_BYTES];
    uint32_t count = 0;
    struct system_string_string_tuple *pairs = calloc(count_of(environment) + 1, sizeof(*pairs));
    for (uint32_t i = 0; pairs != NULL && i < count_of(environment); i++) {
        const char *sign = strchr(environment[i], '=');
        if (sign == NULL || strncmp(environment[i], "PWD=", 4) == 0)
            continue;
        pairs[count++] = (struct system_string_string_tuple){ { (const uint8_t *)environment[i],
                                                                (uint32_t)(sign - environment[i]) },
                                                              bytes_of(sign + 1) };
    }
    if (pairs != NULL && getcwd(here, sizeof(here)) != NULL)
        pairs[count++] = (struct system_string_string_tuple){ WEFT_BYTES("PWD"), bytes_of(here) };
    return (struct system_string_string_tuple_list){ pairs, count };
}

/* ---- Starting
 * ------------------------------------------------------------------------------------ */

static int errno_of(enum system_error error)
{
    switch (error) {
    case SYSTEM_ERROR_NOT_FOUND:
        return ENOENT;
    case SYSTEM_ERROR_DENIED:
        return EACCES;
    case SYSTEM_ERROR_LIMIT:
        return EAGAIN;
    case SYSTEM_ERROR_NO_MEMORY:
        return ENOMEM;
    default:
        return ENOEXEC;
    }
}

/* The gifts of the request are copies; 0 and `*slot`, or an errno. */
static int request(const struct system_spawn_options *options, const struct slots *slots,
                   size_t size, int32_t *slot)
{
    struct system_process_error_result result = { .failed = true };
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = malloc(size),
                                  .capacity = (uint32_t)size };
    if (client.buffer == NULL)
        return ENOMEM;
    system_spawn_encode(client_begin(&client), *options,
                        (struct system_named_slot_list){ slots->data, slots->count });
    for (uint32_t i = 0; i < client.request.gift_count; i++)
        client.request.gifts[i] |= WEFT_GIFT_COPY;
    if (client_call(&client))
        system_spawn_result_decode(&client.answer, &result);
    enum weft_status status = client_end(&client);
    free(client.buffer);
    *slot = result.value;
    if (status != WEFT_OK)
        return status == WEFT_TOO_LARGE ? E2BIG : status == WEFT_INVALID ? EILSEQ : EACCES;
    return result.failed ? errno_of(result.error) : 0;
}

static size_t size_of(char *const list[])
{
    size_t size = 0;
    for (uint32_t i = 0; i < count_of(list); i++)
        size += strlen(list[i]) + 1 + 2 * sizeof(struct weft_bytes);
    return size;
}

static int spawn(const struct program *program, char *const arguments[], char *const environment[],
                 const struct slots *slots, int32_t *slot)
{
    enum { FIXED = PATH_BYTES + 8192 };
    uint32_t count = count_of(arguments);
    struct weft_bytes *words = calloc(count + 1, sizeof(*words));
    struct system_string_string_tuple_list variables = variables_of(environment);
    struct system_spawn_options options = { .program = { program->cid, program->size },
                                            .silo = silo,
                                            .arguments = { words, count },
                                            .environment = variables };
    for (uint32_t i = 0; words != NULL && i < count; i++)
        words[i] = bytes_of(arguments[i]);
    int error =
        words == NULL || variables.data == NULL
            ? ENOMEM
            : request(&options, slots, FIXED + size_of(arguments) + size_of(environment), slot);
    free(words);
    free((void *)(uintptr_t)variables.data);
    return error;
}

static struct child *free_child(void)
{
    for (int i = 0; i < CHILDREN_MAX; i++)
        if (children[i].process == 0)
            return &children[i];
    errno = EAGAIN;
    return NULL;
}

static pid_t enter_child(struct child *child, int32_t slot)
{
    uint64_t process = 0;
    struct weft_client client = client_of(slot);
    if (system_process_id(&client, &process) != WEFT_OK)
        process = 0;
    client = client_of(slot);
    *child = (struct child){ .process = (pid_t)process,
                             .slot = slot,
                             .ended = system_process_ended_send(&client, WEFT_WANT_ANSWER) };
    return child->process;
}

pid_t posix_start(const char *file, char *const arguments[], char *const environment[],
                  const int streams[3])
{
    struct program program;
    struct slots slots = { .count = 0 };
    int32_t slot = WEFT_NO_SLOT;
    struct child *child = free_child();
    if (child == NULL || find_program(file, &program) != 0)
        return -1;
    add_streams(&slots, streams);
    add_directories(&slots);
    int error = spawn(&program, arguments, environment, &slots, &slot);
    for (uint32_t i = 0; i < slots.count; i++)
        if (slots.is_made[i])
            close_slot(slots.data[i].slot);
    errno = error;
    return error == 0 ? enter_child(child, slot) : -1;
}

void posix_set_silo(uint64_t other)
{
    silo = other;
}

pid_t posix_ended(int exit_status)
{
    struct child *child = free_child();
    if (child == NULL)
        return -1;
    *child = (struct child){ .process = 0x40000000 + (pid_t)(child - children),
                             .slot = WEFT_NO_SLOT,
                             .status = (exit_status & 0xff) << 8 };
    return child->process;
}

/* ---- Waiting
 * ------------------------------------------------------------------------------------- */

static int status_of(const struct weft_event *event)
{
    struct body_reader reader;
    struct system_ending ending;
    body_reader_init(&reader, event, answer);
    if (event->status != WEFT_OK || !system_process_ended_result_decode(&reader, &ending))
        return STATUS_KILLED;
    if (ending.tag == SYSTEM_ENDING_EXITED)
        return ((int)ending.exited & 0xff) << 8;
    return ending.tag == SYSTEM_ENDING_TRAPPED ? STATUS_TRAPPED : STATUS_KILLED;
}

static bool is_meant(const struct child *child, pid_t process)
{
    return child->process != 0 && (process <= 0 || child->process == process);
}

/* One of those meant that has ended; NULL: none has yet, or (`*count` 0) there is none. */
static struct child *find_ended(pid_t process, int64_t *ids, uint32_t *count)
{
    *count = 0;
    for (int i = 0; i < CHILDREN_MAX; i++) {
        if (!is_meant(&children[i], process))
            continue;
        if (children[i].ended <= 0)
            return &children[i];
        ids[(*count)++] = children[i].ended;
    }
    return NULL;
}

static struct child *await(pid_t process, int64_t deadline)
{
    int64_t ids[CHILDREN_MAX];
    struct weft_event event;
    uint32_t count;
    struct child *ended = find_ended(process, ids, &count);
    errno = ECHILD;
    if (ended != NULL || count == 0)
        return ended;
    errno = 0;
    int32_t kind = weft_wait(ids, count, &event, answer, sizeof(answer), deadline);
    for (int i = 0; kind == WEFT_EVENT_ANSWER && i < CHILDREN_MAX; i++)
        if (children[i].process != 0 && children[i].ended == event.id) {
            children[i].ended = 0;
            children[i].status = status_of(&event);
            return &children[i];
        }
    return NULL;
}

pid_t posix_wait_until(pid_t process, int *status, int64_t deadline)
{
    struct child *child = await(process, deadline);
    if (child == NULL)
        return errno == 0 ? 0 : -1;
    pid_t ended = child->process;
    if (status != NULL)
        *status = child->status;
    if (child->slot != WEFT_NO_SLOT)
        close_slot(child->slot);
    child->process = 0;
    return ended;
}

pid_t waitpid(pid_t process, int *status, int options)
{
    return posix_wait_until(process, status, (options & WNOHANG) != 0 ? 0 : -1);
}

pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
}

/* To itself, what `raise` does; a child is ended whatever the signal. Its end, which comes at once, is taken
 * here: else it would be told of as one that nobody knows of, if this program ends first. */
int kill(pid_t process, int signal)
{
    if (process == getpid() || process == 0)
        return signal == 0 ? 0 : raise(signal);
    if (process < 0)
        process = -process;
    for (int i = 0; i < CHILDREN_MAX; i++) {
        if (children[i].process != process || children[i].slot == WEFT_NO_SLOT)
            continue;
        struct system_none_error_result result;
        struct weft_client client = client_of(children[i].slot);
        if (signal != 0 && system_process_kill(&client, &result) == WEFT_OK)
            (void)await(children[i].process, -1);
        return 0;
    }
    errno = ESRCH;
    return -1;
}
