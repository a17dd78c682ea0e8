/* Where somebody decides about permissions, all that programs use is asked about, and each program
 * gets a silo of its own, so that what is permitted to one is permitted to no other. */
#include "interface/permission_program.h"
#include "interface/system_program.h"
#include "lib/interface.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER = 1 << 18 };

static bool is_on;

static bool is_interface(const struct system_binding *row, const char *hash)
{
    struct interface_hash wanted = interface_hash(hash);
    return row->interface.size == INTERFACE_HASH_BYTES &&
           memcmp(row->interface.data, wanted.bytes, INTERFACE_HASH_BYTES) == 0;
}

/* `system` is what a program asks for its very beginning; and who decides is not asked about
 * itself. What is asked about already is asked about by a row above. */
static bool is_asked_about(const struct system_binding *row)
{
    return row->verdict == SYSTEM_VERDICT_ALLOW && !is_interface(row, SYSTEM_INTERFACE_HASH) &&
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
    for (uint32_t i = 0; is_on && is_new && i < rows.value.count; i++)
        if (is_asked_about(&rows.value.data[i]))
            ask_about(silo, &rows.value.data[i]);
    free(buffer);
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
