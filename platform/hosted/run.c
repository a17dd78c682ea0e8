/* Sets up the system of `weft run`: handlers of the person's choice, a silo for the program, its
 * start record; then runs it. */
#include "platform/hosted/run.h"

#include "platform/hosted/bundle.h"
#include "platform/hosted/command.h"
#include "platform/hosted/ending.h"
#include "platform/hosted/image_cache.h"
#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/native_files.h"
#include "platform/hosted/native_stream.h"
#include "platform/hosted/native_tcp.h"
#include "platform/hosted/native_terminal.h"
#include "platform/hosted/say.h"
#include "platform/hosted/system.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOTS_MAX = 3 + RUN_SLOTS_MAX,
};

/* One `weft run`. */
static struct {
    const struct run_options *options;
    struct run_options completed; /* what `options` is: as asked for, and what goes without saying */
    struct native *launcher; /* in whose table the start record's slots are made */
    struct program_file main_file;
    struct program_file handler_files[RUN_ROWS_MAX];
    struct program *programs[RUN_ROWS_MAX + 1]; /* the main one, then those of handlers */
    struct process *main;
    struct silo *silos[RUN_ROWS_MAX + 1];
    struct named_slot slots[SLOTS_MAX];
    u32 slot_count;
    pthread_mutex_t spawn_lock; /* so that no end is looked at before its process is known */
    u64 main_process;
    int main_status; /* of the main process, if it ended while the system was about to */
} run = { .spawn_lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- What the kernel tells ---- */

/* `key` is NAME@HASH. */
static void on_denied(void *context, struct bytes program, struct bytes key)
{
    (void)context;
    const u8 *sign = memchr(key.data, '@', key.size);
    struct bytes interface_name = { key.data, sign == NULL ? key.size : (usize)(sign - key.data) };
    u8 buffer[1024];
    u8 grant_buffer[512];
    struct writer text, grant;
    writer_init(&grant, grant_buffer, sizeof(grant_buffer));
    run_write_grant(run.options, interface_name, &grant);
    struct bytes option = { grant_buffer, u64_min(grant.size, sizeof(grant_buffer)) };
    writer_init(&text, buffer, sizeof(buffer));
    writer_bytes(&text, program);
    writer_text(&text, " may not use ");
    writer_bytes(&text, interface_name);
    writer_text(&text, run.options->is_whole ? "; to let it, change " : "; to let it, run it with ");
    writer_bytes(&text, option);
    struct say_field fields[] = {
        { "program", program, 0 },
        { "interface", key, 0 },
        { "option", option, 0 },
    };
    say_fields("denied", (struct bytes){ buffer, u64_min(text.size, sizeof(buffer)) }, fields,
               BASE_ARRAY_COUNT(fields));
}

static int exit_status_of(const struct process_end *end)
{
    if (end->kind == PROCESS_END_EXITED)
        return (int)u64_min(end->exit_status, UINT8_MAX);
    return end->kind == PROCESS_END_TRAPPED ? EXIT_TRAPPED : EXIT_KILLED;
}

/* A plain end needs no word, nor does that of a silo's, as of a session's jobs when it is over; but JSON's
 * reader wants one. */
static void tell_end(const struct process_end *end, bool is_main)
{
    static const char *const kinds[] = { "exited", "trapped", "killed" };
    char plain[64];
    bool exited = end->kind == PROCESS_END_EXITED;
    if (!say_is_json() && end->with_silo)
        return;
    if (exited && !say_is_json() && (is_main || end->exit_status == 0))
        return;
    if (end->kind == PROCESS_END_KILLED && !say_is_json() && ending_status() >= 0)
        return; /* the whole system ends */
    if (end->kind == PROCESS_END_KILLED)
        snprintf(plain, sizeof(plain), "was killed");
    else
        snprintf(plain, sizeof(plain), "exited with status %u", end->exit_status);
    bool has_text = !exited && end->text.size != 0;
    struct bytes why = has_text ? end->text : bytes_from_text(plain);
    usize capacity = end->program.size + why.size + 16;
    u8 *buffer = malloc(capacity);
    if (buffer == NULL)
        return;
    struct writer text;
    writer_init(&text, buffer, capacity);
    writer_bytes(&text, end->program);
    writer_text(&text, has_text ? ": " : " ");
    writer_bytes(&text, why);
    struct say_field fields[] = {
        { "program", end->program, 0 },
        { "status", { 0 }, exit_status_of(end) },
    };
    say_fields(kinds[end->kind], (struct bytes){ buffer, text.size }, fields,
               BASE_ARRAY_COUNT(fields));
    free(buffer);
}

static void on_ended(void *context, const struct process_end *end)
{
    (void)context;
    pthread_mutex_lock(&run.spawn_lock);
    bool is_main = end->process.value == run.main_process;
    pthread_mutex_unlock(&run.spawn_lock);
    native_terminal_process_ended(end->process);
    if (is_main || say_is_json())
        tell_end(end, is_main);
    if (is_main)
        __atomic_store_n(&run.main_status, exit_status_of(end), __ATOMIC_RELAXED);
    if (is_main && !kernel_is_finishing())
        ending_request(exit_status_of(end));
}

/* What a program learns of itself needs no word. */
static void on_unheard(void *context, const struct process_end *end)
{
    (void)context;
    pthread_mutex_lock(&run.spawn_lock);
    bool is_main = end->process.value == run.main_process;
    pthread_mutex_unlock(&run.spawn_lock);
    if (!is_main && !say_is_json())
        tell_end(end, false);
}

/* It can only be told to end: whether it starts again is up to whoever started it. */
static void on_finish(void *context, enum kernel_end_way way)
{
    (void)context;
    (void)way;
    /* A program that ends the system is done with it; init ends as its session did. */
    ending_request(run.options->is_whole ? __atomic_load_n(&run.main_status, __ATOMIC_RELAXED) : 0);
}

/* ---- The start record ---- */

static void launcher_message(void *context, const struct native_message *message)
{
    (void)context;
    (void)message; /* nobody has a slot to it */
}

static int add_slot(const char *kind, const char *name, i32 slot)
{
    usize size = strlen(kind) + strlen(name);
    u8 *text = malloc(size + 1);
    if (text == NULL)
        return EXIT_FAILED;
    memcpy(text, kind, strlen(kind));
    memcpy(text + strlen(kind), name, strlen(name));
    run.slots[run.slot_count++] = (struct named_slot){ { text, size }, slot };
    return 0;
}

static int add_streams(void)
{
    static const struct {
        const char *name;
        enum stream_badge badge;
    } streams[] = { { "stdin", STREAM_INPUT },
                    { "stdout", STREAM_OUTPUT },
                    { "stderr", STREAM_ERRORS } };
    int status = 0;
    for (usize i = 0; i < BASE_ARRAY_COUNT(streams) && status == 0; i++) {
        i32 slot;
        if (native_stream_mint(run.launcher, streams[i].badge, &slot) != STATUS_OK)
            return EXIT_FAILED;
        status = add_slot("", streams[i].name, slot);
    }
    return status;
}

static int add_directory(const struct run_directory *directory)
{
    i32 slot;
    int fd = open(directory->host, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failure = fd < 0 ? errno : 0;
    if (failure == 0)
        failure =
            native_files_grant(fd, directory->guest, directory->read_only, run.launcher, &slot);
    if (failure == 0)
        return add_slot("dir:", directory->guest, slot);
    say("error", "cannot grant the directory %s: %s", directory->host, strerror(failure));
    return failure == ENOENT || failure == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_RUNNABLE;
}

static int add_listener(const struct address *address, u32 number)
{
    i32 slot;
    char name[16];
    snprintf(name, sizeof(name), "%u", number);
    int failure = native_tcp_listen(address, run.launcher, &slot);
    if (failure == 0)
        return add_slot("listener:", name, slot);
    say("error", "cannot listen on port %u: %s", address->port, strerror(failure));
    return EXIT_NOT_RUNNABLE;
}

static bool denies_streams(void)
{
    for (u32 i = 0; i < run.options->denied_count; i++)
        if (bytes_equal(run.options->denied[i], BYTES_LITERAL("stream")))
            return true;
    return false;
}

static int add_slots(void)
{
    int status = denies_streams() ? 0 : add_streams();
    for (u32 i = 0; i < run.options->directory_count && status == 0; i++)
        status = add_directory(&run.options->directories[i]);
    for (u32 i = 0; i < run.options->listener_count && status == 0; i++)
        status = add_listener(&run.options->listeners[i], i);
    return status;
}

/* ---- Programs and silos ---- */

static int load_programs(const char *main_program)
{
    const struct run_options *options = run.options;
    int status = options->is_bundled ? program_file_find_bundled(main_program, &run.main_file)
                                     : program_file_find(main_program, &run.main_file);
    if (status == 0)
        status = run_add_program(&run.main_file, &run.programs[0]);
    if (status == 0)
        run_add_bundled_handlers(&run.completed, program_module(run.programs[0]));
    for (u32 i = 0; i < options->handler_count && status == 0; i++) {
        status = run_find_handler(&options->handlers[i], &run.handler_files[i]);
        if (status == 0)
            status = run_add_program(&run.handler_files[i], &run.programs[1 + i]);
    }
    if (status == 0)
        status = run_check_names(options, program_module(run.programs[0]));
    if (status == 0)
        status = run_set_libraries(options, run.programs, 1 + options->handler_count);
    return status;
}

static int create_silo(const char *name, struct silo **silo)
{
    struct silo_limits limits = { .memory_pages = run.options->memory_pages };
    enum status status = silo_create(silo_root(), bytes_from_text(name), &limits, silo);
    if (status == STATUS_OK && !run.options->is_whole)
        status = run_set_verdicts(run.options, *silo);
    if (status == STATUS_OK)
        return 0;
    say("error", "cannot make a silo for %s: there is not enough memory", name);
    return EXIT_FAILED;
}

static int spawn(const struct spawn_options *options, const char *name, struct process **process)
{
    struct engine_error error = { .offset = SIZE_MAX, .function = UINT32_MAX };
    enum status status = process_spawn(options, process, &error);
    return status == STATUS_OK ? 0 : run_tell_spawn(name, status, &error);
}

/* A handler lives in a silo of its own, with the main program's rights: what it does for the main
 * program, the main program could have been allowed to do. */
static int start_handler(u32 index)
{
    const struct program_file *file = &run.handler_files[index];
    struct interface_key key;
    struct bytes arguments[] = { bytes_from_text(file->name) };
    struct process *handler;
    int status = create_silo(file->name, &run.silos[1 + index]);
    struct spawn_options options = {
        .program = run.programs[1 + index],
        .silo = run.silos[1 + index],
        .name = bytes_from_text(file->name),
        .arguments = arguments,
        .argument_count = 1,
    };
    if (status == 0)
        status = spawn(&options, file->name, &handler);
    if (status != 0)
        return status;
    run_find_interface(run.options->handlers[index].name, program_module(run.programs[0]), &key);
    enum status bound = silo_bind_process(run.silos[0], &key, handler);
    process_release(handler); /* nobody asks how it ends, so it is told */
    return bound == STATUS_OK ? 0 : EXIT_FAILED;
}

static int start_main(u32 count, char **arguments)
{
    struct bytes *texts = calloc(count, sizeof(*texts));
    if (texts == NULL)
        return EXIT_FAILED;
    texts[0] = bytes_from_text(run.main_file.name);
    for (u32 i = 1; i < count; i++)
        texts[i] = bytes_from_text(arguments[i]);
    struct spawn_options options = {
        .program = run.programs[0],
        .silo = run.silos[0],
        .name = texts[0],
        .arguments = texts,
        .argument_count = count,
        .environment = run.options->environment,
        .environment_count = run.options->environment_count,
        .slots = run.slots,
        .slot_count = run.slot_count,
        .slots_of = run.launcher,
    };
    pthread_mutex_lock(&run.spawn_lock);
    int status = spawn(&options, run.main_file.name, &run.main);
    if (status == 0)
        run.main_process = process_id_of(run.main).value;
    pthread_mutex_unlock(&run.spawn_lock);
    free(texts);
    return status;
}

static int set_up(u32 count, char **arguments)
{
    static const struct native_operations launcher = { "launcher", launcher_message, NULL, NULL };
    if (native_create(&launcher, NULL, &run.launcher) != STATUS_OK)
        return EXIT_FAILED;
    int status = load_programs(arguments[0]);
    if (status == 0)
        status = create_silo(run.main_file.name, &run.silos[0]);
    for (u32 i = 0; i < run.options->handler_count && status == 0; i++)
        status = start_handler(i);
    if (status == 0)
        status = add_slots();
    if (status == 0)
        status = start_main(count, arguments);
    return status;
}

static void release(void)
{
    if (run.main != NULL)
        process_release(run.main);
    for (u32 i = 0; i < BASE_ARRAY_COUNT(run.programs); i++)
        if (run.programs[i] != NULL)
            program_release(run.programs[i]);
    for (u32 i = 0; i < BASE_ARRAY_COUNT(run.silos); i++)
        if (run.silos[i] != NULL)
            silo_destroy(run.silos[i]);
    native_destroy(run.launcher);
}

static void tell_start(u64 begun_ns)
{
    char text[96];
    int size = snprintf(text, sizeof(text), "the program begins after %llu us",
                        (unsigned long long)(machine_monotonic_ns() - begun_ns) / 1000);
    log_line(LOG_DEBUG, process_id_of(run.main),
             (struct bytes){ (const u8 *)text, (usize)size });
}

int run_system(const struct run_options *options, u32 count, char **arguments)
{
    u64 begun_ns = machine_monotonic_ns();
    struct kernel_options kernel_options = {
        .bundle = options->bundle.size != 0 ? options->bundle : bundle_archive(),
        .denied = on_denied,
        .interprets = options->interprets,
        .images = options->interprets || options->keeps_no_code ? NULL : image_cache_open(),
        .ended = on_ended,
        .unheard = on_unheard,
        .finish = on_finish,
    };
    run.completed = *options;
    run.options = &run.completed;
    cpu_set_count(options->cpus);
    int status = system_start(&kernel_options);
    if (status == 0)
        status = set_up(count, arguments);
    if (status != 0)
        return status;
    tell_start(begun_ns);
    system_run(release);
}
