/* Processes of a silo: started and ended. */
#include "programs/tool/shared/program.h"
#include "programs/tool/silo/silo.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interface/stream_program.h"
#include "programs/tool/shared/walk.h"

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "silo: %s: %s\n", what, why);
    return EXIT_FAILED;
}

static struct weft_bytes text_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

/* What the system writes to where it began: this program's own streams may end before the other
 * does, and nobody can give away what a library has. */
static uint32_t give_streams(struct system_named_slot *slots)
{
    static const char *const names[] = { "stdout", "stderr" };
    uint32_t count = 0;
    for (uint32_t i = 0; i < 2; i++) {
        struct system_any_error_result copy;
        if (system_copy(system_client(), stream_slot(), &copy) == WEFT_OK && !copy.failed)
            slots[count++] = (struct system_named_slot){ text_of(names[i]), copy.value };
    }
    return count;
}

int silo_spawn(const char *silo_text, int count, char **arguments)
{
    struct program program;
    struct system_named_slot slots[2];
    struct system_process_error_result result;
    struct weft_bytes *texts = calloc((size_t)count, sizeof(*texts));
    struct system_spawn_options options = { 0 };
    uint64_t number;
    if (texts == NULL)
        return tell_error(silo_text, SYSTEM_ERROR_NO_MEMORY);
    int failed = read_silo(silo_help, silo_text, &options.silo);
    if (failed == 0)
        failed = program_add(arguments[0], &program);
    if (failed != 0)
        return failed;
    for (int i = 0; i < count; i++)
        texts[i] = text_of(arguments[i]);
    options.program = (struct weft_bytes){ program.cid, program.cid_size };
    options.arguments.data = texts;
    options.arguments.count = (uint32_t)count;
    struct system_named_slot_list list = { slots, give_streams(slots) };
    enum weft_status status = system_spawn(system_client(), options, list, &result);
    if (status != WEFT_OK)
        return tell_status(arguments[0], status);
    if (result.failed && result.error == SYSTEM_ERROR_NOT_FOUND)
        return fail(
            silo_text,
            "this program may start nothing there: it may do so in its own silo and in those "
            "below; `silo start` makes one");
    if (result.failed)
        return tell_error(arguments[0], result.error);
    if (system_process_id(system_client_of(result.value), &number) == WEFT_OK)
        printf("%" PRIu64 "\n", number);
    return 0;
}

/* ---- Stopping ---- */

static int end_process(uint64_t process)
{
    struct system_process_error_result found;
    struct system_none_error_result killed;
    enum weft_status status = system_find(system_client(), process, &found);
    if (status == WEFT_OK && found.failed)
        return 0; /* it has ended meanwhile */
    if (status == WEFT_OK)
        status = system_process_kill(system_client_of(found.value), &killed);
    return status == WEFT_OK ? 0 : tell_status("silo", status);
}

int silo_stop(const char *text)
{
    struct process_walk walk = { 0 };
    const struct system_process_status *process;
    uint64_t silo;
    int result = read_silo(silo_help, text, &silo);
    if (result != 0)
        return result;
    uint64_t own = walk_top();
    if (silo == 0 || !walk_is_within(silo, own))
        return tell_error(text, SYSTEM_ERROR_NOT_FOUND);
    if (silo == own)
        return fail(text, "it is this program's own; `kill` ends its processes");
    while ((process = walk_process(&walk)) != NULL)
        if (walk_is_within(process->silo, silo))
            result = end_process(process->process) != 0 ? EXIT_FAILED : result;
    return walk.status == WEFT_OK ? result : tell_status(text, walk.status);
}
