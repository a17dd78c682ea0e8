#include "programs/init/replace.h"

#include "interface/system_program.h"
#include "lib/say.h"
#include "programs/init/expect.h"
#include "programs/init/process.h"
#include "programs/init/run.h"
#include "programs/init/silo.h"

/* A program that compiles much, on a slow machine. */
static const uint64_t start_ns = 30000000000;

static expected on_up, on_end_of_new;

static void forget_new(struct service *service)
{
    expect_no_more(on_up, service);
    expect_no_more(on_end_of_new, service);
    process_forget(&service->next);
    service->is_next_up = false;
}

/* The old one goes on. */
static void fail(struct service *service, const char *why)
{
    say(LOG_LEVEL_ERROR, service_name(service), why);
    if (service->next.process != WEFT_NO_SLOT)
        silo_kill(service->next.process);
    forget_new(service);
    process_allow_two(service, false);
    service_set_state(service, SERVICES_STATE_RUNNING);
    run_tell_asker(service, false, SERVICES_ERROR_FAILED);
}

bool replace_begin(struct service *service, const struct program *program)
{
    struct weft_client client;
    uint8_t buffer[16];
    if (!process_allow_two(service, true))
        return false;
    if (!process_start(service, program, &service->next)) {
        process_allow_two(service, false);
        return false;
    }
    service->next_program = *program;
    service_set_state(service, SERVICES_STATE_REPLACING);
    expect_answer(silo_await_end(service->next.process), EXPECT_FOR_EVER, on_end_of_new, service);
    client = (struct weft_client){ .slot = service->next.process,
                                   .buffer = buffer,
                                   .capacity = sizeof(buffer) };
    expect_answer(system_process_listens_send(&client, WEFT_WANT_ANSWER), silo_now() + start_ns,
                  on_up, service);
    return true;
}

static void on_up(void *context, const struct answer *answer)
{
    struct service *service = context;
    if (answer == NULL) {
        fail(service, "the new process did not come to wait for messages: the old one goes on");
        return;
    }
    if (answer->status != WEFT_OK)
        return; /* it has ended, which is told by itself */
    service->is_next_up = true;
    service_set(service, SYSTEM_VERDICT_HOLD);
    run_wind_down(service, PURPOSE_REPLACE, silo_now() + service->row->stop);
}

static void on_end_of_new(void *context, const struct answer *answer)
{
    struct service *service = context;
    bool has_old = service->life.process != WEFT_NO_SLOT;
    (void)answer;
    if (has_old && service->is_next_up) {
        /* The old one may have been told to end already: it is let go on, and if it ends all the same,
         * it is started again. */
        expect_no_more(on_up, service);
        run_go_on(service);
        service_bind(service, service->life.process);
    }
    fail(service, "the new process has ended: the old one goes on");
}

void replace_on_end_of_old(struct service *service)
{
    struct life next = service->next;
    expect_no_more(on_end_of_new, service);
    expect_no_more(on_up, service);
    service->next = (struct life){ .process = WEFT_NO_SLOT };
    service->is_next_up = false;
    service->program = service->next_program;
    process_allow_two(service, false);
    run_adopt(service, next);
}

void replace_break_off(struct service *service)
{
    if (service->next.process == WEFT_NO_SLOT)
        return;
    silo_kill(service->next.process);
    forget_new(service);
    run_tell_asker(service, false, SERVICES_ERROR_FAILED);
}
