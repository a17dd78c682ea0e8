#include "programs/init/service.h"

#include "lib/interface.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/start.h"
#include "programs/init/process.h"
#include "programs/init/program.h"
#include "programs/init/refused.h"
#include "programs/init/run.h"
#include "programs/init/silo.h"

enum {
    NUMBER_BYTES = 3, /* of -NN behind a name */
};

struct services services;

static bool is_same(struct weft_bytes a, struct weft_bytes b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/* ---- Whom they serve ------------------------------------------------------------------------- */

bool service_uses(const struct service *service, const struct manifest_handle *handle)
{
    const struct manifest_handle_list *list = &service->row->uses;
    for (uint32_t i = 0; i < list->count; i++)
        if (is_same(list->data[i].hash, handle->hash) && is_same(list->data[i].tag, handle->tag))
            return true;
    return false;
}

/* Of several services for devices of a kind the first is the one that is found without a tag; the
 * others go by their device's name. */
static struct manifest_handle handle_of(const struct service *service, uint32_t index)
{
    struct manifest_handle handle = service->row->handles.data[index];
    if (service->number != 0)
        handle.tag = (struct weft_bytes){ (const uint8_t *)service->device,
                                          (uint32_t)strlen(service->device) };
    return handle;
}

void service_each_row(struct service *service, service_row *each)
{
    for (uint32_t i = 0; i < service->row->handles.count; i++) {
        struct manifest_handle handle = handle_of(service, i);
        if (service->row->for_session)
            each(service, services.session, &handle);
        for (uint32_t k = 0; k < services.count; k++)
            if (&services.list[k] != service && services.list[k].silo != 0 &&
                service_uses(&services.list[k], &handle))
                each(service, services.list[k].silo, &handle);
    }
}

/* What the rows of one service become. */
static int32_t bound_process;
static enum system_verdict verdict_set;

static void bind_row(struct service *service, uint64_t silo, const struct manifest_handle *handle)
{
    (void)service;
    silo_bind(silo, handle, bound_process);
}

static void set_row(struct service *service, uint64_t silo, const struct manifest_handle *handle)
{
    (void)service;
    silo_set(silo, handle, verdict_set);
}

void service_bind(const struct service *service, int32_t process)
{
    bound_process = process;
    service_each_row((struct service *)service, bind_row);
}

void service_set(const struct service *service, enum system_verdict verdict)
{
    verdict_set = verdict;
    service_each_row((struct service *)service, set_row);
}

void service_set_state(struct service *service, enum services_state state)
{
    service->state = state;
    service->since = silo_now();
}

struct service *service_find(struct weft_bytes name)
{
    for (uint32_t i = 0; i < services.count; i++)
        if (is_same(service_name(&services.list[i]), name))
            return &services.list[i];
    return NULL;
}

struct service *service_for_session(const char *interface_hash_text)
{
    struct interface_hash hash = interface_hash(interface_hash_text);
    for (uint32_t i = 0; i < services.count; i++) {
        struct service *service = &services.list[i];
        const struct manifest_handle_list *handles = &service->row->handles;
        bool is_there = service->row->for_session && service->state != SERVICES_STATE_GIVEN_UP &&
                        service->state != SERVICES_STATE_STOPPED;
        for (uint32_t k = 0; is_there && k < handles->count; k++)
            if (is_same(handles->data[k].hash, interface_bytes(&hash)) &&
                handles->data[k].tag.size == 0)
                return service;
    }
    return NULL;
}

/* ---- Beginning ------------------------------------------------------------------------------- */

static void set_name(struct service *service)
{
    uint32_t size = service->row->name.size;
    service->name_size = size < SERVICE_NAME_BYTES - NUMBER_BYTES ? size
                                                                  : SERVICE_NAME_BYTES - NUMBER_BYTES;
    memcpy(service->name, service->row->name.data, service->name_size);
    if (service->number == 0)
        return;
    service->name[service->name_size++] = '-';
    if (service->number >= 9)
        service->name[service->name_size++] = (uint8_t)('0' + (service->number + 1) / 10);
    service->name[service->name_size++] = (uint8_t)('0' + (service->number + 1) % 10);
}

/* One for each device of the row's kinds, or just one. */
static void list_row(const struct manifest_service *row)
{
    struct service service = {
        .row = row,
        .state = SERVICES_STATE_STOPPED,
        .life = { .process = WEFT_NO_SLOT },
        .next = { .process = WEFT_NO_SLOT },
    };
    bool has_kinds = row->kinds.count != 0;
    if (has_kinds && !devices_find(row->kinds, 0, service.device))
        return;
    program_set_name(&service.program, row->program);
    service.has_program = program_find(row->program, &service.program);
    while (services.count < SERVICES_MAX) {
        set_name(&service);
        services.list[services.count++] = service;
        if (!has_kinds || !devices_find(row->kinds, ++service.number, service.device))
            return;
    }
    say(LOG_LEVEL_ERROR, service_name(&service), "there are too many services");
}

/* One that handles something for services only is of no use if none of these can be. */
static bool is_wanted(const struct service *service)
{
    bool wanted = service->row->for_session || service->row->handles.count == 0;
    for (uint32_t i = 0; i < service->row->handles.count && !wanted; i++) {
        struct manifest_handle handle = handle_of(service, i);
        for (uint32_t k = 0; k < services.count; k++)
            wanted = wanted || (&services.list[k] != service && services.list[k].has_program &&
                                service_uses(&services.list[k], &handle));
    }
    return wanted;
}

static bool is_guarded(struct service *service, uint64_t silo)
{
    service->silo = silo;
    bool is_well = refused_bind(service);
    service->silo = is_well ? silo : 0;
    return is_well;
}

static void prepare(struct service *service)
{
    const struct weft_bytes found = { (const uint8_t *)service->device,
                                      (uint32_t)strlen(service->device) };
    struct manifest_string_list devices = service->row->devices;
    uint64_t silo = 0;
    service->seed = process_seed(service);
    if (found.size != 0)
        devices = (struct manifest_string_list){ &found, 1 };
    if (service->row->place == MANIFEST_PLACE_SESSION)
        silo = services.session;
    else if (service->row->place == MANIFEST_PLACE_SYSTEM)
        silo = silo_of_init();
    if (!service->has_program)
        run_give_up(service, "its program is not in the boot bundle");
    else if (!is_wanted(service))
        say(LOG_LEVEL_WARNING, service_name(service), "nobody uses it: it is not started");
    else if (silo != 0)
        service->silo = silo;
    else if (silo_create_narrow(service->row, &silo) && silo_bind_devices(silo, devices) &&
             is_guarded(service, silo))
        return;
    else
        run_give_up(service, "it cannot be on this machine");
}

void service_prepare_all(const struct manifest_system *system)
{
    for (uint32_t i = 0; i < system->services.count; i++)
        list_row(&system->services.data[i]);
    for (uint32_t i = 0; i < services.count; i++)
        prepare(&services.list[i]);
}

void service_begin_all(void)
{
    for (uint32_t i = 0; i < services.count; i++) {
        struct service *service = &services.list[i];
        if (service->silo == 0)
            continue;
        if (service->row->start == MANIFEST_START_MESSAGE)
            run_listen(service);
        else
            run_start(service);
    }
}

/* ---- Words of init's arguments ---- */

/* The word behind `SERVICE:`; empty if it is not for this service. */
static struct weft_bytes word_for(struct weft_bytes argument, struct weft_bytes name)
{
    if (argument.size <= name.size || memcmp(argument.data, name.data, name.size) != 0 ||
        argument.data[name.size] != ':')
        return (struct weft_bytes){ 0 };
    return (struct weft_bytes){ argument.data + name.size + 1, argument.size - name.size - 1 };
}

static bool is_for_service(struct weft_bytes argument)
{
    for (uint32_t i = 0; i < services.count; i++)
        if (word_for(argument, services.list[i].row->name).size != 0)
            return true;
    return false;
}

uint32_t service_argument_count(void)
{
    const struct system_start_record *record = start_record();
    uint32_t count = 0;
    while (record != NULL && count + 1 < record->arguments.count &&
           is_for_service(record->arguments.data[count + 1]))
        count++;
    return count;
}

uint32_t service_words(const struct service *service, struct weft_bytes words[SERVICE_WORDS_MAX])
{
    uint32_t end = service_argument_count(), count = 0;
    for (uint32_t i = 0; i < end && count < SERVICE_WORDS_MAX; i++) {
        struct weft_bytes word =
            word_for(start_record()->arguments.data[1 + i], service->row->name);
        if (word.size != 0)
            words[count++] = word;
    }
    return count;
}
