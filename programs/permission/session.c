#include "programs/permission/session.h"

#include "interface/attention.h"
#include "interface/permission.h"
#include "interface/permissions.h"
#include "interface/pipe_program.h"
#include "lib/bundle.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"
#include "programs/permission/silo.h"
#include "programs/permission/store.h"

#include <string.h>

enum {
    EXIT_FAILED = 1,
    EXIT_NOT_RUNNABLE = 126,
    EXIT_NOT_FOUND = 127,
    EXIT_TRAPPED = 134,
    EXIT_KILLED = 137,
    BUFFER = (1 << 20) + (64 << 10), /* arguments and environment */
};

static _Alignas(8) uint8_t buffer[BUFFER];
static int64_t ended; /* the message that this answers; 0: there is no session */

/* ---- Its silo -------------------------------------------------------------------------------- */

/* All that it has, it has by the word of this process; but who decides is not asked about itself. */
static enum system_verdict verdict_of(const struct system_binding *row)
{
    if (silo_row_is(row, ATTENTION_INTERFACE_HASH))
        return SYSTEM_VERDICT_DENY;
    return silo_row_is(row, SYSTEM_INTERFACE_HASH) ? SYSTEM_VERDICT_ALLOW : SYSTEM_VERDICT_ASK;
}

static uint64_t create(void)
{
    uint64_t silo = silo_create(WEFT_BYTES("session"), (struct system_limits){ 0 });
    bool is_well =
        silo != 0 && silo_narrow(silo, verdict_of) &&
        silo_bind(silo, PERMISSION_INTERFACE_NAME, PERMISSION_INTERFACE_HASH,
                  server_mint(PERMISSION_INTERFACE_HASH, 0)) &&
        silo_bind(silo, PERMISSIONS_INTERFACE_NAME, PERMISSIONS_INTERFACE_HASH,
                  server_mint(PERMISSIONS_INTERFACE_HASH, 0));
    return is_well ? silo : 0;
}

/* ---- Its program ------------------------------------------------------------------------------ */

/* What this process was given, but for what is its own; false: there is more than goes with one
 * message. */
static bool list_slots(const struct system_start_record *record,
                       struct system_named_slot slots[WEFT_GIFTS_MAX], uint32_t *count)
{
    static const char own[] = STORE_SLOT;
    *count = 0;
    for (uint32_t i = 0; i < record->slots.count; i++) {
        struct system_named_slot slot = record->slots.data[i];
        if (slot.name.size == sizeof(own) - 1 &&
            memcmp(slot.name.data, own, sizeof(own) - 1) == 0)
            continue;
        if (*count == WEFT_GIFTS_MAX)
            return false;
        slots[(*count)++] = slot;
    }
    return true;
}

static bool spawn(const struct system_start_record *record, uint64_t silo,
                  const struct bundle_program *program)
{
    struct system_named_slot slots[WEFT_GIFTS_MAX];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct system_process_error_result result;
    struct system_spawn_options options = {
        .program = bundle_cid(program),
        .silo = silo,
        .arguments = { record->arguments.data + 1, record->arguments.count - 1 },
        .environment = record->environment,
    };
    uint32_t count;
    if (!list_slots(record, slots, &count))
        say(LOG_LEVEL_WARNING, WEFT_BYTES("permission"),
            "the session is given eight streams and folders, not more");
    struct system_named_slot_list list = { slots, count };
    if (system_spawn(&client, options, list, &result) != WEFT_OK || result.failed)
        return false;
    client.slot = result.value;
    ended = system_process_ended_send(&client, WEFT_WANT_ANSWER);
    return ended > 0;
}

static int failed(int status, struct weft_bytes who, const char *what)
{
    say(LOG_LEVEL_ERROR, who, what);
    return status;
}

int session_start(void)
{
    (void)pipe_slot(); /* a shell's: who starts the system sees to what its first program names */
    const struct system_start_record *record = start_record();
    struct bundle_program program;
    if (record == NULL)
        return EXIT_FAILED;
    if (record->arguments.count < 2)
        return 0;
    struct weft_bytes name = record->arguments.data[1];
    if (!bundle_add(name, &program))
        return failed(EXIT_NOT_FOUND, name, "there is no such program in the boot bundle");
    uint64_t silo = create();
    if (silo == 0)
        return failed(EXIT_FAILED, name, "there is no silo for it that can be guarded");
    return spawn(record, silo, &program)
               ? 0
               : failed(EXIT_NOT_RUNNABLE, name, "it cannot be started");
}

bool session_is_there(void)
{
    return ended != 0;
}

/* ---- Its end ----------------------------------------------------------------------------------- */

bool session_has_ended(const struct weft_event *event, struct body_reader *reader, int *status)
{
    struct system_ending ending;
    if (ended == 0 || event->id != ended)
        return false;
    *status = EXIT_KILLED;
    if (event->status != WEFT_OK || !system_process_ended_result_decode(reader, &ending))
        return true;
    if (ending.tag == SYSTEM_ENDING_EXITED)
        *status = (int)ending.exited;
    if (ending.tag == SYSTEM_ENDING_TRAPPED)
        *status = failed(EXIT_TRAPPED, WEFT_BYTES("the session"), "it trapped");
    return true;
}
