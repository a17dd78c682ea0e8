#include "platform/common/machine_handlers.h"

#include "engine/engine.h"
#include "machine/machine.h"
#include "platform/common/native_message.h"

enum { FEATURES_MAX = 64, ANSWER_BYTES = 4096 };

static struct native *native;
static u64 start_ns;

/* The platform's, then those that compiled code makes use of. */
static u32 list_features(struct machine_feature features[FEATURES_MAX])
{
    u32 count = facts_features(features, FEATURES_MAX);
    const char *name;
    bool has;
    for (u32 i = 0; (name = engine_cpu_feature(i, &has)) != NULL && count < FEATURES_MAX; i++)
        features[count++] = (struct machine_feature){
            .name = { (const u8 *)name, (u32)text_size(name) }, .offered = has, .enabled = has
        };
    return count;
}

static enum weft_status on_features(void *context, const struct weft_event *event)
{
    (void)context;
    struct machine_feature features[FEATURES_MAX];
    struct machine_feature_list list = { features, list_features(features) };
    u8 answer[ANSWER_BYTES];
    struct body_writer writer;
    body_writer_init(&writer, answer, sizeof(answer));
    machine_features_result_encode(&writer, &list);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

static enum weft_status on_cpus(void *context, const struct weft_event *event)
{
    (void)context;
    struct machine_cpu cpus[MACHINE_CPUS_MAX];
    u32 count = machine_cpu_count();
    u64 time_ns = machine_monotonic_ns() - start_ns;
    for (u32 i = 0; i < count; i++)
        cpus[i] = (struct machine_cpu){ .number = i, .idle = u64_min(facts_idle_ns(i), time_ns) };
    struct machine_u64_cpu_list_tuple result = { time_ns, { cpus, count } };
    u8 answer[ANSWER_BYTES];
    struct body_writer writer;
    body_writer_init(&writer, answer, sizeof(answer));
    machine_cpus_result_encode(&writer, &result);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

static enum weft_status on_memory(void *context, const struct weft_event *event)
{
    (void)context;
    struct machine_memory memory = facts_memory();
    u8 answer[ANSWER_BYTES];
    struct body_writer writer;
    body_writer_init(&writer, answer, sizeof(answer));
    machine_memory_result_encode(&writer, &memory);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

/* What is no plain text is not passed on. */
static enum weft_status on_model(void *context, const struct weft_event *event)
{
    (void)context;
    char text[FACTS_MODEL_MAX];
    u32 size = facts_model(text);
    u8 answer[ANSWER_BYTES];
    struct body_writer writer;
    for (u32 i = 0; i < size; i++)
        text[i] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
    struct weft_bytes model = { (const u8 *)text, size };
    body_writer_init(&writer, answer, sizeof(answer));
    machine_model_result_encode(&writer, &model);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

struct known_devices {
    struct machine_device *items;
    struct machine_region (*regions)[FACTS_REGIONS_MAX];
};

static void answer_devices(const struct weft_event *event, struct known_devices known,
                           struct body_writer *writer)
{
    u32 count = facts_device_count();
    struct machine_device_list list = { known.items, count };
    for (u32 i = 0; i < count; i++)
        known.items[i] = facts_device(i, known.regions[i]);
    machine_devices_result_encode(writer, &list);
    native_message_answer(native, event->id, writer);
}

static enum weft_status on_devices(void *context, const struct weft_event *event)
{
    enum { EACH_BYTES = 512 };
    (void)context;
    u32 room = facts_device_count() + 1;
    u8 *body = machine_allocate(room * EACH_BYTES);
    struct known_devices known = { machine_allocate(room * sizeof(*known.items)),
                                   machine_allocate(room * sizeof(*known.regions)) };
    struct body_writer writer;
    bool is_well = body != NULL && known.items != NULL && known.regions != NULL;
    if (is_well) {
        body_writer_init(&writer, body, room * EACH_BYTES);
        answer_devices(event, known, &writer);
    }
    machine_free(body, room * EACH_BYTES);
    machine_free(known.items, room * sizeof(*known.items));
    machine_free(known.regions, room * sizeof(*known.regions));
    return is_well ? WEFT_OK : WEFT_NO_MEMORY;
}

static void on_message(void *context, const struct native_message *message)
{
    static const struct machine_server server = {
        .features = on_features,
        .cpus = on_cpus,
        .memory = on_memory,
        .model = on_model,
        .devices = on_devices,
    };
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = machine_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        native_message_refuse(native, message, status);
}

enum status machine_handlers_init(void)
{
    static const struct native_operations operations = { "machine", on_message, NULL, NULL };
    struct interface_key key = native_key(MACHINE_INTERFACE_NAME, MACHINE_INTERFACE_HASH);
    start_ns = machine_monotonic_ns();
    enum status status = native_create(&operations, NULL, &native);
    return status == STATUS_OK ? native_bind(native, silo_root(), &key) : status;
}

void machine_handlers_deinit(void)
{
    if (native != NULL)
        native_destroy(native);
    native = NULL;
}
