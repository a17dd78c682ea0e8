/* Starting processes. */
#include "interface/system_program.h"
#include "lib/server.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { REQUEST = (1 << 20) + (64 << 10) };

static _Alignas(8) uint8_t buffer[REQUEST];

static struct weft_bytes bytes_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

/* ---- The start record ---------------------------------------------------------------------------
 */

static void add_variable(struct words *environment, const char *name, const char *value)
{
    words_add_copy(environment, name);
    words_add_copy(environment, value);
}

/* Names and values by turns; the command's own assignments come after what they replace. */
static void list_environment(const struct spawn *spawn, struct words *environment)
{
    struct words names = { 0 };
    variables_list(&shell.variables, VARIABLE_EXPORTED, &names);
    for (size_t i = 0; i < names.count; i++) {
        const char *value = variables_get(&shell.variables, names.data[i]);
        bool is_replaced = false;
        size_t size = strlen(names.data[i]);
        for (size_t j = 0; spawn->assignments != NULL && j < spawn->assignments->count; j++)
            is_replaced |= strncmp(spawn->assignments->data[j], names.data[i], size) == 0 &&
                           spawn->assignments->data[j][size] == '=';
        if (value != NULL && !is_replaced)
            add_variable(environment, names.data[i], value);
    }
    words_free(&names);
    for (size_t i = 0; spawn->assignments != NULL && i < spawn->assignments->count; i++) {
        char *assignment = spawn->assignments->data[i];
        char *sign = strchr(assignment, '=');
        *sign = '\0';
        add_variable(environment, assignment, sign + 1);
        *sign = '=';
    }
}

struct slots {
    struct system_named_slot data[WEFT_GIFTS_MAX];
    char names[DESCRIPTORS][8];
    uint32_t count;
};

/* Copies of the streams and directories; the shell keeps its own. */
static void list_slots(const struct spawn *spawn, int32_t inbox, struct slots *slots)
{
    static const char *const usual[] = { "stdin", "stdout", "stderr" };
    struct weft_bytes names[WEFT_GIFTS_MAX];
    int32_t directories[WEFT_GIFTS_MAX];
    for (int i = 0; i < (spawn->all_descriptors ? DESCRIPTORS : 3); i++) {
        struct stream *stream = spawn->descriptors[i];
        if (stream == NULL || stream->slot == WEFT_NO_SLOT || slots->count == WEFT_GIFTS_MAX)
            continue;
        if (i < 3)
            strcpy(slots->names[i], usual[i]);
        else
            memcpy(slots->names[i], (char[]){ 'f', 'd', ':', (char)('0' + i), '\0' }, 5);
        bool is_of_job = spawn->terminal != WEFT_NO_SLOT && stream_is_terminal(stream);
        slots->data[slots->count++] =
            (struct system_named_slot){ bytes_of(slots->names[i]),
                                        is_of_job ? spawn->terminal : stream->slot };
    }
    if (inbox != WEFT_NO_SLOT && slots->count < WEFT_GIFTS_MAX)
        slots->data[slots->count++] = (struct system_named_slot){ bytes_of("signals"), inbox };
    int32_t main_slot = spawn->sends_signals ? signal_main() : WEFT_NO_SLOT;
    if (main_slot != WEFT_NO_SLOT && slots->count < WEFT_GIFTS_MAX)
        slots->data[slots->count++] = (struct system_named_slot){ bytes_of("main"), main_slot };
    uint32_t count = place_grants(names, directories, WEFT_GIFTS_MAX - slots->count);
    for (uint32_t i = 0; i < count; i++)
        slots->data[slots->count++] = (struct system_named_slot){ names[i], directories[i] };
}

static int tell(const struct spawn *spawn, enum weft_status status,
                const struct system_process_error_result *result)
{
    const char *why = "it could not be started";
    int exit_status = STATUS_NOT_A_PROGRAM;
    if (status == WEFT_TOO_LARGE) {
        why = "arguments and environment together are larger than 1 MiB";
    } else if (status == WEFT_INVALID) {
        why = "an argument, or a variable, is not text (UTF-8)";
    } else if (status == WEFT_DENIED) {
        why = "starting programs is denied";
    } else if (status == WEFT_OK && result->error == SYSTEM_ERROR_NOT_FOUND) {
        why = "nobody has this program";
        exit_status = STATUS_NOT_FOUND;
    } else if (status == WEFT_OK && result->error == SYSTEM_ERROR_BAD_PROGRAM) {
        why = "it cannot run here: it is not valid, or nobody answers one of its imports (the "
              "log says which)";
    } else if (status == WEFT_OK && result->error == SYSTEM_ERROR_LIMIT) {
        why = "a limit of the silo is reached";
    } else if (status == WEFT_OK && result->error == SYSTEM_ERROR_NO_MEMORY) {
        why = "there is not enough memory";
    }
    complain(spawn->name, why);
    return exit_status;
}

