/* `system`: programs into the cache, and processes out of it. */
#include "kernel/block.h"
#include "kernel/limits.h"
#include "kernel/loading.h"
#include "kernel/lock.h"
#include "kernel/log_repeat.h"
#include "kernel/program.h"
#include "kernel/spawn.h"
#include "kernel/system.h"
#include "machine/machine.h"

static bool encode_spawn(struct body_writer *writer, const void *result)
{
    return system_spawn_result_encode(writer, result);
}

enum weft_status system_answer_spawn_error(struct native *native, i64 id, enum system_error error)
{
    const struct system_process_error_result result = { .failed = true, .error = error };
    return request_answer(native, id, encode_spawn, &result);
}

/* ---- With the program at hand ---------------------------------------------------------------- */

/* How often the line has come now; 0: it is not to be told again yet. */
static u64 count_line(struct bytes line)
{
    static struct log_repeat repeat; /* guarded by the kernel's lock */
    u64 now_ns = machine_monotonic_ns();
    lock_take();
    u64 count = log_repeat_count(&repeat, line, now_ns);
    lock_give();
    return count;
}

void system_log_program_error(const struct engine_error *error, struct bytes program)
{
    u8 buffer[LOG_LINE_MAX_BYTES];
    struct writer line;
    writer_init(&line, buffer, sizeof(buffer));
    writer_text(&line, "cannot start ");
    writer_bytes(&line, program);
    writer_text(&line, ": ");
    writer_text(&line, error->message == NULL ? "no reason given" : error->message);
    if (error->name[0].size != 0 || error->name[1].size != 0) {
        writer_text(&line, ": import ");
        writer_bytes(&line, error->name[0]);
        writer_text(&line, " ");
        writer_bytes(&line, error->name[1]);
    }
    if (error->offset != SIZE_MAX) {
        writer_text(&line, " at byte ");
        writer_decimal(&line, error->offset);
    }
    u64 count = count_line((struct bytes){ buffer, u64_min(line.size, sizeof(buffer)) });
    if (count == 0)
        return;
    if (count > 1) {
        writer_text(&line, "; ");
        writer_decimal(&line, count);
        writer_text(&line, " times by now");
    }
    usize size = u64_min(line.size, sizeof(buffer));
    log_line(LOG_ERROR, (struct process_id){ 0 }, (struct bytes){ buffer, size });
}

enum system_error system_program_error_of(enum weft_status status, const struct engine_error *error)
{
    bool is_program = status == WEFT_NOT_FOUND || error->offset != SIZE_MAX ||
                      error->name[0].size != 0 || status == WEFT_INVALID;
    return is_program ? SYSTEM_ERROR_BAD_PROGRAM : system_error_of(status);
}

enum system_error system_load_error_of(enum status status)
{
    switch (status) {
    case STATUS_NO_MEMORY:
        return SYSTEM_ERROR_NO_MEMORY;
    case STATUS_LIMIT:
        return SYSTEM_ERROR_LIMIT;
    default:
        return SYSTEM_ERROR_BAD_PROGRAM;
    }
}

/* Starts it, and answers with its slot. */
enum weft_status system_spawn_and_answer(struct native *native, i64 id,
                                         struct spawn_options *options)
{
    struct engine_error error;
    struct process *process;
    enum weft_status status = spawn_process(options, &process, &error);
    if (status != WEFT_OK) {
        u8 buffer[128];
        struct writer name;
        writer_init(&name, buffer, sizeof(buffer));
        cid_write(program_cid(options->program), &name);
        system_log_program_error(&error, (struct bytes){ buffer, name.size });
        return system_answer_spawn_error(native, id, system_program_error_of(status, &error));
    }
    options->slot_count = 0;
    struct system_process_error_result result = { .failed = false };
    status = system_mint_process(native, process, &result.value);
    if (status == WEFT_OK)
        status = request_answer(native, id, encode_spawn, &result);
    /* Nobody holds the right to a process whose spawn was taken back, so it does not run on. */
    if (status != WEFT_OK)
        process_kill(process);
    process_release(process);
    return status == WEFT_BAD_MESSAGE ? WEFT_OK : status;
}

