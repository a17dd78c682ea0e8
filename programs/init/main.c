/* The first process of a system. It goes by the manifest: it starts the services, each in a silo of
 * its own that has nothing but what the manifest gives it, and then the session, which can do what a
 * person may. Its arguments are words for services (`terminal:layout=fr`) and behind them, if the
 * session is to be another program than the manifest's, that program and its arguments.
 *
 * A service that ends is started again, and so is a session that was killed. When the session ends by
 * itself, so does the system, with its status: first the services are ended, in order.
 *
 * It handles `services`, for who wants to see or change how they fare, and `power` for all that it
 * starts. */
#include "interface/mounts.h"
#include "interface/power_program.h"
#include "interface/stream.h"
#include "interface/system_program.h"
#include "interface/terminal.h"
#include "lib/interface.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/start.h"
#include "programs/init/control.h"
#include "programs/init/expect.h"
#include "programs/init/gifts.h"
#include "programs/init/plan.h"
#include "programs/init/power.h"
#include "programs/init/refused.h"
#include "programs/init/restart.h"
#include "programs/init/rulings.h"
#include "programs/init/service.h"
#include "programs/init/silo.h"
#include "programs/init/stop.h"

enum {
    EXIT_FAILED = 1,
    EXIT_NOT_FOUND = 127,
    EXIT_TRAPPED = 134,
    EXIT_KILLED = 137,
    ARGUMENTS_MAX = 64,
};

static const uint64_t patience_ns = 10000000000;

static expected on_session_end, on_system_end;

static const struct manifest_session *session;
static int32_t session_process; /* a slot */
static struct restart session_restart;

/* ---- Silos and `power` ----------------------------------------------------------------------- */

static bool names_power(struct manifest_handle_list list)
{
    struct interface_hash hash = interface_hash(POWER_INTERFACE_HASH);
    for (uint32_t i = 0; i < list.count; i++)
        if (list.data[i].hash.size == INTERFACE_HASH_BYTES &&
            memcmp(list.data[i].hash.data, hash.bytes, INTERFACE_HASH_BYTES) == 0)
            return true;
    return false;
}

static bool bind_power(void)
{
    bool is_well = power_bind(services.session);
    for (uint32_t i = 0; i < services.count; i++)
        if (services.list[i].silo != 0 && names_power(services.list[i].row->uses))
            is_well = power_bind(services.list[i].silo) && is_well;
    return is_well;
}

/* ---- The session ----------------------------------------------------------------------------- */

/* Where people reach a terminal or a name space that is a service, the program is started by
 * `session`, which has that from there; elsewhere it gets what init has. */
static bool start_with(struct weft_bytes *arguments, uint32_t count)
{
    bool has_terminal = service_for_session(TERMINAL_INTERFACE_HASH) != NULL;
    bool has_space = service_for_session(MOUNTS_INTERFACE_HASH) != NULL;
    bool by_session = has_terminal || has_space;
    const struct system_start_record *record = start_record();
    struct system_named_slot slots[GIFTS_MAX];
    struct bundle_program program;
    int32_t process;
    uint64_t id;
    struct silo_start start = {
        .silo = services.people,
        .program = &program,
        .arguments = { by_session ? arguments : arguments + 1, by_session ? count + 1 : count },
    };
    arguments[0] = WEFT_BYTES("session");
    if (record != NULL)
        start.environment = record->environment;
    if (!has_terminal)
        start.slots =
            (struct system_named_slot_list){ slots, gifts_for_session(has_space, slots) };
    if (!bundle_add(start.arguments.data[0], &program) || !silo_spawn(&start, &process, &id)) {
        say(LOG_LEVEL_ERROR, start.arguments.data[0],
            "it is not in the boot bundle, or cannot be started");
        return false;
    }
    session_process = process;
    restart_note_start(&session_restart, silo_now());
    expect_answer(silo_await_end(process), EXPECT_FOR_EVER, on_session_end, NULL);
    return true;
}

/* What the arguments name, or what the manifest does; at last a shell to see what is wrong. */
static bool start_session(void)
{
    struct weft_bytes arguments[1 + 1 + ARGUMENTS_MAX];
    const struct system_start_record *record = start_record();
    uint32_t first = 1 + service_argument_count(), count = 0;
    for (uint32_t i = first; record != NULL && i < record->arguments.count; i++)
        if (count < ARGUMENTS_MAX)
            arguments[1 + count++] = record->arguments.data[i];
    if (count == 0) {
        arguments[1 + count++] = session->program;
        for (uint32_t i = 0; i < session->arguments.count && count < ARGUMENTS_MAX; i++)
            arguments[1 + count++] = session->arguments.data[i];
    }
    if (start_with(arguments, count))
        return true;
    arguments[1] = WEFT_BYTES("shell");
    return start_with(arguments, 1);
}