/* The gifts of a request are given away; adding the flag makes copies of them. */
static void give_copies(struct weft_client *client)
{
    for (uint32_t i = 0; i < client->request.gift_count; i++)
        client->request.gifts[i] |= WEFT_GIFT_COPY;
}

static enum weft_status request(const struct spawn *spawn, struct words *environment,
                                struct slots *slots, struct system_process_error_result *result)
{
    struct weft_client client = client_at(system_slot(), buffer, sizeof(buffer));
    struct weft_bytes *arguments = take((spawn->arguments->count + 1) * sizeof(*arguments));
    struct system_string_string_tuple *pairs = take((environment->count + 1) * sizeof(*pairs));
    for (size_t i = 0; i < spawn->arguments->count; i++)
        arguments[i] = bytes_of(spawn->arguments->data[i]);
    for (size_t i = 0; i < environment->count / 2; i++)
        pairs[i] = (struct system_string_string_tuple){ bytes_of(environment->data[2 * i]),
                                                        bytes_of(environment->data[2 * i + 1]) };
    struct system_spawn_options options = {
        .program = { spawn->program->cid, spawn->program->size },
        .silo = spawn->silo,
        .arguments = { arguments, (uint32_t)spawn->arguments->count },
        .environment = { pairs, (uint32_t)environment->count / 2 },
    };
    system_spawn_encode(client_begin(&client), options,
                        (struct system_named_slot_list){ slots->data, slots->count });
    give_copies(&client);
    if (client_call(&client))
        system_spawn_result_decode(&client.answer, result);
    free(arguments);
    free(pairs);
    return client_end(&client);
}

static bool is_missing(enum weft_status status, const struct system_process_error_result *result)
{
    return status == WEFT_OK && result->failed && result->error == SYSTEM_ERROR_NOT_FOUND;
}

static int spawn_in(const struct spawn *spawn, struct started *started)
{
    struct system_process_error_result result = { .failed = true };
    struct words environment = { 0 };
    struct slots slots = { 0 };
    int32_t inbox = WEFT_NO_SLOT;
    started->signals = WEFT_NO_SLOT;
    if (started->takes_signals && spawn->all_descriptors)
        stream_pipe(&inbox, &started->signals);
    list_environment(spawn, &environment);
    list_slots(spawn, inbox, &slots);
    enum weft_status status = request(spawn, &environment, &slots, &result);
    if (is_missing(status, &result) && program_add_again(spawn->program))
        status = request(spawn, &environment, &slots, &result);
    words_free(&environment);
    if (inbox != WEFT_NO_SLOT)
        server_close(&inbox, 1);
    if (started->signals != WEFT_NO_SLOT && (status != WEFT_OK || result.failed))
        server_close(&started->signals, 1);
    if (status != WEFT_OK || result.failed)
        return tell(spawn, status, &result);
    started->slot = result.value;
    started->cabin = 0;
    struct weft_client client = client_at(started->slot, buffer, sizeof(buffer));
    if (system_process_id(&client, &started->process) != WEFT_OK)
        started->process = 0;
    return 0;
}

int spawn(const struct spawn *spawn, struct started *started)
{
    struct spawn options = *spawn;
    bool is_guarded = guard_is_on() && spawn->silo == silo_of_commands();
    if (spawn->silo == 0 || (!is_guarded && !silo_is_shared_by_none()))
        return spawn_in(spawn, started);
    options.silo = guard_cabin(spawn->silo, spawn->name);
    if (options.silo == 0) {
        complain(spawn->name, "there is no room for a silo of its own");
        return STATUS_NOT_A_PROGRAM;
    }
    int status = spawn_in(&options, started);
    if (status != 0)
        guard_drop(options.silo);
    else
        started->cabin = options.silo;
    return status;
}
