/* What a slot of `device` leads to is told by its badge: 0 is the whole interface, another the
 * address of an object here, which lives until the last such slot has gone and all calls on it have
 * returned. */
#include "platform/bare/device_handlers.h"

#include "platform/bare/device_claim.h"
#include "platform/common/native_message.h"

enum { SMALL_ANSWER_BYTES = 64, SCRATCH_BYTES = 16 << 10 };

enum object_kind {
    OBJECT_SELECTION,
    OBJECT_CLAIM,
    OBJECT_INTERRUPT,
};

struct object {
    enum object_kind kind;
    union {
        u64 shows[DEVICES_MAX / 64]; /* one bit a device */
        struct device_claim claim;
        struct {
            struct device_interrupt *interrupt;
            u64 opening;
        };
    };
};

static struct native *native;

/* ---- Objects ---- */

/* NULL: the badge is no such object's. */
static struct object *object_of(const struct weft_event *event, enum object_kind kind)
{
    struct object *object = (struct object *)(usize)event->badge;
    return object != NULL && object->kind == kind ? object : NULL;
}

/* Devices are seen through the interface's own slot, or through a selection. */
static bool may_ask(const struct weft_event *event)
{
    return event->badge == 0 || object_of(event, OBJECT_SELECTION) != NULL;
}

static bool shows(const struct weft_event *event, const struct device *device)
{
    const struct object *object = object_of(event, OBJECT_SELECTION);
    return event->badge == 0 ||
           (object != NULL && (object->shows[device->index / 64] >> device->index % 64 & 1) != 0);
}

static struct device *find_shown(const struct weft_event *event, struct weft_bytes name)
{
    struct device *device = devices_find((struct bytes){ name.data, name.size });
    return device != NULL && shows(event, device) ? device : NULL;
}

static struct object *create(enum object_kind kind)
{
    struct object *object = machine_allocate(sizeof(*object));
    if (object != NULL)
        *object = (struct object){ .kind = kind };
    return object;
}

static void end(struct object *object)
{
    if (object->kind == OBJECT_CLAIM)
        device_claim_end(&object->claim);
    else if (object->kind == OBJECT_INTERRUPT)
        device_interrupt_close(object->interrupt, object->opening);
    machine_free(object, sizeof(*object));
}

/* A slot that leads to the object, which is ended if there is none. */
static i32 mint(struct object *object, i32 *slot)
{
    if (native_mint(native, DEVICE_INTERFACE_ID, (usize)object, slot) == STATUS_OK)
        return DEVICE_OK;
    end(object);
    return DEVICE_ERROR_LIMIT;
}

/* ---- Answers ---- */