/* ---- The functions -------------------------------------------------------------------------- */

/* The options in the kernel's own words; lists point into `lists`. */
struct spawn_lists {
    struct bytes (*environment)[2];
    struct bytes *arguments;
    struct named_slot slots[WEFT_GIFTS_MAX];
    usize size; /* of the block behind `environment` and `arguments` */
};

static bool convert_lists(const struct system_spawn_arguments *arguments,
                          struct spawn_lists *lists, struct spawn_options *options)
{
    const struct system_spawn_options *from = &arguments->options;
    lists->size = (2 * (usize)from->environment.count + from->arguments.count) *
                  sizeof(struct bytes);
    struct bytes *block = block_take(lists->size);
    if (block == NULL)
        return false;
    lists->environment = (void *)block;
    lists->arguments = block + 2 * (usize)from->environment.count;
    for (u32 i = 0; i < from->environment.count; i++) {
        lists->environment[i][0] = system_view(from->environment.data[i].f0);
        lists->environment[i][1] = system_view(from->environment.data[i].f1);
    }
    for (u32 i = 0; i < from->arguments.count; i++)
        lists->arguments[i] = system_view(from->arguments.data[i]);
    for (u32 i = 0; i < arguments->slots.count; i++)
        lists->slots[i] = (struct named_slot){
            system_view(arguments->slots.data[i].name),
            arguments->slots.data[i].slot,
        };
    if (from->arguments.count != 0 && lists->arguments[0].size <= NAME_MAX_BYTES)
        options->name = lists->arguments[0]; /* as programs are told their own */
    options->arguments = lists->arguments;
    options->argument_count = from->arguments.count;
    options->environment = (const struct bytes(*)[2])lists->environment;
    options->environment_count = from->environment.count;
    options->slots = lists->slots;
    options->slot_count = arguments->slots.count;
    return true;
}

static enum weft_status spawn(struct request *request, const struct cid *cid,
                              struct spawn_options *options)
{
    i64 id = request->message->id;
    lock_take();
    options->program = program_find_locked(cid);
    lock_give();
    if (options->program == NULL)
        return loading_begin(request, cid, options);
    enum weft_status status = system_spawn_and_answer(request->native, id, options);
    program_release(options->program);
    return status;
}

enum weft_status system_take_spawn(void *context, const struct weft_event *event,
                                   const struct system_spawn_arguments *arguments)
{
    struct request *request = context;
    struct spawn_options options = { .slots_of = request->native };
    struct spawn_lists lists = { 0 };
    struct cid cid;
    if (!cid_from_bytes(system_view(arguments->options.program), &cid))
        return system_answer_spawn_error(request->native, event->id, SYSTEM_ERROR_INVALID);
    lock_take();
    options.silo = system_silo(request, arguments->options.silo);
    if (options.silo != NULL)
        silo_hold(options.silo);
    lock_give();
    if (options.silo == NULL)
        return system_answer_spawn_error(request->native, event->id, SYSTEM_ERROR_NOT_FOUND);
    enum weft_status status = WEFT_NO_MEMORY;
    if (convert_lists(arguments, &lists, &options))
        status = spawn(request, &cid, &options);
    block_give(lists.environment, lists.size);
    lock_take();
    silo_release_locked(options.silo);
    lock_give();
    return status;
}

static bool encode_add(struct body_writer *writer, const void *result)
{
    return system_add_program_result_encode(writer, result);
}

enum weft_status system_take_add_program(void *context, const struct weft_event *event,
                                         const struct system_add_program_arguments *arguments)
{
    const struct request *request = context;
    struct program *program;
    struct engine_error error;
    struct system_bytes_error_result result = { 0 };
    struct cid cid;
    enum status status = program_add(system_view(arguments->bytes), false, &program, &error);
    if (status == STATUS_OK) {
        cid = *program_cid(program);
        result.value = (struct weft_bytes){ cid.bytes, cid.size };
        program_release(program);
    } else {
        system_log_program_error(&error, BYTES_LITERAL("an added program"));
        result.failed = true;
        result.error = system_load_error_of(status);
    }
    return request_answer(request->native, event->id, encode_add, &result);
}
