#include "programs/init/run.h"

#include "interface/services_program.h"
#include "interface/system_program.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "programs/init/expect.h"
#include "programs/init/power.h"
#include "programs/init/process.h"
#include "programs/init/replace.h"
#include "programs/init/silo.h"
#include "programs/init/stop.h"

/* For whoever waits for messages that start services, besides all else. */
enum { EXPECT_RESERVE = 12 * SERVICES_MAX };

static expected on_ended, on_awaited, on_heartbeat_due, on_heartbeat, on_idle, on_too_late, on_due;

void run_tell_asker(struct service *service, bool is_well, enum services_error error)
{
    uint8_t body[16];
    struct body_writer writer;
    struct services_none_error_result result = { .failed = !is_well, .error = error };
    if (service->asked == 0)
        return;
    body_writer_init(&writer, body, sizeof(body));
    services_restart_answer(&writer, service->asked, &result);
    service->asked = 0;
}

/* ---- Start ----------------------------------------------------------------------------------- */

void run_give_up(struct service *service, const char *why)
{
    service_set_state(service, SERVICES_STATE_GIVEN_UP);
    say(LOG_LEVEL_ERROR, service_name(service), why);
    if (service->has_program)
        service_set(service, SYSTEM_VERDICT_DENY);
    run_tell_asker(service, false, SERVICES_ERROR_FAILED);
}

static void watch_heart(struct service *service)
{
    if (service->row->heartbeat != 0)
        expect_moment(silo_now() + service->row->heartbeat, on_heartbeat_due, service);
}

void run_adopt(struct service *service, struct life life)
{
    service->life = life;
    service->purpose = PURPOSE_NONE;
    service->has_failed = false;
    service->starts++;
    service_set_state(service, SERVICES_STATE_RUNNING);
    restart_note_start(&service->restart, service->since);
    expect_answer(silo_await_end(life.process), EXPECT_FOR_EVER, on_ended, service);
    watch_heart(service);
    service_bind(service, life.process);
    run_tell_asker(service, true, 0);
}

void run_start(struct service *service)
{
    struct life life;
    if (services.is_ending)
        return;
    if (service->silo == 0 || !process_start(service, &service->program, &life))
        run_give_up(service, "it cannot be started");
    else
        run_adopt(service, life);
}

static void on_due(void *context, const struct answer *answer)
{
    (void)answer;
    run_start(context);
}

/* ---- Start on the first message -------------------------------------------------------------- */

static void await_row(struct service *service, uint64_t silo, const struct manifest_handle *handle)
{
    if (expect_room() > EXPECT_RESERVE)
        expect_answer(silo_await(silo, handle), EXPECT_FOR_EVER, on_awaited, service);
    else if (service->state == SERVICES_STATE_LISTENING)
        service->state = SERVICES_STATE_WAITING; /* it starts without waiting for a message */
}

void run_listen(struct service *service)
{
    service_set_state(service, SERVICES_STATE_LISTENING);
    service_set(service, SYSTEM_VERDICT_HOLD);
    service_each_row(service, await_row);
    if (service->state != SERVICES_STATE_LISTENING)
        run_start(service);
}

static void on_awaited(void *context, const struct answer *answer)
{
    struct service *service = context;
    if (answer->status != WEFT_OK)
        return; /* the silo of these clients is gone */
    expect_no_more(on_awaited, service);
    if (service->state == SERVICES_STATE_LISTENING)
        run_start(service);
}

/* ---- Heart beat ------------------------------------------------------------------------------ */

