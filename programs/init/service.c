#include "programs/init/service.h"

#include "lib/memory.h"
#include "lib/say.h"
#include "lib/start.h"
#include "programs/init/silo.h"

enum { WORDS_MAX = 4 }; /* of init's arguments, for one service */

static struct weft_bytes bytes_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

static struct weft_bytes name_of(const struct service *service)
{
    return bytes_of(service->row->name);
}

/* ---- Whom they serve ------------------------------------------------------------------------- */

static bool uses(const struct service *service, const struct table_interface *interface)
{
    for (uint32_t i = 0; i < TABLE_USES_MAX && service->row->uses[i].hash != NULL; i++)
        if (strcmp(service->row->uses[i].hash, interface->hash) == 0)
            return true;
    return false;
}

/* In each silo that is to reach it: bound to its process, or denied, so that nobody waits. */
static void set_handler(const struct services *services, const struct service *service,
                        const struct table_interface *interface, bool runs)
{
    uint64_t silos[SERVICES_MAX + 1];
    uint32_t count = 0;
    if (service->row->is_for_session)
        silos[count++] = services->session;
    for (uint32_t i = 0; i < services->count; i++)
        if (&services->list[i] != service && services->list[i].silo != 0 &&
            uses(&services->list[i], interface))
            silos[count++] = services->list[i].silo;
    for (uint32_t i = 0; i < count; i++) {
        if (runs)
            silo_bind(silos[i], interface, service->process);
        else
            silo_deny(silos[i], interface);
    }
}

static void set_handlers(const struct services *services, const struct service *service, bool runs)
{
    const struct table_interface *handles = service->row->handles;
    for (uint32_t i = 0; i < TABLE_HANDLES_MAX && handles[i].hash != NULL; i++)
        set_handler(services, service, &handles[i], runs);
}

/* ---- Beginning ------------------------------------------------------------------------------- */

static void give_up(const struct services *services, struct service *service, const char *why)
{
    service->state = SERVICES_STATE_GIVEN_UP;
    say(LOG_LEVEL_ERROR, name_of(service), why);
    set_handlers(services, service, false);
}

/* One for each device of the row's kinds, or just one. */
static void list_row(struct services *services, const struct table_service *row)
{
    struct service service = {
        .row = row,
        .state = SERVICES_STATE_WAITING,
        .process = WEFT_NO_SLOT,
    };
    bool has_kinds = row->kinds[0].vendor != 0;
    if ((has_kinds && !devices_find(row->kinds, 0, service.device)) ||
        !bundle_add(bytes_of(row->program), &service.program))
        return;
    for (uint32_t i = 0; services->count < SERVICES_MAX;) {
        services->list[services->count++] = service;
        if (!has_kinds || !devices_find(row->kinds, ++i, service.device))
            return;
    }
}

/* Those of the table that the boot bundle has a program for: the others are not of this system. */
static void list_present(struct services *services)
{
    for (uint32_t i = 0; i < table_service_count; i++)
        list_row(services, &table_services[i]);
}

static bool is_wanted(const struct services *services, const struct service *service)
{
    const struct table_interface *handles = service->row->handles;
    bool wanted = service->row->is_for_session || handles[0].hash == NULL;
    for (uint32_t i = 0; i < TABLE_HANDLES_MAX && handles[i].hash != NULL; i++)
        for (uint32_t k = 0; k < services->count; k++)
            wanted =
                wanted || (&services->list[k] != service && uses(&services->list[k], &handles[i]));
    return wanted;
}

static void drop_unwanted(struct services *services)
{
    for (uint32_t i = services->count; i-- > 0;)
        if (!is_wanted(services, &services->list[i]))
            services->list[i] = services->list[--services->count];
}

static void prepare(struct services *services, struct service *service)
{
    const struct table_service *row = service->row;
    const char *const found[TABLE_DEVICES_MAX] = { service->device };
    uint64_t silo;
    if (silo_create_narrow(row, &silo) &&
        silo_bind_devices(silo, service->device[0] != 0 ? found : row->devices))
        service->silo = silo;
    else
        give_up(services, service, "it cannot be on this machine");
}

void service_prepare_all(struct services *services, uint64_t session)
{
    services->session = session;
    list_present(services);
    drop_unwanted(services);
    for (uint32_t i = 0; i < services->count; i++)
        prepare(services, &services->list[i]);
}

/* ---- Words of init's arguments ---- */

/* The word behind `SERVICE:`; empty if it is not for this service. */
static struct weft_bytes word_for(struct weft_bytes argument, const char *service)
{
    uint32_t size = (uint32_t)strlen(service);
    if (argument.size <= size || memcmp(argument.data, service, size) != 0 ||
        argument.data[size] != ':')
        return (struct weft_bytes){ 0 };
    return (struct weft_bytes){ argument.data + size + 1, argument.size - size - 1 };
}