static int status_of(const struct system_ending *ending)
{
    if (ending->tag == SYSTEM_ENDING_EXITED)
        return (int)ending->exited;
    return ending->tag == SYSTEM_ENDING_TRAPPED ? EXIT_TRAPPED : EXIT_KILLED;
}

/* All who asked for it are told by the kernel, init as well. */
static void end_system(void)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = power_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    if (power_finish_send(&client, POWER_END_OFF, patience_ns, 0) < 0)
        stop_begin(silo_now() + patience_ns);
}

static void start_session_again(void *context, const struct answer *answer)
{
    (void)context;
    (void)answer;
    if (services.is_ending)
        return;
    if (!silo_create_people(session, services.session, &services.people) || !start_session())
        end_system();
}

/* One that was killed has not wished to end: it is started again, and what is left of it goes. */
static bool outlives_kill(const struct system_ending *ending)
{
    if (ending->tag != SYSTEM_ENDING_KILLED)
        return false;
    if (!restart_after_kill(&session_restart, silo_now())) {
        say(LOG_LEVEL_ERROR, session->program, "it is killed whenever it is started: it ends");
        return false;
    }
    say(LOG_LEVEL_WARNING, session->program, "it was killed, and is started again");
    silo_destroy(services.people);
    expect_moment(silo_now() + RESTART_KILLED_NS, start_session_again, NULL);
    return true;
}

static void on_session_end(void *context, const struct answer *answer)
{
    struct system_ending ending;
    (void)context;
    if (answer->status != WEFT_OK || !system_process_ended_result_decode(answer->reader, &ending))
        ending = (struct system_ending){ .tag = SYSTEM_ENDING_KILLED };
    silo_close(session_process);
    if (services.is_ending || outlives_kill(&ending))
        return;
    stop_set_status(status_of(&ending));
    end_system();
}

/* ---- The end --------------------------------------------------------------------------------- */

static void on_system_end(void *context, const struct answer *answer)
{
    uint64_t deadline_ns;
    (void)context;
    if (answer->status == WEFT_OK && power_ending_result_decode(answer->reader, &deadline_ns))
        stop_begin(deadline_ns);
}

static void await_end_of_system(void)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = power_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    expect_answer(power_ending_send(&client, WEFT_WANT_ANSWER), EXPECT_FOR_EVER, on_system_end,
                  NULL);
}

/* ---- The loop -------------------------------------------------------------------------------- */

static void on_event(struct weft_server *server, int32_t kind)
{
    if (kind == WEFT_EVENT_ANSWER) {
        expect_on_answer(server);
    } else if (kind == WEFT_EVENT_WITHDRAWN) {
        power_on_withdrawn(server->event.id);
        control_on_withdrawn(server->event.id);
    } else if (kind == WEFT_EVENT_MESSAGE && server->event.badge == CONTROL_BADGE) {
        control_on_message(server);
    } else if (kind == WEFT_EVENT_MESSAGE && server->event.badge == POWER_BADGE) {
        power_on_message(server);
    } else if (kind == WEFT_EVENT_MESSAGE && server->event.badge >= REFUSED_BADGE) {
        refused_on_message(server);
    } else if (kind == WEFT_EVENT_MESSAGE) {
        server_finish(server, WEFT_INVALID);
    }
}

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[1 << 17];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    const struct manifest_system *system = plan_read();
    session = &system->session;
    if (!silo_create_session(session, &services.session))
        return EXIT_FAILED;
    service_prepare_all(system);
    rulings_prepare(&system->programs);
    if (!rulings_limit(services.session) || !bind_power() || !control_bind(services.session))
        return EXIT_FAILED;
    service_begin_all();
    if (!silo_create_people(session, services.session, &services.people))
        return EXIT_FAILED;
    if (!start_session())
        return EXIT_NOT_FOUND;
    await_end_of_system();
    for (;;) {
        on_event(&server, server_wait(&server, expect_deadline()));
        expect_on_time(silo_now());
    }
}
