#include "programs/init/silo.h"

#include "interface/clock_program.h"
#include "interface/device_program.h"
#include "interface/log_program.h"
#include "interface/permission.h"
#include "interface/system_program.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"

enum {
    BUFFER_BYTES = 1 << 16,
    NARROW_PAGES = 256, /* of 64 KiB */
    NARROW_MESSAGES = 1024,
    NARROW_SLOTS = 256,
};

static _Alignas(8) uint8_t buffer[BUFFER_BYTES];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static bool told(bool is_well, const char *what, struct weft_bytes name)
{
    if (!is_well)
        say(LOG_LEVEL_ERROR, name, what);
    return is_well;
}

uint64_t silo_now(void)
{
    struct weft_client client = client_of(clock_slot());
    uint64_t time = 0;
    clock_monotonic(&client, &time);
    return time;
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

static bool is_same(struct weft_bytes a, struct weft_bytes b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

static bool is_among(const struct system_binding *row, struct manifest_handle_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (is_same(row->interface, list.data[i].hash) && is_same(row->tag, list.data[i].tag))
            return true;
    return false;
}

/* What every service has: its start and end, time, and a place to say what is wrong. */
static bool is_usual(const struct system_binding *row)
{
    static const char *const usual[] = { SYSTEM_INTERFACE_HASH, CLOCK_INTERFACE_HASH,
                                         LOG_INTERFACE_HASH };
    for (uint32_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        struct interface_hash hash = interface_hash(usual[i]);
        if (is_same(row->interface, interface_bytes(&hash)))
            return row->tag.size == 0;
    }
    return false;
}

/* The rows of a silo's table, 0 for init's own; they live until the next call. */
static bool rows_of(uint64_t silo, struct system_binding_list *rows)
{
    static _Alignas(8) uint8_t listing[BUFFER_BYTES];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = listing,
                                  .capacity = sizeof(listing) };
    struct system_binding_list_error_result result;
    if (system_bindings(&client, silo, &result) != WEFT_OK || result.failed)
        return false;
    *rows = result.value;
    return true;
}

static bool refuse_all_but_its_own(uint64_t silo, const struct manifest_service *service)
{
    enum system_verdict verdict = service->refused == MANIFEST_REFUSED_ASK ? SYSTEM_VERDICT_ASK
                                                                           : SYSTEM_VERDICT_DENY;
    struct system_binding_list rows;
    bool is_well = rows_of(0, &rows);
    for (uint32_t i = 0; is_well && i < rows.count; i++) {
        const struct system_binding *row = &rows.data[i];
        if (!is_usual(row) && !is_among(row, service->uses))
            is_well = set_verdict(silo, row->interface, row->tag, verdict);
    }
    return is_well;
}

/* ---- Silos ----------------------------------------------------------------------------------- */

static bool create(uint64_t parent, struct weft_bytes name, struct system_limits limits,
                   uint64_t *silo)
{
    struct weft_client client = client_of(system_slot());
    struct system_u64_error_result result;
    bool is_well =
        system_create_silo(&client, parent, name, limits, &result) == WEFT_OK && !result.failed;
    if (is_well)
        *silo = result.value;
    return told(is_well, "no silo for it", name);
}

static uint32_t or_else(uint32_t limit, uint32_t usual)
{
    return limit != 0 ? limit : usual;
}

/* What the manifest leaves out is little. */
static struct system_limits limits_of(const struct manifest_service *service, uint32_t times)
{
    const struct manifest_limits *limits = &service->limits;
    return (struct system_limits){
        .memory_pages = times * (limits->memory_pages != 0 ? limits->memory_pages : NARROW_PAGES),
        .processes = times * or_else(limits->processes, 1),
        .threads = times * or_else(limits->threads, 1),
        .messages = times * or_else(limits->messages, NARROW_MESSAGES),
        .slots = times * or_else(limits->slots, NARROW_SLOTS),
        .weight = limits->weight,
        .quota = limits->quota,
    };
}

bool silo_create_narrow(const struct manifest_service *service, uint64_t *silo)
{
    return create(0, service->name, limits_of(service, 1), silo) &&
           told(refuse_all_but_its_own(*silo, service), "its rights cannot be narrowed",
                service->name);
}

bool silo_create_below(uint64_t parent, const struct manifest_service *service, uint64_t *silo)
{
    return create(parent, service->name, (struct system_limits){ 0 }, silo);
}

bool silo_widen(uint64_t silo, const struct manifest_service *service, bool is_doubled)
{
    struct weft_client client = client_of(system_slot());
    struct system_none_error_result result;
    bool is_well = system_set_limits(&client, silo, limits_of(service, is_doubled ? 2 : 1),
                                     &result) == WEFT_OK &&
                   !result.failed;
    return told(is_well, "its limits cannot be changed", service->name);
}

/* What the manifest leaves out is the parent's. */
static struct system_limits wide_limits_of(const struct manifest_limits *limits)
{
    return (struct system_limits){
        .memory_pages = limits->memory_pages,
        .processes = limits->processes,
        .threads = limits->threads,
        .messages = limits->messages,
        .slots = limits->slots,
        .weight = limits->weight,
        .quota = limits->quota,
    };
}

bool silo_create_session(const struct manifest_session *session, uint64_t *silo)
{
    return create(0, WEFT_BYTES("session"), wide_limits_of(&session->limits), silo);
}

bool silo_limit_program(uint64_t silo, struct weft_bytes cid, const struct manifest_limits *limits,
                        struct weft_bytes name)
{
    struct weft_client client = client_of(system_slot());
    struct system_none_error_result result;
    bool is_well = system_set_program_limits(&client, silo, cid, wide_limits_of(limits), &result) ==
                       WEFT_OK &&
                   !result.failed;
    return told(is_well, "it cannot be held to its limits", name);
}

/* `system` is what a program asks for its very beginning, and who decides is not asked about himself.
 * What a service handles is asked about even if that is given up: it may be started later. */
static bool is_asked_about(const struct system_binding *row)
{
    static const char *const never[] = { SYSTEM_INTERFACE_HASH, PERMISSION_INTERFACE_HASH };
    for (uint32_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
        struct interface_hash hash = interface_hash(never[i]);
        if (is_same(row->interface, interface_bytes(&hash)))
            return false;
    }
    return true;
}

static bool ask_about_all(uint64_t parent, uint64_t people)
{
    struct system_binding_list rows;
    bool is_well = rows_of(parent, &rows);
    for (uint32_t i = 0; is_well && i < rows.count; i++)
        if (is_asked_about(&rows.data[i]))
            is_well = set_verdict(people, rows.data[i].interface, rows.data[i].tag,
                                  SYSTEM_VERDICT_ASK);
    return is_well;
}

bool silo_create_people(const struct manifest_session *session, uint64_t parent, uint64_t *people)
{
    bool is_well = create(parent, WEFT_BYTES("people"), (struct system_limits){ 0 }, people);
    if (is_well && session->asks_all)
        is_well = ask_about_all(parent, *people);
    for (uint32_t i = 0; is_well && i < session->withheld.count; i++)
        is_well = silo_set(*people, &session->withheld.data[i], SYSTEM_VERDICT_DENY);
    for (uint32_t i = 0; is_well && i < session->asked.count; i++)
        is_well = silo_set(*people, &session->asked.data[i], SYSTEM_VERDICT_ASK);
    return is_well;
}

void silo_destroy(uint64_t silo)
{
    struct weft_client client = client_of(system_slot());
    struct system_none_error_result result;
    system_destroy_silo(&client, silo, &result);
}

uint64_t silo_of_init(void)
{
    const struct system_start_record *record = start_record();
    return record == NULL ? 0 : record->silo;
}

bool silo_set(uint64_t silo, const struct manifest_handle *handle, enum system_verdict verdict)
{
    return told(set_verdict(silo, handle->hash, handle->tag, verdict), "it cannot be withheld",
                handle->name);
}

bool silo_bind(uint64_t silo, const struct manifest_handle *handle, int32_t handler)
{
    struct weft_client client = client_of(system_slot());
    struct system_none_error_result result;
    bool is_well = system_bind(&client, silo, handle->hash, handle->name, handle->tag, handler,
                               &result) == WEFT_OK &&
                   !result.failed;
    return told(is_well, "nobody can be bound to it", handle->name);
}

int64_t silo_await(uint64_t silo, const struct manifest_handle *handle)
{
    struct weft_client client = client_of(system_slot());
    return system_awaited_send(&client, silo, handle->hash, handle->tag, WEFT_WANT_ANSWER);
}

bool silo_bind_devices(uint64_t silo, struct manifest_string_list devices)
{
    struct interface_hash hash = interface_hash(DEVICE_INTERFACE_HASH);
    const struct manifest_handle device = { .name = WEFT_BYTES(DEVICE_INTERFACE_NAME),
                                            .hash = interface_bytes(&hash) };
    struct device_string_list list = { devices.data, devices.count };
    struct device_selection_error_result result;
    if (list.count == 0)
        return true;
    struct weft_client client = client_of(device_slot());
    if (!told(device_only(&client, list, &result) == WEFT_OK && !result.failed,
              "there is no such device", devices.data[0]))
        return false;
    bool is_well = silo_bind(silo, &device, result.value);
    silo_close(result.value);
    return is_well;
}

/* ---- Processes ------------------------------------------------------------------------------- */

bool silo_spawn(const struct silo_start *start, int32_t *process, uint64_t *id)
{
    struct weft_client client = client_of(system_slot());
    struct system_process_error_result result;
    struct system_spawn_options options = {
        .program = bundle_cid(start->program),
        .silo = start->silo,
        .arguments = { start->arguments.data, start->arguments.count },
        .environment = start->environment,
    };
    if (system_spawn(&client, options, start->slots, &result) != WEFT_OK || result.failed) {
        for (uint32_t i = 0; i < start->slots.count; i++)
            silo_close(start->slots.data[i].slot);
        return false;
    }
    *process = result.value;
    client = client_of(*process);
    return system_process_id(&client, id) == WEFT_OK;
}

int64_t silo_await_end(int32_t process)
{
    struct weft_client client = client_of(process);
    return system_process_ended_send(&client, WEFT_WANT_ANSWER);
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
