/* `system`: what a program could ever ask for. */
#include "kernel/block.h"
#include "kernel/inspect.h"
#include "kernel/lock.h"
#include "kernel/program.h"
#include "kernel/system.h"

/* As one that is started in the caller's silo would get it. */
static struct program *library_of(void *context, struct bytes import_namespace)
{
    const struct request *request = context;
    lock_take();
    struct program *program =
        silo_find_library(request->sender->party.silo, import_namespace);
    if (program != NULL)
        program_hold_locked(program);
    lock_give();
    return program;
}

static bool encode_reach(struct body_writer *writer, const void *result)
{
    return system_reach_result_encode(writer, result);
}

static u32 count_of(const struct inspection *inspection)
{
    u32 count = 0;
    for (const struct inspected_interface *row = inspection->interfaces; row != NULL;
         row = row->next)
        count++;
    return count;
}

/* Keys that are no interface's are left out: sending on them is denied. False: there is no memory. */
static bool list_all(struct inspection *inspection, struct system_reached_list *list)
{
    u32 count = count_of(inspection);
    struct system_reached *rows = arena_take(&inspection->arena, count, sizeof(*rows));
    struct hash *hashes = arena_take(&inspection->arena, count, sizeof(*hashes));
    *list = (struct system_reached_list){ rows, 0 };
    if (rows == NULL || hashes == NULL)
        return false;
    for (const struct inspected_interface *row = inspection->interfaces; row != NULL;
         row = row->next) {
        usize at = 0;
        while (at < row->key.size && row->key.data[at] != '@')
            at++;
        struct bytes digits = { row->key.data + at + 1, row->key.size - at - 1 };
        if (at == row->key.size || !hash_from_hex(digits, &hashes[list->count]))
            continue;
        rows[list->count] = (struct system_reached){
            .interface = { hashes[list->count].bytes, HASH_SIZE },
            .name = { row->key.data, (u32)at },
            .through = { row->through.data, (u32)row->through.size },
        };
        list->count++;
    }
    return true;
}

enum weft_status system_take_reach(void *context, const struct weft_event *event,
                                   const struct system_reach_arguments *arguments)
{
    struct request *request = context;
    struct system_reached_list_error_result result = { .failed = true,
                                                       .error = SYSTEM_ERROR_NOT_FOUND };
    struct inspection inspection;
    struct cid cid;
    lock_take();
    struct program *program = cid_from_bytes(system_view(arguments->program), &cid)
                                  ? program_find_locked(&cid)
                                  : NULL;
    lock_give();
    if (program == NULL)
        return request_answer(request->native, event->id, encode_reach, &result);
    enum status status =
        inspect_module(program_module(program), library_of, request, &inspection);
    if (status == STATUS_OK && !list_all(&inspection, &result.value))
        status = STATUS_NO_MEMORY;
    result.failed = status != STATUS_OK;
    if (result.failed)
        result.error = system_load_error_of(status);
    enum weft_status answered =
        request_answer(request->native, event->id, encode_reach, &result);
    arena_deinit(&inspection.arena);
    program_release(program);
    return answered;
}
