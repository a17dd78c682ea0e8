#include "platform/bare/launch.h"

#include "kernel/kernel.h"
#include "machine/machine.h"
#include "platform/bare/bundled_code.h"
#include "platform/bare/console.h"
#include "platform/bare/device_handlers.h"
#include "platform/bare/framebuffer_handlers.h"
#include "platform/bare/options.h"
#include "platform/bare/pages.h"
#include "platform/bare/terminal.h"
#include "platform/common/bundled_program.h"
#include "platform/common/libraries.h"
#include "platform/common/machine_handlers.h"

enum {
    EXIT_FAILED = 1,
    EXIT_NOT_RUNNABLE = 126,
    EXIT_NOT_FOUND = 127,
    EXIT_INTERRUPTED = 130,
    EXIT_TRAPPED = 134,
    EXIT_KILLED = 137,
    STREAMS = 3,
};

static struct {
    struct bytes bundle;
    struct bytes name; /* of the program, as the bundle has it */
    struct program *program;
    struct process *process;
    struct native *launcher; /* in whose table the start record's slots are made */
    u64 main_process;
    bool restarts;
    int main_status; /* of the main process, if it ended while the system was about to */
    int status;      /* -1: the program has not ended */
} launch = { .status = -1 };

/* ---- Telling ---- */

static void tell(struct bytes who, const char *what, struct bytes more)
{
    u8 buffer[TAR_NAME_MAX + 4096 + 256];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer) - 1);
    writer_text(&text, "weft: ");
    writer_bytes(&text, who);
    writer_text(&text, what);
    writer_bytes(&text, more);
    usize size = u64_min(text.size, sizeof(buffer) - 1);
    buffer[size] = '\n';
    console_write((struct bytes){ buffer, size + 1 }, true);
}

static void on_denied(void *context, struct bytes program, struct bytes interface_name)
{
    (void)context;
    tell(program, " may not use, or nobody answers, ", interface_name);
}

/* A plain end needs no word. */
static void tell_end(const struct process_end *end)
{
    u8 number[24];
    struct writer text;
    writer_init(&text, number, sizeof(number));
    writer_decimal(&text, end->exit_status);
    if (end->kind == PROCESS_END_TRAPPED)
        tell(end->program, ": ", end->text);
    else if (end->with_silo)
        return; /* whoever destroyed its silo knows what it means */
    else if (end->kind == PROCESS_END_KILLED)
        tell(end->program, " was killed", (struct bytes){ 0 });
    else if (end->exit_status != 0)
        tell(end->program, " exited with status ", (struct bytes){ number, text.size });
}