static enum weft_status answer_none(const struct weft_event *event, i32 error)
{
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct device_none_error_result result = { error != DEVICE_OK, (enum device_error)error };
    body_writer_init(&writer, small, sizeof(small));
    device_claimed_write_result_encode(&writer, &result);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

/* A slot: claimed, selection and interrupt have the same form. */
static enum weft_status answer_slot(const struct weft_event *event, i32 error, i32 slot)
{
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct device_claimed_error_result result = { .failed = error != DEVICE_OK, .value = slot };
    if (error != DEVICE_OK)
        result.error = (enum device_error)error;
    body_writer_init(&writer, small, sizeof(small));
    device_claim_result_encode(&writer, &result);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

static void answer_number(i64 message, i32 error, u64 value)
{
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct device_u64_error_result result = { .failed = error != DEVICE_OK, .value = value };
    if (error != DEVICE_OK)
        result.error = (enum device_error)error;
    body_writer_init(&writer, small, sizeof(small));
    device_claimed_read_result_encode(&writer, &result);
    native_message_answer(native, message, &writer);
}

void device_answer_wait(i64 message, u64 count)
{
    answer_number(message, DEVICE_OK, count);
}

void device_answer_gone(i64 message)
{
    answer_number(message, DEVICE_ERROR_NOT_FOUND, 0);
}

/* ---- What there is ---- */

static struct device_identity identity_of(struct device *device)
{
    struct bytes name = bytes_from_text(device->name);
    return (struct device_identity){
        .name = { name.data, (u32)name.size },
        .vendor = device->vendor,
        .model = device->model,
        .subsystem_vendor = device->subsystem_vendor,
        .subsystem_model = device->subsystem_model,
        .class_ = device->class_code,
        .revision = device->revision,
        .regions = { device->regions, device->region_count },
        .interrupts = device->interrupt_count,
        .owner = device_owner(device),
    };
}

static void encode_devices(const struct weft_event *event, struct device_identity *identities,
                           struct body_writer *writer)
{
    struct device_identity_list list = { .data = identities };
    for (u32 i = 0; i < devices_count(); i++)
        if (shows(event, devices_at(i)))
            identities[list.count++] = identity_of(devices_at(i));
    device_devices_result_encode(writer, &list);
}

static enum weft_status on_devices(void *context, const struct weft_event *event)
{
    enum { EACH_BYTES = 512 };
    (void)context;
    if (!may_ask(event))
        return WEFT_UNSUPPORTED;
    u32 count = devices_count() + 1;
    u32 capacity = count * EACH_BYTES;
    u8 *body = machine_allocate(capacity);
    struct device_identity *identities = machine_allocate(count * sizeof(*identities));
    struct body_writer writer;
    if (body != NULL && identities != NULL) {
        body_writer_init(&writer, body, capacity);
        encode_devices(event, identities, &writer);
        native_message_answer(native, event->id, &writer);
    }
    bool done = body != NULL && identities != NULL;
    machine_free(body, capacity);
    machine_free(identities, count * sizeof(*identities));
    return done ? WEFT_OK : WEFT_NO_MEMORY;
}

static enum weft_status on_only(void *context, const struct weft_event *event,
                                const struct device_only_arguments *arguments)
{
    (void)context;
    if (!may_ask(event))
        return WEFT_UNSUPPORTED;
    struct object *object = create(OBJECT_SELECTION);
    if (object == NULL)
        return answer_slot(event, DEVICE_ERROR_NO_MEMORY, WEFT_NO_SLOT);
    for (u32 i = 0; i < arguments->names.count; i++) {
        const struct device *device = find_shown(event, arguments->names.data[i]);
        if (device == NULL) {
            end(object);
            return answer_slot(event, DEVICE_ERROR_NOT_FOUND, WEFT_NO_SLOT);
        }
        object->shows[device->index / 64] |= (u64)1 << device->index % 64;
    }
    i32 slot = WEFT_NO_SLOT;
    i32 error = mint(object, &slot);
    return answer_slot(event, error, slot);
}

static enum weft_status on_claim(void *context, const struct weft_event *event,
                                 const struct device_claim_arguments *arguments)
{
    (void)context;
    if (!may_ask(event))
        return WEFT_UNSUPPORTED;
    struct device *device = find_shown(event, arguments->name);
    if (device == NULL)
        return answer_slot(event, DEVICE_ERROR_NOT_FOUND, WEFT_NO_SLOT);
    struct object *object = create(OBJECT_CLAIM);
    if (object == NULL)
        return answer_slot(event, DEVICE_ERROR_NO_MEMORY, WEFT_NO_SLOT);
    i32 slot = WEFT_NO_SLOT;
    i32 error = device_claim_start(&object->claim, device, event->sender);
    if (error != DEVICE_OK)
        machine_free(object, sizeof(*object));
    else
        error = mint(object, &slot);
    return answer_slot(event, error, slot);
}

/* ---- Registers ---- */

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct device_claimed_read_arguments *arguments)
{
    (void)context;
    const struct object *object = object_of(event, OBJECT_CLAIM);
    struct device_place place = { arguments->region, arguments->offset, arguments->width };
    u64 value = 0;
    if (object == NULL)
        return WEFT_UNSUPPORTED;
    i32 error = device_claim_read(&object->claim, &place, (u8 *)&value, arguments->width);
    answer_number(event->id, error, value);
    return WEFT_OK;
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct device_claimed_write_arguments *arguments)
{
    (void)context;
    const struct object *object = object_of(event, OBJECT_CLAIM);
    struct device_place place = { arguments->region, arguments->offset, arguments->width };
    if (object == NULL)
        return WEFT_UNSUPPORTED;
    return answer_none(event, device_claim_write(&object->claim, &place,
                                                 (const u8 *)&arguments->value, arguments->width));
}

static enum weft_status on_read_queue(void *context, const struct weft_event *event,
                                      const struct device_claimed_read_queue_arguments *arguments)
{
    enum { HEAD_BYTES = 16 };
    (void)context;
    const struct object *object = object_of(event, OBJECT_CLAIM);
    struct device_place place = { arguments->region, arguments->offset, arguments->width };
    u8 data[DEVICE_QUEUE_BYTES_MAX], body[DEVICE_QUEUE_BYTES_MAX + HEAD_BYTES];
    u64 size = (u64)arguments->count * arguments->width;
    struct device_bytes_error_result result = { .value = { data, (u32)size } };
    struct body_writer writer;
    if (object == NULL)
        return WEFT_UNSUPPORTED;
    i32 error = device_claim_read(&object->claim, &place, data, size);
    if (error != DEVICE_OK)
        result =
            (struct device_bytes_error_result){ .failed = true, .error = (enum device_error)error };
    body_writer_init(&writer, body, sizeof(body));
    device_claimed_read_queue_result_encode(&writer, &result);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

static enum weft_status on_write_queue(void *context, const struct weft_event *event,
                                       const struct device_claimed_write_queue_arguments *arguments)
{
    (void)context;
    const struct object *object = object_of(event, OBJECT_CLAIM);
    struct device_place place = { arguments->region, arguments->offset, arguments->width };
    if (object == NULL)
        return WEFT_UNSUPPORTED;
    return answer_none(event, device_claim_write(&object->claim, &place, arguments->bytes.data,
                                                 arguments->bytes.size));
}

static enum weft_status
on_read_configuration(void *context, const struct weft_event *event,
                      const struct device_claimed_read_configuration_arguments *arguments)
{
    (void)context;
    const struct object *object = object_of(event, OBJECT_CLAIM);
    u8 small[SMALL_ANSWER_BYTES];
    struct device_u32_error_result result = { 0 };
    struct body_writer writer;
    u32 value = 0;
    if (object == NULL)
        return WEFT_UNSUPPORTED;
    i32 error = device_claim_read_configuration(&object->claim, arguments->offset, arguments->width,
                                                &value);
    result.failed = error != DEVICE_OK;
    if (result.failed)
        result.error = (enum device_error)error;
    else
        result.value = value;
    body_writer_init(&writer, small, sizeof(small));
    device_claimed_read_configuration_result_encode(&writer, &result);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

static enum weft_status
on_write_configuration(void *context, const struct weft_event *event,
                       const struct device_claimed_write_configuration_arguments *arguments)
{
    (void)context;
    const struct object *object = object_of(event, OBJECT_CLAIM);
    if (object == NULL)
        return WEFT_UNSUPPORTED;
    return answer_none(event, device_claim_write_configuration(&object->claim, arguments->offset,
                                                               arguments->width, arguments->value));
}

/* ---- Memory ---- */

static enum weft_status on_map(void *context, const struct weft_event *event,
                               const struct device_claimed_map_arguments *arguments)
{
    struct object *object = object_of(event, OBJECT_CLAIM);
    struct device_place from = { arguments->region, arguments->offset, 0 };
    if (object == NULL)
        return WEFT_UNSUPPORTED;
    void *at = native_sender_memory(context, arguments->address, arguments->size);
    if (at == NULL)
        return answer_none(event, DEVICE_ERROR_INVALID);
    return answer_none(event, device_claim_map(&object->claim, &from, (usize)at, arguments->size));
}

static enum weft_status on_share(void *context, const struct weft_event *event,
                                 const struct device_claimed_share_arguments *arguments)
{
    struct object *object = object_of(event, OBJECT_CLAIM);
    i32 error = DEVICE_ERROR_INVALID;
    u64 bus_address = 0;
    if (object == NULL)
        return WEFT_UNSUPPORTED;
    void *at = native_sender_memory(context, arguments->address, arguments->size);
    if (at != NULL)
        error = device_claim_share(&object->claim, (usize)at, arguments->size, &bus_address);
    answer_number(event->id, error, bus_address);
    return WEFT_OK;
}

/* ---- Interrupts ---- */

static i32 open(struct object *object, struct device_interrupt *interrupt, i32 *slot)
{
    bool failed;
    object->interrupt = interrupt;
    object->opening = device_interrupt_open(interrupt, &failed);
    if (object->opening != 0)
        return mint(object, slot);
    machine_free(object, sizeof(*object));
    return failed ? DEVICE_ERROR_UNSUPPORTED : DEVICE_ERROR_BUSY;
}

static enum weft_status on_interrupt(void *context, const struct weft_event *event,
                                     const struct device_claimed_interrupt_arguments *arguments)
{
    (void)context;
    const struct object *claimed = object_of(event, OBJECT_CLAIM);
    if (claimed == NULL)
        return WEFT_UNSUPPORTED;
    const struct device *device = claimed->claim.device;
    if (arguments->index >= device->interrupt_count)
        return answer_slot(event, DEVICE_ERROR_INVALID, WEFT_NO_SLOT);
    struct object *object = create(OBJECT_INTERRUPT);
    if (object == NULL)
        return answer_slot(event, DEVICE_ERROR_NO_MEMORY, WEFT_NO_SLOT);
    i32 slot = WEFT_NO_SLOT;
    i32 error = open(object, &device->interrupts[arguments->index], &slot);
    return answer_slot(event, error, slot);
}

static enum weft_status on_wait(void *context, const struct weft_event *event)
{
    (void)context;
    const struct object *object = object_of(event, OBJECT_INTERRUPT);
    if (object == NULL)
        return WEFT_UNSUPPORTED;
    if (event->id == 0)
        return WEFT_OK; /* nobody wants to know */
    switch (device_interrupt_wait(object->interrupt, object->opening, event->id)) {
    case DEVICE_WAIT_LATER:
        break;
    case DEVICE_WAIT_BUSY:
        answer_number(event->id, DEVICE_ERROR_BUSY, 0);
        break;
    case DEVICE_WAIT_GONE:
        device_answer_gone(event->id);
        break;
    }
    return WEFT_OK;
}

/* ---- The handler ---- */

static const struct device_server server = {
    .devices = on_devices,
    .only = on_only,
    .claim = on_claim,
    .claimed_read = on_read,
    .claimed_write = on_write,
    .claimed_read_queue = on_read_queue,
    .claimed_write_queue = on_write_queue,
    .claimed_read_configuration = on_read_configuration,
    .claimed_write_configuration = on_write_configuration,
    .claimed_map = on_map,
    .claimed_share = on_share,
    .claimed_interrupt = on_interrupt,
    .interrupt_wait = on_wait,
};

static void on_message(void *context, const struct native_message *message)
{
    _Alignas(8) u8 scratch[SCRATCH_BYTES];
    struct weft_event event;
    struct body_reader reader;
    (void)context;
    native_message_event(message, &event, &reader);
    body_reader_scratch(&reader, scratch, sizeof(scratch));
    /* The dispatcher hands its context on, and does not write to it. */
    enum weft_status status = device_dispatch(&server, (void *)(usize)message, &event, &reader);
    if (status != WEFT_OK)
        native_message_refuse(native, message, status);
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    end((struct object *)(usize)badge);
}

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    device_interrupt_withdraw(id);
}

enum status device_handlers_init(void)
{
    static const struct native_operations operations = { "device", on_message, on_closed,
                                                         on_withdrawn };
    struct interface_key key = native_key(DEVICE_INTERFACE_NAME, DEVICE_INTERFACE_HASH);
    enum status status = native_create(&operations, NULL, &native);
    return status == STATUS_OK ? native_bind(native, silo_root(), &key) : status;
}

void device_handlers_deinit(void)
{
    if (native != NULL)
        native_destroy(native);
    for (u32 i = 0; i < devices_count(); i++)
        if (devices_at(i)->is_claimed)
            device_stop(devices_at(i));
}
