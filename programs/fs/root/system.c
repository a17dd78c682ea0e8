/* `/sys`: the system, as its interfaces tell it, a table a file. Each is only for those who may use
 * the interface that it comes from. */
#include "interface/device_program.h"
#include "interface/log_program.h"
#include "interface/machine_program.h"
#include "interface/services_program.h"
#include "interface/system_program.h"
#include "lib/memory.h"
#include "programs/fs/root/facts.h"
#include "programs/fs/root/framebuffer.h"
#include "programs/fs/root/root.h"

enum { BUFFER_BYTES = 1 << 19, SILOS_AT_ONCE = 256 };

static _Alignas(8) uint8_t buffer[BUFFER_BYTES];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static void put_end(struct text *text, bool is_line)
{
    text_put(text, is_line ? "\n" : "\t");
}

static void put_number(struct text *text, uint64_t number, bool is_line)
{
    text_number(text, number);
    put_end(text, is_line);
}

static void put_bytes(struct text *text, struct weft_bytes bytes, bool is_line)
{
    text_bytes(text, bytes.size == 0 ? WEFT_BYTES("-") : bytes);
    put_end(text, is_line);
}

/* ---- The machine ----------------------------------------------------------------------------- */

static bool write_memory(struct text *text)
{
    struct weft_client client = client_of(machine_slot());
    struct machine_memory memory;
    if (machine_memory(&client, &memory) != WEFT_OK)
        return false;
    text_count(text, "total", memory.total);
    text_count(text, "free", memory.free);
    return true;
}

static bool write_uptime(struct text *text)
{
    struct weft_client client = client_of(machine_slot());
    struct machine_u64_cpu_list_tuple cpus;
    if (machine_cpus(&client, &cpus) != WEFT_OK)
        return false;
    text_seconds(text, cpus.f0);
    text_put(text, "\n");
    return true;
}

static bool write_cpus(struct text *text)
{
    struct weft_client client = client_of(machine_slot());
    struct machine_u64_cpu_list_tuple cpus;
    if (machine_cpus(&client, &cpus) != WEFT_OK)
        return false;
    text_put(text, "cpu\tidle\n");
    for (uint32_t i = 0; i < cpus.f1.count; i++) {
        put_number(text, cpus.f1.data[i].number, false);
        text_seconds(text, cpus.f1.data[i].idle);
        text_put(text, "\n");
    }
    return true;
}

static bool write_features(struct text *text)
{
    struct weft_client client = client_of(machine_slot());
    struct machine_feature_list features;
    if (machine_features(&client, &features) != WEFT_OK)
        return false;
    text_put(text, "feature\toffered\tenabled\n");
    for (uint32_t i = 0; i < features.count; i++) {
        put_bytes(text, features.data[i].name, false);
        put_number(text, features.data[i].offered, false);
        put_number(text, features.data[i].enabled, true);
    }
    return true;
}

static bool write_devices(struct text *text)
{
    struct weft_client client = client_of(device_slot());
    struct device_identity_list devices;
    if (device_devices(&client, &devices) != WEFT_OK)
        return false;
    text_put(text, "device\tvendor\tmodel\tclass\tinterrupts\towner\n");
    for (uint32_t i = 0; i < devices.count; i++) {
        const struct device_identity *device = &devices.data[i];
        put_bytes(text, device->name, false);
        put_number(text, device->vendor, false);
        put_number(text, device->model, false);
        put_number(text, device->class_, false);
        put_number(text, device->interrupts, false);
        put_number(text, device->owner, true);
    }
    return true;
}

/* ---- What runs on it ------------------------------------------------------------------------- */

static bool write_services(struct text *text)
{
    static const char *const states[] = { "running", "waiting", "given up" };
    struct weft_client client = client_of(services_slot());
    struct services_service_list services;
    if (services_services(&client, &services) != WEFT_OK)
        return false;
    text_put(text, "service\tprocess\tstarts\tstate\n");
    for (uint32_t i = 0; i < services.count; i++) {
        put_bytes(text, services.data[i].name, false);
        put_number(text, services.data[i].process, false);
        put_number(text, services.data[i].starts, false);
        text_put(text, states[services.data[i].state]);
        text_put(text, "\n");
    }
    return true;
}

/* Silos that the reader sees, from number `from` on: the first of all is above the others. */
static bool fetch_silos(uint64_t from, uint32_t count, struct system_silo_status_list *silos)
{
    struct weft_client client = client_of(system_slot());
    return system_silos(&client, root_event->sender_silo, from, count, silos) == WEFT_OK;
}

/* The table of the outermost silo that the reader sees, the session's, as `interface list` shows it. */
static bool write_interfaces(struct text *text)
{
    static const char *const verdicts[] = { "allow", "deny", "ask", "hold" };
    struct weft_client client = client_of(system_slot());
    struct system_silo_status_list silos;
    struct system_binding_list_error_result rows;
    if (!fetch_silos(0, 1, &silos) || silos.count == 0 ||
        system_bindings(&client, silos.data[0].silo, &rows) != WEFT_OK || rows.failed)
        return false;
    text_put(text, "interface\ttag\tverdict\thandler\thash\n");
    for (uint32_t i = 0; i < rows.value.count; i++) {
        const struct system_binding *row = &rows.value.data[i];
        put_bytes(text, row->name, false);
        put_bytes(text, row->tag, false);
        text_put(text, verdicts[row->verdict]);
        text_put(text, "\t");
        put_number(text, row->handler, false);
        text_hex(text, row->interface);
        text_put(text, "\n");
    }
    return true;
}

