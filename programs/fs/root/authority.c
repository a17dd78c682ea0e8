#include "programs/fs/root/authority.h"

#include "interface/system_program.h"
#include "lib/interface.h"
#include "lib/start.h"
#include "programs/fs/root/asking.h"
#include "programs/fs/root/root.h"

/* False: an error. */
static bool resolve(uint64_t process, const char *interface, int32_t *slot,
                    enum system_error *error)
{
    _Alignas(8) uint8_t buffer[128];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct interface_hash hash = interface_hash(interface);
    struct system_any_error_result result;
    *error = SYSTEM_ERROR_DENIED;
    if (system_resolve_for(&client, process, interface_bytes(&hash), (struct weft_bytes){ 0 },
                           &result) != WEFT_OK)
        return false;
    if (result.failed)
        *error = result.error;
    else
        *slot = result.value;
    return !result.failed;
}

int authority_find(const char *interface, int32_t *slot)
{
    enum system_error error;
    if (resolve(root_event->sender, interface, slot, &error))
        return 0;
    return error == SYSTEM_ERROR_UNDECIDED ? asking_begin(interface) : FAILURE(ACCESS);
}

int authority_check(const char *interface)
{
    int32_t slot;
    int failure = authority_find(interface, &slot);
    if (failure == 0)
        server_close(&slot, 1);
    return failure;
}

bool authority_allows(uint64_t process, const char *interface)
{
    int32_t slot;
    enum system_error error;
    bool is_allowed = resolve(process, interface, &slot, &error);
    if (is_allowed)
        server_close(&slot, 1);
    return is_allowed;
}

bool authority_exists(const char *interface)
{
    const struct system_start_record *record = start_record();
    return record != NULL && authority_allows(record->process, interface);
}
