#include "programs/init/power.h"

#include "interface/power_program.h"
#include "lib/interface.h"
#include "lib/say.h"
#include "programs/init/expect.h"
#include "programs/init/service.h"
#include "programs/init/silo.h"
#include "programs/init/stop.h"

enum { ASKERS_MAX = 256, FINISHES_MAX = 16 };

/* Messages that wait for the end. */
static struct asker {
    uint64_t process; /* 0: free */
    int64_t id;
} askers[ASKERS_MAX];

/* Messages to the kernel that were passed on: they are answered if they are refused. */
static struct finish {
    int64_t id; /* of who asked; 0: free */
} finishes[FINISHES_MAX];

bool power_bind(uint64_t silo)
{
    struct interface_hash hash = interface_hash(POWER_INTERFACE_HASH);
    const struct manifest_handle power = { .name = WEFT_BYTES(POWER_INTERFACE_NAME),
                                           .hash = interface_bytes(&hash) };
    int32_t slot = server_mint(POWER_INTERFACE_HASH, POWER_BADGE);
    bool is_well = slot != WEFT_NO_SLOT && silo_bind(silo, &power, slot);
    if (slot != WEFT_NO_SLOT)
        silo_close(slot);
    return is_well;
}

/* ---- The end is asked for -------------------------------------------------------------------- */

static void on_finished(void *context, const struct answer *answer)
{
    struct finish *finish = context;
    weft_answer(finish->id, answer == NULL ? WEFT_OK : (int32_t)answer->status, NULL, 0, NULL, 0);
    finish->id = 0;
}

static enum weft_status on_finish(void *context, const struct weft_event *event,
                                  const struct power_finish_arguments *arguments)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = power_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct finish *free = NULL;
    (void)context;
    for (uint32_t i = 0; i < FINISHES_MAX && event->id != 0; i++)
        if (finishes[i].id == 0)
            free = &finishes[i];
    if (event->id != 0 && free == NULL)
        return WEFT_LIMIT;
    int64_t id = power_finish_send(&client, arguments->end, arguments->patience,
                                   event->id != 0 ? WEFT_WANT_ANSWER : 0);
    if (free == NULL)
        return WEFT_OK;
    free->id = event->id;
    expect_answer(id, EXPECT_FOR_EVER, on_finished, free);
    return WEFT_OK;
}

/* ---- The end is awaited ---------------------------------------------------------------------- */

static bool is_service(uint64_t process)
{
    for (uint32_t i = 0; i < services.count; i++)
        if (services.list[i].life.id == process || services.list[i].next.id == process)
            return true;
    return false;
}

/* Once for each process, and there is always room for services. Who asks during the end is told at
 * once. */
static enum weft_status on_ending(void *context, const struct weft_event *event)
{
    (void)context;
    if (event->id == 0)
        return WEFT_OK;
    struct asker *free = NULL;
    uint32_t first = is_service(event->sender) ? 0 : SERVICES_MAX;
    for (uint32_t i = 0; i < ASKERS_MAX; i++) {
        if (askers[i].process == event->sender)
            return WEFT_EXISTS;
        if (askers[i].process == 0 && i >= first)
            free = &askers[i];
    }
    if (free == NULL)
        return WEFT_LIMIT;
    *free = (struct asker){ event->sender, event->id };
    if (services.is_ending)
        power_tell(event->sender, stop_deadline());
    return WEFT_OK;
}

void power_on_withdrawn(int64_t id)
{
    for (uint32_t i = 0; i < ASKERS_MAX; i++)
        if (askers[i].process != 0 && askers[i].id == id)
            askers[i].process = 0;
    for (uint32_t i = 0; i < FINISHES_MAX; i++) {
        if (finishes[i].id != id)
            continue;
        expect_no_more(on_finished, &finishes[i]);
        finishes[i].id = 0;
    }
}

bool power_is_asked(uint64_t process)
{
    for (uint32_t i = 0; i < ASKERS_MAX; i++)
        if (askers[i].process == process && process != 0)
            return true;
    return false;
}

bool power_tell(uint64_t process, uint64_t until_ns)
{
    bool has_asked = false;
    for (uint32_t i = 0; i < ASKERS_MAX; i++) {
        uint8_t body[16];
        struct body_writer writer;
        if (askers[i].process != process || process == 0)
            continue;
        body_writer_init(&writer, body, sizeof(body));
        power_ending_answer(&writer, askers[i].id, &until_ns);
        askers[i].process = 0;
        has_asked = true;
    }
    return has_asked;
}

uint64_t power_asker(uint32_t index)
{
    for (uint32_t i = 0; i < ASKERS_MAX; i++)
        if (askers[i].process != 0 && index-- == 0)
            return askers[i].process;
    return 0;
}

void power_on_message(struct weft_server *server)
{
    static const struct power_server handler = { .finish = on_finish, .ending = on_ending };
    server_finish(server, power_dispatch(&handler, NULL, &server->event, &server->reader));
}
