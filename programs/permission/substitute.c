#include "programs/permission/substitute.h"

#include "interface/clock.h"
#include "interface/log.h"
#include "lib/bundle.h"
#include "lib/say.h"
#include "programs/permission/silo.h"

#include <string.h>

enum { KINDS_MAX = 32, PAGES = 64, MESSAGES = 4096, SLOTS = 4096 };

static struct {
    bool is_tried;
    int32_t process; /* a slot */
} started[KINDS_MAX]; /* by the row of known_interfaces */

static enum system_verdict verdict_of(const struct system_binding *row)
{
    bool is_needed = silo_row_is(row, SYSTEM_INTERFACE_HASH) ||
                     silo_row_is(row, CLOCK_INTERFACE_HASH) ||
                     silo_row_is(row, LOG_INTERFACE_HASH);
    return is_needed ? SYSTEM_VERDICT_ALLOW : SYSTEM_VERDICT_DENY;
}

static int32_t spawn(const struct known *known)
{
    static const struct system_limits limits = { .memory_pages = PAGES,
                                                 .processes = 1,
                                                 .threads = 1,
                                                 .messages = MESSAGES,
                                                 .slots = SLOTS };
    uint8_t buffer[512];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct weft_bytes name = { (const uint8_t *)known->substitute,
                               (uint32_t)strlen(known->substitute) };
    struct bundle_program program;
    struct system_process_error_result result;
    uint64_t silo = bundle_add(name, &program) ? silo_create(name, limits) : 0;
    if (silo == 0 || !silo_narrow(silo, verdict_of))
        return WEFT_NO_SLOT;
    struct system_spawn_options options = { .program = bundle_cid(&program),
                                            .silo = silo,
                                            .arguments = { &name, 1 } };
    enum weft_status status =
        system_spawn(&client, options, (struct system_named_slot_list){ 0 }, &result);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

int32_t substitute_for(struct weft_bytes interface)
{
    const struct known *known = known_by_hash(interface);
    if (known == NULL || known->substitute == NULL)
        return WEFT_NO_SLOT;
    size_t row = (size_t)(known - known_interfaces);
    if (!started[row].is_tried) {
        started[row].is_tried = true;
        started[row].process = spawn(known);
        if (started[row].process == WEFT_NO_SLOT)
            say(LOG_LEVEL_ERROR, WEFT_BYTES("permission"), "a substitute cannot be started");
    }
    return started[row].process;
}