/* The first end or interruption counts. */
static void end_with(int status)
{
    int running = -1;
    if (__atomic_compare_exchange_n(&launch.status, &running, status, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        kernel_stop();
}

static int status_of(const struct process_end *end)
{
    if (end->kind == PROCESS_END_EXITED)
        return (int)u64_min(end->exit_status, UINT8_MAX);
    return end->kind == PROCESS_END_TRAPPED ? EXIT_TRAPPED : EXIT_KILLED;
}

static bool is_running(void)
{
    return __atomic_load_n(&launch.status, __ATOMIC_ACQUIRE) < 0;
}

/* The main process is spawned before a CPU runs, so its id is known here. */
static void on_ended(void *context, const struct process_end *end)
{
    (void)context;
    terminal_process_ended(end->process);
    bool is_main = end->process.value == launch.main_process;
    if ((is_main || end->kind == PROCESS_END_TRAPPED) && is_running())
        tell_end(end);
    if (!is_main)
        return;
    __atomic_store_n(&launch.main_status, status_of(end), __ATOMIC_RELAXED);
    if (!kernel_is_finishing())
        end_with(status_of(end));
}

/* A plain end that a process learns of itself needs no word: a shell has one for every command. Where
 * a program trapped is told always, since who waits for it may not care. */
static void on_unheard(void *context, const struct process_end *end)
{
    (void)context;
    if (end->process.value != launch.main_process && end->kind != PROCESS_END_TRAPPED && is_running())
        tell_end(end);
}

static void on_finish(void *context, enum kernel_end_way way)
{
    (void)context;
    launch.restarts = way == KERNEL_END_RESTART;
    end_with(__atomic_load_n(&launch.main_status, __ATOMIC_RELAXED));
}

static void on_interrupt_key(void)
{
    end_with(EXIT_INTERRUPTED);
}

/* ---- The program ---- */

static void list_programs(void)
{
    struct tar tar;
    struct tar_entry entry;
    u8 name[TAR_NAME_MAX];
    tar_init(&tar, launch.bundle);
    while (tar_next(&tar, &entry))
        tell((struct bytes){ 0 }, "  ", tar_name(&entry, name));
    if (!reader_ok(&tar.reader))
        tell((struct bytes){ 0 },
             "the boot bundle is damaged: ", bytes_from_text(tar.reader.mistake));
}

static int tell_not_started(struct bytes who, enum status status, const struct engine_error *error)
{
    const char *why = error->message;
    if (why == NULL)
        why = status == STATUS_NO_MEMORY ? "there is not enough memory" : "it is not valid";
    tell(who, " cannot run: ", bytes_from_text(why));
    return EXIT_NOT_RUNNABLE;
}

static int add_program(void)
{
    static u8 name[TAR_NAME_MAX];
    struct bytes init = options.init.size != 0 ? options.init : BYTES_LITERAL("init");
    struct engine_error error = { .offset = SIZE_MAX, .function = UINT32_MAX };
    struct tar_entry entry;
    if (launch.bundle.size == 0) {
        tell((struct bytes){ 0 }, "there is no boot bundle: the boot loader passes it as a module",
             (struct bytes){ 0 });
        return EXIT_NOT_FOUND;
    }
    if (!bundled_program_find(launch.bundle, init, &entry)) {
        tell((struct bytes){ 0 }, "there is no such program in the boot bundle: ", init);
        tell((struct bytes){ 0 }, "init=NAME takes one of these:", (struct bytes){ 0 });
        list_programs();
        return EXIT_NOT_FOUND;
    }
    launch.name = tar_name(&entry, name);
    enum status status = program_add(entry.contents, true, &launch.program, &error);
    return status == STATUS_OK ? 0 : tell_not_started(launch.name, status, &error);
}

/* ---- Its libraries ---- */

static int set_library(const struct bundled_library *library)
{
    struct tar_entry entry;
    struct program *program;
    struct bytes import_namespace = bytes_from_text(library->import_namespace);
    struct engine_error error = { .offset = SIZE_MAX, .function = UINT32_MAX };
    if (!library_is_needed(import_namespace, &launch.program, 1) ||
        !tar_find(launch.bundle, bytes_from_text(library->path), &entry))
        return 0; /* a missing import will be told by its name */
    enum status status = program_add(entry.contents, true, &program, &error);
    if (status != STATUS_OK)
        return tell_not_started(bytes_from_text(library->path), status, &error);
    status = silo_set_library(silo_root(), import_namespace, program);
    program_release(program);
    return status == STATUS_OK ? 0 : EXIT_FAILED;
}

static int set_libraries(void)
{
    int status = 0;
    for (u32 i = 0; i < bundled_library_count && status == 0; i++)
        status = set_library(&bundled_libraries[i]);
    return status;
}

/* ---- Its process ---- */

static void launcher_message(void *context, const struct native_message *message)
{
    (void)context;
    (void)message; /* nobody has a slot to it */
}

static int add_streams(struct named_slot slots[STREAMS])
{
    static const struct native_operations operations = { "launcher", launcher_message, NULL, NULL };
    static const char *const names[STREAMS] = { "stdin", "stdout", "stderr" };
    if (native_create(&operations, NULL, &launch.launcher) != STATUS_OK)
        return EXIT_FAILED;
    for (u32 i = 0; i < STREAMS; i++) {
        slots[i].name = bytes_from_text(names[i]);
        if (terminal_mint(launch.launcher, &slots[i].slot) != STATUS_OK)
            return EXIT_FAILED;
    }
    return 0;
}

static int spawn(void)
{
    struct named_slot slots[STREAMS];
    struct bytes arguments[1 + OPTIONS_ARGUMENTS_MAX] = { launch.name };
    struct engine_error error = { .offset = SIZE_MAX, .function = UINT32_MAX };
    int failed = add_streams(slots);
    if (failed != 0)
        return failed;
    for (u32 i = 0; i < options.argument_count; i++)
        arguments[1 + i] = options.arguments[i];
    /* What init finds there is what it goes by. */
    struct bytes environment[][2] = { { BYTES_LITERAL("MANIFEST"), options.manifest } };
    struct spawn_options spawn_options = {
        .program = launch.program,
        .silo = silo_root(),
        .name = launch.name,
        .arguments = arguments,
        .argument_count = 1 + options.argument_count,
        .environment = environment,
        .environment_count = options.manifest.size != 0 ? 1 : 0,
        .slots = slots,
        .slot_count = STREAMS,
        .slots_of = launch.launcher,
    };
    enum status status = process_spawn(&spawn_options, &launch.process, &error);
    if (status != STATUS_OK)
        return tell_not_started(launch.name, status, &error);
    launch.main_process = process_id_of(launch.process).value;
    return 0;
}

/* ---- Start and end ---- */

static u64 free_bytes(void *context)
{
    (void)context;
    struct pages_count count = pages_count();
    return (count.free - count.promised) * PAGE_BYTES;
}

int launch_start(struct bytes bundle)
{
    struct kernel_options kernel_options = {
        .bundle = bundle,
        .denied = on_denied,
        .ended = on_ended,
        .unheard = on_unheard,
        .finish = on_finish,
        .memory_bytes = pages_count().free * PAGE_BYTES,
        .memory_free = free_bytes,
        .restarts = true,
        .interprets = options.interprets,
        .images = options.interprets ? NULL : bundled_code(bundle),
    };
    launch.bundle = bundle;
    if (kernel_start(&kernel_options) != STATUS_OK ||
        terminal_init(on_interrupt_key) != STATUS_OK || device_handlers_init() != STATUS_OK ||
        framebuffer_handlers_init() != STATUS_OK || machine_handlers_init() != STATUS_OK) {
        tell((struct bytes){ 0 }, "the kernel has not enough memory", (struct bytes){ 0 });
        return EXIT_FAILED;
    }
    log_set_level(options.log);
    int status = add_program();
    if (status == 0)
        status = set_libraries();
    return status == 0 ? spawn() : status;
}

int launch_end(void)
{
    process_release(launch.process);
    program_release(launch.program);
    native_destroy(launch.launcher);
    machine_handlers_deinit();
    framebuffer_handlers_deinit();
    device_handlers_deinit();
    terminal_deinit();
    if (!kernel_end())
        tell((struct bytes){ 0 }, "the system ended, and had lost track of something it had taken",
             (struct bytes){ 0 });
    return launch.status;
}

bool launch_restarts(void)
{
    return launch.restarts;
}
