/* Where somebody decides about permissions, all that programs use is asked about, and each program
 * gets a silo of its own, so that what is permitted to one is permitted to no other. */
#include "interface/boot.h"
#include "interface/clock.h"
#include "interface/files.h"
#include "interface/log.h"
#include "interface/permission_program.h"
#include "interface/permissions_program.h"
#include "interface/pipe.h"
#include "interface/random.h"
#include "interface/stream.h"
#include "interface/system_program.h"
#include "interface/terminal.h"
#include "lib/interface.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER = 1 << 18 };

static bool is_on;
static bool knows_manifest;

static bool is_interface(const struct system_binding *row, const char *hash)
{
    struct interface_hash wanted = interface_hash(hash);
    return row->interface.size == INTERFACE_HASH_BYTES &&
           memcmp(row->interface.data, wanted.bytes, INTERFACE_HASH_BYTES) == 0;
}

/* What the shell uses itself, or the library that it runs on. */
static bool is_of_shell(const struct system_binding *row)
{
    static const char *const used[] = {
        BOOT_INTERFACE_HASH,        CLOCK_INTERFACE_HASH, FILES_INTERFACE_HASH,
        LOG_INTERFACE_HASH,         PIPE_INTERFACE_HASH,  RANDOM_INTERFACE_HASH,
        PERMISSIONS_INTERFACE_HASH, STREAM_INTERFACE_HASH, TERMINAL_INTERFACE_HASH,
    };
    for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
        if (is_interface(row, used[i]))
            return true;
    return false;
}

/* `system` is what a program asks for its very beginning; and who decides is not asked about
 * itself. What the shell was asked about itself is asked about again: what it may is no answer for what
 * it starts. */
static bool is_asked_about(const struct system_binding *row)
{
    bool is_open = row->verdict == SYSTEM_VERDICT_ALLOW ||
                   (row->verdict == SYSTEM_VERDICT_ASK && is_of_shell(row));
    return is_open && !is_interface(row, SYSTEM_INTERFACE_HASH) &&
           !is_interface(row, PERMISSION_INTERFACE_HASH);
}

static bool has_guard(const struct system_binding_list *rows)
{
    for (uint32_t i = 0; i < rows->count; i++)
        if (rows->data[i].verdict == SYSTEM_VERDICT_ALLOW &&
            is_interface(&rows->data[i], PERMISSION_INTERFACE_HASH))
            return true;
    return false;
}

/* Whether who decides tells what the manifest says. */
static bool has_manifest(const struct system_binding_list *rows)
{
    for (uint32_t i = 0; i < rows->count; i++)
        if (rows->data[i].verdict != SYSTEM_VERDICT_DENY &&
            is_interface(&rows->data[i], PERMISSIONS_INTERFACE_HASH))
            return true;
    return false;
}

static void ask_about(uint64_t silo, const struct system_binding *row)
{
    uint8_t small[512];
    struct weft_client client = client_at(system_slot(), small, sizeof(small));
    struct system_none_error_result result;
    system_set_verdict(&client, silo, row->interface, row->tag, SYSTEM_VERDICT_ASK, &result);
}

bool guard_is_on(void)
{
    return is_on;
}

void guard_look(uint64_t silo, bool is_new)
{
    uint8_t *buffer = take(BUFFER);
    struct weft_client client = client_at(system_slot(), buffer, BUFFER);
    struct system_binding_list_error_result rows;
    is_on = silo != 0 && system_bindings(&client, 0, &rows) == WEFT_OK && !rows.failed &&
            has_guard(&rows.value);
    knows_manifest = is_on && has_manifest(&rows.value);
    for (uint32_t i = 0; is_on && is_new && i < rows.value.count; i++)
        if (is_asked_about(&rows.value.data[i]))
            ask_about(silo, &rows.value.data[i]);
    free(buffer);
}

/* What the system's manifest says of a program. Who decides may die meanwhile, and is started again. */
static enum weft_status learn_terms(const struct program_name *program,
                                    struct permissions_terms_option *terms)
{
    enum { TRIES = 16 };
    uint8_t small[512];
    enum weft_status status = WEFT_GONE;
    for (int i = 0; i < TRIES && status == WEFT_GONE; i++) {
        struct weft_client client = client_at(permissions_slot(), small, sizeof(small));
        status = permissions_terms(&client, (struct weft_bytes){ program->cid, program->size }, terms);
    }
    return status;
}

bool guard_limit(uint64_t cabin, const struct program_name *program)
{
    uint8_t small[256];
    struct weft_client client = client_at(system_slot(), small, sizeof(small));
    struct permissions_terms_option terms = { 0 };
    struct system_none_error_result result;
    enum weft_status status = knows_manifest ? learn_terms(program, &terms) : WEFT_OK;
    if (status == WEFT_DENIED || status == WEFT_NOT_FOUND || status == WEFT_BAD_SLOT)
        return true; /* who decides here does not go by a manifest */
    if (status != WEFT_OK || !terms.present)
        return status == WEFT_OK;
    const struct permissions_limits *limits = &terms.value.limits;
    struct system_limits wanted = {
        .memory_pages = limits->memory_pages,
        .processes = limits->processes,
        .threads = limits->threads,
        .messages = limits->messages,
        .slots = limits->slots,
        .weight = limits->weight,
        .quota = limits->quota,
    };
    return system_set_limits(&client, cabin, wanted, &result) == WEFT_OK && !result.failed;
}

uint64_t guard_cabin(uint64_t parent, const char *name)
{
    enum { NAME_MAX = 64 };
    uint8_t small[256];
    struct weft_client client = client_at(system_slot(), small, sizeof(small));
    struct system_u64_error_result result;
    size_t size = strlen(name);
    struct weft_bytes text = { (const uint8_t *)name, (uint32_t)size };
    if (size > NAME_MAX)
        text = WEFT_BYTES("a program");
    enum weft_status status = system_create_cabin(&client, parent, text, &result);
    return status == WEFT_OK && !result.failed ? result.value : 0;
}

void guard_drop(uint64_t cabin)
{
    uint8_t small[64];
    struct weft_client client = client_at(system_slot(), small, sizeof(small));
    struct system_none_error_result result;
    system_destroy_silo(&client, cabin, &result);
}