static bool is_for_service(struct weft_bytes argument)
{
    for (uint32_t i = 0; i < table_service_count; i++)
        if (word_for(argument, table_services[i].name).size != 0)
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

/* How many there are. */
static uint32_t take_words(const struct table_service *row, struct weft_bytes words[WORDS_MAX])
{
    uint32_t end = service_argument_count(), count = 0;
    for (uint32_t i = 0; i < end && count < WORDS_MAX; i++) {
        struct weft_bytes word = word_for(start_record()->arguments.data[1 + i], row->name);
        if (word.size != 0)
            words[count++] = word;
    }
    return count;
}

/* ---- Starting ---- */

static bool spawn(struct service *service)
{
    struct weft_bytes arguments[2 + TABLE_ARGUMENTS_MAX + WORDS_MAX] = { name_of(service) };
    struct silo_start start = {
        .silo = service->silo,
        .program = &service->program,
        .arguments = arguments,
        .argument_count = 1,
    };
    if (service->device[0] != 0)
        arguments[start.argument_count++] = bytes_of(service->device);
    for (uint32_t i = 0; i < TABLE_ARGUMENTS_MAX && service->row->arguments[i] != NULL; i++)
        arguments[start.argument_count++] = bytes_of(service->row->arguments[i]);
    start.argument_count += take_words(service->row, arguments + start.argument_count);
    return silo_spawn(&start, &service->process, &service->ended);
}

static void start(const struct services *services, struct service *service, uint64_t now_ns)
{
    if (service->silo == 0 || !spawn(service)) {
        give_up(services, service, "it cannot be started");
        return;
    }
    service->state = SERVICES_STATE_RUNNING;
    service->starts++;
    restart_note_start(&service->restart, now_ns);
    set_handlers(services, service, true);
}

void service_start_due(struct services *services, uint64_t now_ns)
{
    for (uint32_t i = 0; i < services->count; i++) {
        struct service *service = &services->list[i];
        if (service->state == SERVICES_STATE_WAITING && service->due <= now_ns)
            start(services, service, now_ns);
    }
}

int64_t service_deadline(const struct services *services)
{
    int64_t next = -1;
    for (uint32_t i = 0; i < services->count; i++) {
        const struct service *service = &services->list[i];
        if (service->state == SERVICES_STATE_WAITING && (next < 0 || (int64_t)service->due < next))
            next = (int64_t)service->due;
    }
    return next;
}

/* ---- Ending ---------------------------------------------------------------------------------- */

static void tell_end(const struct service *service, const struct system_ending *ending)
{
    switch (ending->tag) {
    case SYSTEM_ENDING_EXITED:
        say_count(LOG_LEVEL_WARNING, name_of(service), "it ended with status ", ending->exited);
        break;
    case SYSTEM_ENDING_TRAPPED:
        say(LOG_LEVEL_WARNING, name_of(service), "it made a mistake and was ended");
        break;
    case SYSTEM_ENDING_KILLED:
        say(LOG_LEVEL_WARNING, name_of(service), "it was killed");
        break;
    }
}

static void on_end(const struct services *services, struct service *service,
                   const struct system_ending *ending, uint64_t now_ns)
{
    uint64_t wait_ns;
    tell_end(service, ending);
    silo_close(service->process);
    service->process = WEFT_NO_SLOT;
    service->ended = 0;
    if (!restart_after_end(&service->restart, now_ns, &wait_ns)) {
        give_up(services, service, "it ended too often and is not started again");
        return;
    }
    service->state = SERVICES_STATE_WAITING;
    service->due = now_ns + wait_ns;
}

void service_on_end(struct services *services, int64_t ended, const struct system_ending *ending,
                    uint64_t now_ns)
{
    for (uint32_t i = 0; i < services->count; i++)
        if (services->list[i].ended == ended)
            on_end(services, &services->list[i], ending, now_ns);
}

struct service *service_find(struct services *services, struct weft_bytes name)
{
    for (uint32_t i = 0; i < services->count; i++) {
        struct weft_bytes own = name_of(&services->list[i]);
        if (own.size == name.size && memcmp(own.data, name.data, name.size) == 0)
            return &services->list[i];
    }
    return NULL;
}

bool service_restart(struct services *services, struct service *service, uint64_t now_ns)
{
    service->restart.tries = 0;
    if (service->state == SERVICES_STATE_RUNNING)
        silo_kill(service->process); /* its end starts it again */
    else
        start(services, service, now_ns);
    return service->state != SERVICES_STATE_GIVEN_UP;
}