static void put_silo(struct text *text, const struct system_silo_status *silo)
{
    put_number(text, silo->silo, false);
    put_number(text, silo->parent, false);
    put_number(text, silo->processes, false);
    put_number(text, silo->memory_pages, false);
    put_number(text, silo->messages, false);
    put_bytes(text, silo->name, true);
}

static bool write_silos(struct text *text)
{
    struct system_silo_status_list silos;
    uint64_t from = 0;
    text_put(text, "silo\tparent\tprocesses\tpages\tmessages\tname\n");
    do {
        if (!fetch_silos(from, SILOS_AT_ONCE, &silos))
            return false;
        for (uint32_t i = 0; i < silos.count; i++) {
            put_silo(text, &silos.data[i]);
            from = silos.data[i].silo + 1;
        }
    } while (silos.count != 0 && !text->is_cut);
    return true;
}

static bool write_log(struct text *text)
{
    enum { COUNT = 1000 };
    static const char *const levels[] = { "error", "warning", "info", "debug", "trace" };
    uint64_t from = 0;
    for (;;) {
        struct weft_client client = client_of(log_slot());
        struct log_entry_list entries;
        if (log_read(&client, from, COUNT, &entries) != WEFT_OK)
            return false;
        if (entries.count == 0)
            return true;
        for (uint32_t i = 0; i < entries.count; i++) {
            const struct log_entry *entry = &entries.data[i];
            text_seconds(text, entry->time);
            text_put(text, " ");
            text_put(text, levels[entry->level]);
            text_put(text, " ");
            text_number(text, entry->process);
            text_put(text, " ");
            text_bytes(text, entry->text);
            text_put(text, "\n");
            from = entry->sequence + 1;
        }
    }
}

/* ---- The table, as a volume ------------------------------------------------------------------ */

static const struct fact system_facts[] = {
    { "cpus", MACHINE_INTERFACE_HASH, write_cpus },
    { "devices", DEVICE_INTERFACE_HASH, write_devices },
    { "features", MACHINE_INTERFACE_HASH, write_features },
    { "interfaces", SYSTEM_INTERFACE_HASH, write_interfaces },
    { "log", LOG_INTERFACE_HASH, write_log },
    { "memory", MACHINE_INTERFACE_HASH, write_memory },
    { "screen", MACHINE_INTERFACE_HASH, framebuffer_write_facts },
    { "services", SERVICES_INTERFACE_HASH, write_services },
    { "silos", SYSTEM_INTERFACE_HASH, write_silos },
    { "uptime", MACHINE_INTERFACE_HASH, write_uptime },
};
static const uint32_t system_fact_count = sizeof(system_facts) / sizeof(system_facts[0]);
const struct fact system_log = { "log", LOG_INTERFACE_HASH, write_log };

static int look_up(struct volume *volume, uint64_t directory, struct weft_bytes name,
                   uint64_t *node)
{
    (void)volume;
    (void)directory;
    for (uint32_t i = 0; i < system_fact_count; i++)
        if (volume_name_is(name, system_facts[i].name)) {
            *node = VOLUME_ROOT + 1 + i;
            return 0;
        }
    return FAILURE(NOT_FOUND);
}

static int status(struct volume *volume, uint64_t node, struct files_status *status)
{
    (void)volume;
    *status = (struct files_status){
        .inode = node,
        .kind = node == VOLUME_ROOT ? FILES_NODE_KIND_DIRECTORY : FILES_NODE_KIND_REGULAR_FILE,
        .links = 1,
    };
    if (node != VOLUME_ROOT)
        status->size = facts_size(&system_facts[node - VOLUME_ROOT - 1]);
    return 0;
}

static int list(struct volume *volume, uint64_t directory, struct listing *listing)
{
    (void)volume;
    (void)directory;
    for (uint32_t i = 0; i < system_fact_count; i++) {
        const char *name = system_facts[i].name;
        struct files_entry entry = { .inode = VOLUME_ROOT + 1 + i,
                                     .kind = FILES_NODE_KIND_REGULAR_FILE,
                                     .name = { (const uint8_t *)name, (uint32_t)strlen(name) } };
        if (!listing_add(listing, LISTING_FIRST + i, &entry))
            break;
    }
    return 0;
}

static int read(struct volume *volume, uint64_t node, uint64_t offset, struct volume_span *span)
{
    (void)volume;
    if (node == VOLUME_ROOT)
        return FAILURE(IS_DIRECTORY);
    return facts_read(&system_facts[node - VOLUME_ROOT - 1], offset, span);
}

static int open(struct volume *volume, uint64_t node, uint32_t flags)
{
    (void)volume;
    (void)flags;
    return node == VOLUME_ROOT ? 0 : facts_check(&system_facts[node - VOLUME_ROOT - 1]);
}

static const struct volume_operations operations = {
    .look_up = look_up, .status = status, .list = list, .read = read, .open = open
};
struct volume system_volume = { .operations = &operations };
