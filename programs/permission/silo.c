#include "programs/permission/silo.h"

#include "lib/interface.h"
#include "lib/server.h"

#include <string.h>

static struct weft_client client_of(uint8_t *buffer, uint32_t capacity)
{
    return (struct weft_client){ .slot = system_slot(), .buffer = buffer, .capacity = capacity };
}

uint64_t silo_create(struct weft_bytes name, struct system_limits limits)
{
    uint8_t buffer[256];
    struct weft_client client = client_of(buffer, sizeof(buffer));
    struct system_u64_error_result result;
    enum weft_status status = system_create_silo(&client, 0, name, limits, &result);
    return status == WEFT_OK && !result.failed ? result.value : 0;
}

void silo_destroy(uint64_t silo)
{
    uint8_t buffer[64];
    struct weft_client client = client_of(buffer, sizeof(buffer));
    struct system_none_error_result result;
    (void)system_destroy_silo(&client, silo, &result); /* it fails where it has gone */
}

bool silo_row_is(const struct system_binding *row, const char *hash)
{
    struct interface_hash wanted = interface_hash(hash);
    return row->interface.size == INTERFACE_HASH_BYTES &&
           memcmp(row->interface.data, wanted.bytes, INTERFACE_HASH_BYTES) == 0;
}

static bool set_verdict(uint64_t silo, const struct system_binding *row,
                        enum system_verdict verdict)
{
    uint8_t buffer[512];
    struct weft_client client = client_of(buffer, sizeof(buffer));
    struct system_none_error_result result;
    return system_set_verdict(&client, silo, row->interface, row->tag, verdict, &result) ==
               WEFT_OK &&
           !result.failed;
}

void silo_deny(uint64_t silo, const char *hash)
{
    struct interface_hash interface = interface_hash(hash);
    struct system_binding row = { .interface = interface_bytes(&interface) };
    (void)set_verdict(silo, &row, SYSTEM_VERDICT_DENY); /* it fails where it has gone */
}

bool silo_narrow(uint64_t silo, silo_verdict *verdict)
{
    static _Alignas(8) uint8_t listing[1 << 18];
    struct weft_client client = client_of(listing, sizeof(listing));
    struct system_binding_list_error_result rows;
    bool is_well = system_bindings(&client, 0, &rows) == WEFT_OK && !rows.failed;
    for (uint32_t i = 0; is_well && i < rows.value.count; i++) {
        const struct system_binding *row = &rows.value.data[i];
        enum system_verdict wanted = verdict(row);
        if (wanted != SYSTEM_VERDICT_ALLOW && row->verdict == SYSTEM_VERDICT_ALLOW)
            is_well = set_verdict(silo, row, wanted);
    }
    return is_well;
}

bool silo_bind(uint64_t silo, const char *name, const char *hash, int32_t handler)
{
    uint8_t buffer[512];
    struct weft_client client = client_of(buffer, sizeof(buffer));
    struct interface_hash interface = interface_hash(hash);
    struct system_none_error_result result = { .failed = true };
    struct weft_bytes text = { (const uint8_t *)name, (uint32_t)strlen(name) };
    if (handler == WEFT_NO_SLOT)
        return false;
    enum weft_status status = system_bind(&client, silo, interface_bytes(&interface), text,
                                          (struct weft_bytes){ 0 }, handler, &result);
    server_close(&handler, 1);
    return status == WEFT_OK && !result.failed;
}