static void on_heartbeat_due(void *context, const struct answer *answer)
{
    struct service *service = context;
    uint8_t buffer[16];
    struct weft_client client = { .slot = service->life.process,
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    (void)answer;
    expect_answer(system_process_listens_send(&client, WEFT_WANT_ANSWER),
                  silo_now() + service->row->heartbeat, on_heartbeat, service);
}

static void on_heartbeat(void *context, const struct answer *answer)
{
    struct service *service = context;
    if (answer != NULL) {
        if (answer->status == WEFT_OK)
            watch_heart(service);
        return;
    }
    run_fail(service, "it does not come back to wait for messages, as \"heartbeat\" asks: it is ended");
}

void run_fail(struct service *service, const char *why)
{
    if (service->life.process == WEFT_NO_SLOT)
        return;
    say(LOG_LEVEL_ERROR, service_name(service), why);
    service->has_failed = true;
    silo_kill(service->life.process);
}

/* ---- End ------------------------------------------------------------------------------------- */

void run_forget(struct service *service)
{
    expect_no_more(on_ended, service);
    expect_no_more(on_heartbeat_due, service);
    expect_no_more(on_heartbeat, service);
    expect_no_more(on_idle, service);
    expect_no_more(on_too_late, service);
    expect_no_more(on_awaited, service);
    expect_no_more(on_due, service);
}

static void append(char *text, const char *more)
{
    uint32_t size = (uint32_t)strlen(text);
    for (; *more != 0 && *more != '\n' && size < SERVICE_END_BYTES - 1; more++)
        text[size++] = *more;
    text[size] = 0;
}

static void note_end(struct service *service, const struct system_ending *ending)
{
    char reason[SERVICE_END_BYTES] = { 0 };
    uint32_t size = ending->tag == SYSTEM_ENDING_TRAPPED ? ending->trapped.size : 0;
    if (size != 0)
        memcpy(reason, ending->trapped.data,
               size < SERVICE_END_BYTES ? size : SERVICE_END_BYTES - 1);
    service->last_end[0] = 0;
    switch (ending->tag) {
    case SYSTEM_ENDING_EXITED:
        append(service->last_end, "exited with status ");
        char digits[12];
        uint32_t at = sizeof(digits) - 1, status = ending->exited;
        digits[at] = 0;
        do {
            digits[--at] = (char)('0' + status % 10);
            status /= 10;
        } while (status != 0);
        append(service->last_end, digits + at);
        break;
    case SYSTEM_ENDING_TRAPPED:
        append(service->last_end, "trapped: ");
        append(service->last_end, reason);
        break;
    case SYSTEM_ENDING_KILLED:
        append(service->last_end, "was killed");
        break;
    }
}

static void tell_end(const struct service *service, const struct system_ending *ending)
{
    bool goes_with_session = services.is_ending && service->silo == services.session &&
                             ending->tag == SYSTEM_ENDING_KILLED;
    bool is_meant = service->purpose != PURPOSE_NONE || goes_with_session ||
                    (ending->tag == SYSTEM_ENDING_EXITED && ending->exited == 0 &&
                     service->row->restart != MANIFEST_RESTART_ALWAYS);
    enum log_level level = is_meant ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING;
    switch (ending->tag) {
    case SYSTEM_ENDING_EXITED:
        say_count(level, service_name(service), "it ended with status ", ending->exited);
        break;
    case SYSTEM_ENDING_TRAPPED:
        say(LOG_LEVEL_WARNING, service_name(service), service->last_end);
        break;
    case SYSTEM_ENDING_KILLED:
        say(level, service_name(service), "it was killed");
        break;
    }
}

static void remember(struct service *service, uint64_t id)
{
    if (service->earlier_count < SERVICE_EARLIER_MAX)
        service->earlier_count++;
    for (uint32_t i = service->earlier_count - 1; i > 0; i--)
        service->earlier[i] = service->earlier[i - 1];
    service->earlier[0] = id;
}

static bool is_to_run_again(const struct service *service, const struct system_ending *ending)
{
    bool has_failed = ending->tag != SYSTEM_ENDING_EXITED || ending->exited != 0;
    return service->row->restart == MANIFEST_RESTART_ALWAYS ||
           (service->row->restart == MANIFEST_RESTART_FAILURE && has_failed);
}

/* Of itself: as the manifest says. */
static void go_on(struct service *service, const struct system_ending *ending)
{
    uint64_t wait_ns, now_ns = silo_now();
    if (services.is_ending)
        return;
    bool is_victim = ending->tag == SYSTEM_ENDING_KILLED && !service->has_failed &&
                     restart_after_kill(&service->restart, now_ns);
    if (is_to_run_again(service, ending)) {
        if (is_victim) {
            wait_ns = RESTART_KILLED_NS;
        } else if (!restart_after_end(&service->restart, service->row->tries, now_ns, &wait_ns)) {
            run_give_up(service, "it ended too often and is not started again");
            return;
        }
        service_set_state(service, SERVICES_STATE_WAITING);
        expect_moment(now_ns + wait_ns, on_due, service);
    } else if (service->row->start == MANIFEST_START_MESSAGE) {
        run_listen(service);
    } else {
        service_set_state(service, SERVICES_STATE_STOPPED);
        service_set(service, SYSTEM_VERDICT_DENY);
    }
}

static void on_ended(void *context, const struct answer *answer)
{
    struct service *service = context;
    enum purpose purpose = service->purpose;
    struct system_ending ending = { .tag = SYSTEM_ENDING_KILLED };
    if (answer->status != WEFT_OK || !system_process_ended_result_decode(answer->reader, &ending))
        ending = (struct system_ending){ .tag = SYSTEM_ENDING_KILLED };
    note_end(service, &ending);
    tell_end(service, &ending);
    remember(service, service->life.id);
    process_forget(&service->life);
    run_forget(service);
    service->purpose = PURPOSE_NONE;
    if (service->next.process != WEFT_NO_SLOT) {
        replace_on_end_of_old(service);
    } else if (purpose == PURPOSE_RESTART) {
        service->restart.tries = 0;
        run_start(service);
    } else if (purpose == PURPOSE_STOP || purpose == PURPOSE_LAST) {
        service_set_state(service, SERVICES_STATE_STOPPED);
        run_tell_asker(service, true, 0);
        if (purpose == PURPOSE_LAST)
            stop_next();
    } else {
        go_on(service, &ending);
    }
}

/* ---- Being told to end ----------------------------------------------------------------------- */

static void on_too_late(void *context, const struct answer *answer)
{
    struct service *service = context;
    (void)answer;
    say(LOG_LEVEL_WARNING, service_name(service),
        "it has not finished in the time that \"stop\" gives it: it is ended");
    service->is_doomed = true;
    silo_kill(service->life.process);
}

/* Whoever has something to do at the end is told when nobody asks it for anything else any more, or
 * half of its time is over. */
static void on_idle(void *context, const struct answer *answer)
{
    struct service *service = context;
    if (power_tell(service->life.id, service->until))
        expect_moment(service->until, on_too_late, service);
    else if (answer == NULL)
        on_too_late(service, NULL);
    else
        silo_kill(service->life.process);
    service->is_doomed = true;
}

void run_wind_down(struct service *service, enum purpose purpose, uint64_t until_ns)
{
    uint8_t buffer[16];
    struct weft_client client = { .slot = service->life.process,
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t now_ns = silo_now(), idle_ns = until_ns;
    service->purpose = purpose;
    service->until = until_ns;
    service->is_doomed = false;
    if (purpose != PURPOSE_REPLACE)
        service_set_state(service, SERVICES_STATE_ENDING);
    expect_no_more(on_heartbeat_due, service);
    expect_no_more(on_heartbeat, service);
    expect_no_more(on_idle, service);
    expect_no_more(on_too_late, service);
    if (power_is_asked(service->life.id) && until_ns > now_ns)
        idle_ns = now_ns + (until_ns - now_ns) / 2;
    expect_answer(system_process_idle_send(&client, WEFT_WANT_ANSWER), idle_ns, on_idle, service);
}

void run_go_on(struct service *service)
{
    expect_no_more(on_idle, service);
    expect_no_more(on_too_late, service);
    service->purpose = service->is_doomed ? PURPOSE_RESTART : PURPOSE_NONE;
    watch_heart(service);
}

void run_kill(struct service *service, enum purpose purpose)
{
    service->purpose = purpose;
    service_set_state(service, SERVICES_STATE_ENDING);
    silo_kill(service->life.process);
}
