#include "programs/init/control.h"

#include "interface/files.h"
#include "interface/permission.h"
#include "interface/services_program.h"
#include "interface/terminal.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "programs/init/program.h"
#include "programs/init/replace.h"
#include "programs/init/run.h"
#include "programs/init/silo.h"

bool control_bind(uint64_t session)
{
    struct interface_hash hash = interface_hash(SERVICES_INTERFACE_HASH);
    const struct manifest_handle own = { .name = WEFT_BYTES(SERVICES_INTERFACE_NAME),
                                         .hash = interface_bytes(&hash) };
    int32_t slot = server_mint(SERVICES_INTERFACE_HASH, CONTROL_BADGE);
    bool is_well = slot != WEFT_NO_SLOT && silo_bind(session, &own, slot);
    if (slot != WEFT_NO_SLOT)
        silo_close(slot);
    return is_well;
}

/* ---- How they fare --------------------------------------------------------------------------- */

static struct services_service status_of(const struct service *service)
{
    return (struct services_service){
        .name = service_name(service),
        .state = service->state,
        .process = service->life.process == WEFT_NO_SLOT ? 0 : service->life.id,
        .starts = service->starts,
        .failures = service->restart.tries,
        .since = service->since,
        .program = program_name(&service->program),
        .last_end = { (const uint8_t *)service->last_end, (uint32_t)strlen(service->last_end) },
        .earlier = { service->earlier, service->earlier_count },
    };
}

static enum weft_status on_services(void *context, const struct weft_event *event)
{
    enum { SERVICE_BYTES = 1024 }; /* a record with its texts, at most */
    static _Alignas(8) uint8_t body[SERVICES_MAX * SERVICE_BYTES];
    static struct services_service list[SERVICES_MAX];
    struct services_service_list result = { list, services.count };
    struct body_writer writer;
    (void)context;
    for (uint32_t i = 0; i < services.count; i++)
        list[i] = status_of(&services.list[i]);
    body_writer_init(&writer, body, sizeof(body));
    return services_services_answer(&writer, event->id, &result);
}

/* ---- What is asked for ----------------------------------------------------------------------- */

static enum weft_status refuse(const struct weft_event *event, enum services_error error)
{
    uint8_t body[16];
    struct body_writer writer;
    struct services_none_error_result result = { .failed = true, .error = error };
    body_writer_init(&writer, body, sizeof(body));
    return event->id == 0 ? WEFT_OK : services_restart_answer(&writer, event->id, &result);
}

static bool is_busy(const struct service *service)
{
    return services.is_ending || service->asked != 0 ||
           service->state == SERVICES_STATE_ENDING || service->state == SERVICES_STATE_REPLACING;
}

/* The service, if it can be told to do something; it answers the message then. NULL: refused. */
static struct service *take(const struct weft_event *event, struct weft_bytes name)
{
    struct service *service = service_find(name);
    if (service == NULL)
        refuse(event, SERVICES_ERROR_NOT_FOUND);
    else if (is_busy(service))
        refuse(event, SERVICES_ERROR_BUSY);
    else if (service->silo == 0)
        refuse(event, SERVICES_ERROR_FAILED);
    else {
        service->asked = event->id;
        return service;
    }
    return NULL;
}

static bool runs(const struct service *service)
{
    return service->life.process != WEFT_NO_SLOT;
}

static void start(struct service *service)
{
    service->restart.tries = 0;
    run_forget(service);
    run_start(service);
}

static enum weft_status on_start(void *context, const struct weft_event *event,
                                 const struct services_start_arguments *arguments)
{
    struct service *service = take(event, arguments->name);
    (void)context;
    if (service != NULL && runs(service))
        run_tell_asker(service, true, 0);
    else if (service != NULL)
        start(service);
    return WEFT_OK;
}

/* Without the name space no program is found, without the other two no question is answered: nothing
 * that a person could do would start them again. */
static bool is_needed(const struct service *service)
{
    return service == service_for_session(FILES_INTERFACE_HASH) ||
           service == service_for_session(PERMISSION_INTERFACE_HASH) ||
           service == service_for_session(TERMINAL_INTERFACE_HASH);
}

static enum weft_status on_stop(void *context, const struct weft_event *event,
                                const struct services_stop_arguments *arguments)
{
    struct service *service = take(event, arguments->name);
    (void)context;
    if (service == NULL)
        return WEFT_OK;
    if (is_needed(service)) {
        run_tell_asker(service, false, SERVICES_ERROR_NEEDED);
        return WEFT_OK;
    }
    service_set(service, SYSTEM_VERDICT_DENY);
    if (runs(service)) {
        run_wind_down(service, PURPOSE_STOP, silo_now() + service->row->stop);
        return WEFT_OK;
    }
    run_forget(service);
    service_set_state(service, SERVICES_STATE_STOPPED);
    run_tell_asker(service, true, 0);
    return WEFT_OK;
}

static enum weft_status on_restart(void *context, const struct weft_event *event,
                                   const struct services_restart_arguments *arguments)
{
    struct service *service = take(event, arguments->name);
    (void)context;
    if (service != NULL && runs(service))
        run_kill(service, PURPOSE_RESTART);
    else if (service != NULL)
        start(service);
    return WEFT_OK;
}

/* Of one that does not run just the program is another one from now on. */
static void replace(struct service *service, const struct program *program)
{
    if (runs(service)) {
        if (!replace_begin(service, program))
            run_tell_asker(service, false, SERVICES_ERROR_FAILED);
        return;
    }
    service->program = *program;
    if (service->state == SERVICES_STATE_WAITING)
        start(service);
    else
        run_tell_asker(service, true, 0);
}

static enum weft_status on_replace(void *context, const struct weft_event *event,
                                   const struct services_replace_arguments *arguments)
{
    struct service *service = take(event, arguments->name);
    struct program program;
    (void)context;
    if (service == NULL)
        return WEFT_OK;
    program = service->program;
    if (arguments->program.size == 0 || program_find(arguments->program, &program))
        replace(service, &program);
    else
        run_tell_asker(service, false, SERVICES_ERROR_NO_PROGRAM);
    return WEFT_OK;
}

void control_on_withdrawn(int64_t id)
{
    for (uint32_t i = 0; i < services.count; i++)
        if (services.list[i].asked == id)
            services.list[i].asked = 0;
}

void control_on_message(struct weft_server *server)
{
    static const struct services_server handler = {
        .services = on_services,
        .start = on_start,
        .stop = on_stop,
        .restart = on_restart,
        .replace = on_replace,
    };
    server_finish(server, services_dispatch(&handler, NULL, &server->event, &server->reader));
}
