#include "programs/init/silo.h"

#include "interface/device_program.h"
#include "interface/system_program.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"

enum {
    BUFFER_BYTES = 1 << 16,
    STREAMS = 3,
    NARROW_PAGES = 256, /* of 64 KiB */
    NARROW_MESSAGES = 1024,
    NARROW_SLOTS = 256,
};

static _Alignas(8) uint8_t buffer[BUFFER_BYTES];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static struct weft_bytes bytes_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

static bool told(bool is_well, const char *what, const char *name)
{
    if (!is_well)
        say(LOG_LEVEL_ERROR, bytes_of(name), what);
    return is_well;
}

/* ---- Tables ---------------------------------------------------------------------------------- */

static bool set_verdict(uint64_t silo, struct weft_bytes hash, struct weft_bytes tag,
                        enum system_verdict verdict)
{
    struct weft_client client = client_of(system_slot());
    struct system_none_error_result result;
    return system_set_verdict(&client, silo, hash, tag, verdict, &result) == WEFT_OK &&
           !result.failed;
}

static bool is_among(struct weft_bytes hash, const struct table_interface *list, uint32_t count)
{
    for (uint32_t i = 0; i < count && list[i].hash != NULL; i++) {
        struct interface_hash listed = interface_hash(list[i].hash);
        if (hash.size == INTERFACE_HASH_BYTES &&
            memcmp(hash.data, listed.bytes, INTERFACE_HASH_BYTES) == 0)
            return true;
    }
    return false;
}

/* The rows of init's own table; they live until the next call. */
static bool own_rows(struct system_binding_list *rows)
{
    static _Alignas(8) uint8_t listing[BUFFER_BYTES];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = listing,
                                  .capacity = sizeof(listing) };
    struct system_binding_list_error_result result;
    if (system_bindings(&client, 0, &result) != WEFT_OK || result.failed)
        return false;
    *rows = result.value;
    return true;
}

static bool deny_all_but_its_own(uint64_t silo, const struct table_service *service)
{
    struct system_binding_list rows;
    bool is_well = own_rows(&rows);
    for (uint32_t i = 0; is_well && i < rows.count; i++) {
        const struct system_binding *row = &rows.data[i];
        if (row->tag.size != 0 || (!is_among(row->interface, table_usual, table_usual_count) &&
                                   !is_among(row->interface, service->uses, TABLE_USES_MAX)))
            is_well = set_verdict(silo, row->interface, row->tag, SYSTEM_VERDICT_DENY);
    }
    return is_well;
}

/* ---- Silos ----------------------------------------------------------------------------------- */

static bool create(const char *name, struct system_limits limits, uint64_t *silo)
{
    struct weft_client client = client_of(system_slot());
    struct system_u64_error_result result;
    bool is_well = system_create_silo(&client, 0, bytes_of(name), limits, &result) == WEFT_OK &&
                   !result.failed;
    if (is_well)
        *silo = result.value;
    return told(is_well, "no silo for it", name);
}

bool silo_create_narrow(const struct table_service *service, uint64_t *silo)
{
    struct system_limits limits = {
        .memory_pages = service->memory_pages != 0 ? service->memory_pages : NARROW_PAGES,
        .processes = 1,
        .threads = 1,
        .messages = NARROW_MESSAGES,
        .slots = NARROW_SLOTS,
    };
    return create(service->name, limits, silo) &&
           told(deny_all_but_its_own(*silo, service), "its rights cannot be narrowed",
                service->name);
}

bool silo_create_session(uint64_t *silo)
{
    if (!create("session", (struct system_limits){ 0 }, silo))
        return false;
    for (uint32_t i = 0; i < table_withheld_count; i++)
        if (!silo_deny(*silo, &table_withheld[i]))
            return false;
    return true;
}

bool silo_deny(uint64_t silo, const struct table_interface *interface)
{
    struct interface_hash hash = interface_hash(interface->hash);
    return told(
        set_verdict(silo, interface_bytes(&hash), (struct weft_bytes){ 0 }, SYSTEM_VERDICT_DENY),
        "it cannot be denied", interface->name);
}

bool silo_bind(uint64_t silo, const struct table_interface *interface, int32_t handler)
{
    struct weft_client client = client_of(system_slot());
    struct interface_hash hash = interface_hash(interface->hash);
    struct system_none_error_result result;
    bool is_well = system_bind(&client, silo, interface_bytes(&hash), bytes_of(interface->name),
                               (struct weft_bytes){ 0 }, handler, &result) == WEFT_OK &&
                   !result.failed;
    return told(is_well, "nobody can be bound to it", interface->name);
}

bool silo_bind_devices(uint64_t silo, const char *const *devices)
{
    static const struct table_interface device = { DEVICE_INTERFACE_NAME, DEVICE_INTERFACE_HASH };
    struct weft_bytes names[TABLE_DEVICES_MAX];
    struct device_string_list list = { names, 0 };
    struct device_selection_error_result result;
    while (list.count < TABLE_DEVICES_MAX && devices[list.count] != NULL) {
        names[list.count] = bytes_of(devices[list.count]);
        list.count++;
    }
    if (list.count == 0)
        return true;
    struct weft_client client = client_of(device_slot());
    if (!told(device_only(&client, list, &result) == WEFT_OK && !result.failed,
              "there is no such device", devices[0]))
        return false;
    bool is_well = silo_bind(silo, &device, result.value);
    silo_close(result.value);
    return is_well;
}

/* ---- Processes ------------------------------------------------------------------------------- */

/* Copies of init's own streams, as many as there are. */
static uint32_t copy_streams(struct system_named_slot slots[STREAMS])
{
    static const char *const names[STREAMS] = { "stdin", "stdout", "stderr" };
    uint32_t count = 0;
    for (uint32_t i = 0; i < STREAMS; i++) {
        struct weft_client client = client_of(system_slot());
        struct system_any_error_result copy;
        int32_t own = start_slot(names[i]);
        if (own != WEFT_NO_SLOT && system_copy(&client, own, &copy) == WEFT_OK && !copy.failed)
            slots[count++] = (struct system_named_slot){ bytes_of(names[i]), copy.value };
    }
    return count;
}

bool silo_spawn(const struct silo_start *start, int32_t *process, int64_t *ended)
{
    struct system_named_slot streams[STREAMS];
    struct system_named_slot_list slots = { streams,
                                            start->with_streams ? copy_streams(streams) : 0 };
    struct weft_client client = client_of(system_slot());
    struct system_process_error_result result;
    struct system_spawn_options options = {
        .program = bundle_cid(start->program),
        .silo = start->silo,
        .arguments = { start->arguments, start->argument_count },
    };
    if (system_spawn(&client, options, slots, &result) != WEFT_OK || result.failed)
        return false;
    *process = result.value;
    client = client_of(*process);
    *ended = system_process_ended_send(&client, WEFT_WANT_ANSWER);
    return *ended > 0;
}

uint64_t silo_process_id(int32_t process)
{
    struct weft_client client = client_of(process);
    uint64_t id;
    return system_process_id(&client, &id) == WEFT_OK ? id : 0;
}

void silo_kill(int32_t process)
{
    struct weft_client client = client_of(process);
    struct system_none_error_result result;
    system_process_kill(&client, &result);
}

void silo_close(int32_t slot)
{
    server_close(&slot, 1);
}
