#include "programs/init/stop.h"

#include "interface/system_program.h"
#include "lib/main.h"
#include "programs/init/expect.h"
#include "programs/init/power.h"
#include "programs/init/replace.h"
#include "programs/init/run.h"
#include "programs/init/silo.h"

/* For the services' ends, and init's own. */
static const uint64_t reserve_ns = 200000000;

static uint64_t deadline;
static int status_of_session;
static uint32_t awaited;   /* processes of the session that were told and have not ended */
static uint32_t remaining; /* services that are still to be stopped */

static expected on_end_of_asker, on_session_too_late;

uint64_t stop_deadline(void)
{
    return deadline;
}

void stop_set_status(int status)
{
    status_of_session = status;
}

/* ---- Services -------------------------------------------------------------------------------- */

/* Each has its own time, but leaves some for those that come after it. */
static uint64_t time_of(const struct service *service)
{
    uint64_t now_ns = silo_now();
    uint64_t last_ns = deadline > now_ns + reserve_ns ? deadline - reserve_ns : now_ns;
    uint64_t share_ns = now_ns + (last_ns - now_ns) / 2;
    uint64_t own_ns = now_ns + service->row->stop;
    uint64_t most_ns = remaining == 0 ? last_ns : share_ns;
    return own_ns < most_ns ? own_ns : most_ns;
}

void stop_next(void)
{
    while (remaining > 0) {
        struct service *service = &services.list[--remaining];
        replace_break_off(service);
        if (service->life.process == WEFT_NO_SLOT) {
            run_forget(service);
            continue;
        }
        run_wind_down(service, PURPOSE_LAST, time_of(service));
        return;
    }
    main_exit((uint32_t)status_of_session);
}

/* ---- The session ----------------------------------------------------------------------------- */

static void end_session(void)
{
    silo_destroy(services.session);
    remaining = services.count;
    stop_next();
}

static void on_end_of_asker(void *context, const struct answer *answer)
{
    (void)context;
    (void)answer;
    if (--awaited != 0)
        return;
    expect_no_more(on_session_too_late, NULL);
    end_session();
}

static void on_session_too_late(void *context, const struct answer *answer)
{
    (void)context;
    (void)answer;
    expect_no_more(on_end_of_asker, NULL);
    end_session();
}

static bool is_service(uint64_t process)
{
    for (uint32_t i = 0; i < services.count; i++)
        if (services.list[i].life.id == process)
            return true;
    return false;
}

/* Whether there is such a process to be waited for. */
static bool await(uint64_t process)
{
    static _Alignas(8) uint8_t buffer[256];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct system_process_error_result found;
    if (system_find(&client, process, &found) != WEFT_OK || found.failed)
        return false;
    expect_answer(silo_await_end(found.value), EXPECT_FOR_EVER, on_end_of_asker, NULL);
    return true;
}

void stop_begin(uint64_t deadline_ns)
{
    uint64_t now_ns = silo_now();
    uint64_t until_ns = deadline_ns > now_ns ? now_ns + (deadline_ns - now_ns) / 2 : now_ns;
    if (deadline != 0)
        return;
    deadline = deadline_ns;
    services.is_ending = true;
    for (uint32_t i = 0; power_asker(i) != 0;) {
        uint64_t process = power_asker(i);
        if (is_service(process)) {
            i++; /* it is told when it is its turn */
            continue;
        }
        awaited += await(process);
        power_tell(process, until_ns);
    }
    if (awaited == 0)
        end_session();
    else
        expect_moment(until_ns, on_session_too_late, NULL);
}
