/* What is wrong with a manifest. */
#include "programs/tool/silo/silo.h"

#include "interface/manifest_program.h"
#include "lib/bundle.h"
#include "lib/interface.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MANIFEST_BYTES_MAX = (256 << 10) + 1, ANSWER_BYTES = 4 << 20 };

static bool read_manifest(const char *path, struct weft_bytes *text)
{
    static uint8_t bytes[MANIFEST_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    *text = (struct weft_bytes){ bytes, (uint32_t)fread(bytes, 1, sizeof(bytes), file) };
    bool is_well = !ferror(file);
    fclose(file);
    return is_well;
}

/* A slot of a process that reads manifests; it ends with this one's silo, or by `process`. */
static int32_t start_reader(int32_t *process)
{
    static const struct weft_bytes name = { (const uint8_t *)"manifest", 8 };
    struct bundle_program program;
    struct system_process_error_result spawned;
    struct system_any_error_result slot;
    struct interface_hash hash = interface_hash(MANIFEST_INTERFACE_HASH);
    if (!bundle_add(name, &program))
        return WEFT_NO_SLOT;
    struct system_spawn_options options = { .program = bundle_cid(&program),
                                            .arguments = { &name, 1 } };
    static const struct system_named_slot_list none;
    if (system_spawn(system_client(), options, none, &spawned) != WEFT_OK || spawned.failed)
        return WEFT_NO_SLOT;
    *process = spawned.value;
    enum weft_status status =
        system_process_slot(system_client_of(*process), interface_bytes(&hash), &slot);
    return status == WEFT_OK && !slot.failed ? slot.value : WEFT_NO_SLOT;
}

/* Its end is meant, and nobody else is to be told of it: it is waited for. */
static void end_reader(int32_t process)
{
    struct system_none_error_result killed;
    uint8_t answer[256];
    struct weft_event event;
    int64_t ended = system_process_ended_send(system_client_of(process), WEFT_WANT_ANSWER);
    system_process_kill(system_client_of(process), &killed);
    if (ended > 0)
        weft_wait(&ended, 1, &event, answer, sizeof(answer), -1);
}

static int tell_manifest(const char *path, const struct manifest_string_problem_list_result *result)
{
    if (!result->failed) {
        fwrite(result->value.data, 1, result->value.size, stdout);
        return 0;
    }
    for (uint32_t i = 0; i < result->error.count; i++) {
        const struct manifest_problem *problem = &result->error.data[i];
        fprintf(stderr, "%s:%" PRIu32 ":%" PRIu32 ": %.*s\n", path, problem->line, problem->column,
                (int)problem->text.size, (const char *)problem->text.data);
    }
    return EXIT_FAILED;
}

int silo_check(const char *path)
{
    static _Alignas(8) uint8_t buffer[ANSWER_BYTES];
    struct weft_bytes text;
    struct manifest_string_problem_list_result result;
    int32_t process = WEFT_NO_SLOT;
    go_where_called();
    if (!read_manifest(path, &text)) {
        fprintf(stderr, "silo: %s: %s\n", path, strerror(errno));
        return EXIT_FAILED;
    }
    struct weft_client client = { .slot = start_reader(&process),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    enum weft_status status =
        client.slot == WEFT_NO_SLOT ? WEFT_GONE : manifest_describe(&client, text, &result);
    if (process != WEFT_NO_SLOT)
        end_reader(process);
    if (status == WEFT_OK)
        return tell_manifest(path, &result);
    fprintf(stderr, "silo: %s: the program `manifest`, which reads it, cannot be had\n", path);
    return EXIT_FAILED;
}
