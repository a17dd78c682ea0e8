/* The first process of a machine. It starts the services of its table, each in a silo of its own
 * that has nothing but what the table gives it, and then the session: the program that its
 * arguments name behind words for services (`terminal:layout=fr`), which can do what a person may.
 * A service that ends is started again. When the session ends, so does the system, with its status:
 * all who asked for it are told, and waited for.
 *
 * It handles `services`, for who wants to see or restart them. */
#include "lib/main.h"
#include "interface/clock_program.h"
#include "interface/power_program.h"
#include "interface/services_program.h"
#include "interface/system_program.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"
#include "programs/init/service.h"
#include "programs/init/silo.h"

enum {
    EXIT_FAILED = 1,
    EXIT_NOT_FOUND = 127,
    EXIT_TRAPPED = 134,
    EXIT_KILLED = 137,
    ARGUMENTS_MAX = 64,
};

static const uint64_t patience_ns = 10000000000;

static struct services services;
static int64_t session_ended; /* the message that this answers */
static int64_t system_ends;   /* and the one that the end of the system does */
static int session_status;

static uint64_t now(void)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = clock_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t time = 0;
    clock_monotonic(&client, &time);
    return time;
}

/* ---- The interface `services` ---------------------------------------------------------------- */

static enum weft_status on_services(void *context, const struct weft_event *event)
{
    static uint8_t body[SERVICES_MAX * 64];
    struct services_service list[SERVICES_MAX];
    struct services_service_list result = { list, services.count };
    struct body_writer writer;
    (void)context;
    for (uint32_t i = 0; i < services.count; i++) {
        const struct service *service = &services.list[i];
        const char *name = service->row->name;
        list[i] = (struct services_service){
            .name = { (const uint8_t *)name, (uint32_t)strlen(name) },
            .state = service->state,
            .starts = service->starts,
        };
        if (service->state == SERVICES_STATE_RUNNING)
            list[i].process = silo_process_id(service->process);
    }
    body_writer_init(&writer, body, sizeof(body));
    return services_services_answer(&writer, event->id, &result);
}

static enum weft_status on_restart(void *context, const struct weft_event *event,
                                   const struct services_restart_arguments *arguments)
{
    uint8_t body[16];
    struct body_writer writer;
    struct services_none_error_result result = { .failed = true,
                                                 .error = SERVICES_ERROR_NOT_FOUND };
    struct service *service = service_find(&services, arguments->name);
    (void)context;
    if (service != NULL) {
        result.failed = !service_restart(&services, service, now());
        result.error = SERVICES_ERROR_FAILED;
    }
    body_writer_init(&writer, body, sizeof(body));
    return services_restart_answer(&writer, event->id, &result);
}

/* ---- Beginning ------------------------------------------------------------------------------- */

/* Where there is a terminal the program is started by `session`, which can open it; elsewhere it
 * gets the streams that init has. */
static bool start_session(void)
{
    struct weft_bytes arguments[1 + ARGUMENTS_MAX] = { WEFT_BYTES("session"),
                                                       WEFT_BYTES("hello/hello") };
    const struct system_start_record *record = start_record();
    uint32_t first = 1 + service_argument_count();
    uint32_t count =
        record == NULL || record->arguments.count < first ? 0 : record->arguments.count - first;
    bool has_terminal = service_find(&services, WEFT_BYTES("terminal")) != NULL;
    for (uint32_t i = 0; i < count && i < ARGUMENTS_MAX; i++)
        arguments[1 + i] = record->arguments.data[first + i];
    struct bundle_program program;
    struct silo_start start = {
        .silo = services.session,
        .program = &program,
        .arguments = has_terminal ? arguments : arguments + 1,
        .argument_count = (count == 0 ? 1 : count) + (has_terminal ? 1 : 0),
        .with_streams = !has_terminal,
    };
    int32_t process;
    if (count <= ARGUMENTS_MAX && bundle_add(start.arguments[0], &program) &&
        silo_spawn(&start, &process, &session_ended))
        return true;
    say(LOG_LEVEL_ERROR, start.arguments[0], "it is not in the boot bundle, or cannot be started");
    return false;
}

static bool bind_own(void)
{
    static const struct table_interface own = { SERVICES_INTERFACE_NAME, SERVICES_INTERFACE_HASH };
    int32_t slot = server_mint(own.hash, 0);
    bool is_well = slot != WEFT_NO_SLOT && silo_bind(services.session, &own, slot);
    if (slot != WEFT_NO_SLOT)
        silo_close(slot);
    return is_well;
}

/* ---- The loop -------------------------------------------------------------------------------- */

static int status_of(const struct system_ending *ending)
{
    if (ending->tag == SYSTEM_ENDING_EXITED)
        return (int)ending->exited;
    return ending->tag == SYSTEM_ENDING_TRAPPED ? EXIT_TRAPPED : EXIT_KILLED;
}

static void await_end_of_system(void)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = power_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    system_ends = power_ending_send(&client, WEFT_WANT_ANSWER);
}

/* All are told, init as well, which then ends with the session's status. */
static void end_system(void)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = power_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    if (system_ends <= 0 || power_finish_send(&client, POWER_END_OFF, patience_ns, 0) < 0)
        main_exit((uint32_t)session_status);
}

static void on_answer(struct weft_server *server)
{
    struct system_ending ending;
    if (server->event.id == system_ends)
        main_exit((uint32_t)session_status);
    if (!system_process_ended_result_decode(&server->reader, &ending))
        ending = (struct system_ending){ .tag = SYSTEM_ENDING_KILLED };
    if (server->event.id == session_ended) {
        session_status = status_of(&ending);
        end_system();
    }
    service_on_end(&services, server->event.id, &ending, now());
}

int weft_main(void)
{
    static const struct services_server server_of_services = { .services = on_services,
                                                               .restart = on_restart };
    static _Alignas(8) uint8_t buffer[1 << 15];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    uint64_t session;
    if (!silo_create_session(&session))
        return EXIT_FAILED;
    service_prepare_all(&services, session);
    service_start_due(&services, now());
    if (!bind_own())
        return EXIT_FAILED;
    if (!start_session())
        return EXIT_NOT_FOUND;
    await_end_of_system();
    for (;;) {
        int32_t kind = server_wait(&server, service_deadline(&services));
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, services_dispatch(&server_of_services, NULL, &server.event,
                                                     &server.reader));
        else if (kind == WEFT_EVENT_ANSWER)
            on_answer(&server);
        service_start_due(&services, now());
    }
}
