#include "programs/fs/root/asking.h"

#include "interface/system_program.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "lib/pages.h"
#include "programs/fs/root/root.h"

struct asking {
    int64_t sent; /* the question; 0: not in use */
    const char *interface;
    struct weft_event event;
    uint8_t body[ASKING_BODY_MAX];
};

static struct asking *askings; /* ASKING_MAX; there once somebody is asked */

/* About what was asked for the message that is handled; NULL: nothing. It is not asked again at once:
 * whoever is asked may decide nothing. */
static const char *asked;

static bool was_asked(const char *interface)
{
    return asked != NULL && memcmp(interface, asked, 2 * INTERFACE_HASH_BYTES) == 0;
}

static bool have_memory(void)
{
    if (askings == NULL)
        askings = pages_take(ASKING_MAX * sizeof(struct asking));
    return askings != NULL;
}

static struct asking *find_room(uint64_t silo)
{
    struct asking *room = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < ASKING_MAX; i++) {
        if (askings[i].sent == 0)
            room = &askings[i];
        else
            count += askings[i].event.sender_silo == silo;
    }
    return count < ASKING_PER_SILO_MAX ? room : NULL;
}

static int64_t send(const char *interface)
{
    _Alignas(8) uint8_t buffer[128];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct interface_hash hash = interface_hash(interface);
    system_decided_encode(client_begin(&client), root_event->sender, interface_bytes(&hash),
                          (struct weft_bytes){ 0 });
    return client_send(&client, WEFT_WANT_ANSWER | WEFT_NO_WAIT);
}

/* What cannot be kept, or nobody waits for, is denied. */
int asking_begin(const char *interface)
{
    const struct weft_event *event = root_event;
    if (was_asked(interface) || root_body == NULL || event->id == 0 || event->gift_count != 0 ||
        event->size > ASKING_BODY_MAX)
        return FAILURE(ACCESS);
    struct asking *asking = have_memory() ? find_room(event->sender_silo) : NULL;
    int64_t sent = asking == NULL ? -WEFT_LIMIT : send(interface);
    if (sent <= 0)
        return FAILURE(AGAIN);
    asking->sent = sent;
    asking->interface = interface;
    asking->event = *event;
    memcpy(asking->body, root_body, event->size);
    return VOLUME_LATER;
}

bool asking_ended(int64_t answered, struct weft_event *event, uint8_t *body)
{
    for (uint32_t i = 0; askings != NULL && i < ASKING_MAX; i++) {
        struct asking *asking = &askings[i];
        if (asking->sent == 0 || asking->sent != answered)
            continue;
        asking->sent = 0;
        asked = asking->interface;
        *event = asking->event;
        memcpy(body, asking->body, event->size);
        return true;
    }
    return false;
}

void asking_over(void)
{
    asked = NULL;
}

void asking_withdrawn(int64_t message)
{
    for (uint32_t i = 0; askings != NULL && i < ASKING_MAX; i++) {
        struct asking *asking = &askings[i];
        if (asking->sent == 0 || asking->event.id != message)
            continue;
        weft_answer(asking->sent, WEFT_OK, NULL, 0, NULL, 0);
        asking->sent = 0;
    }
}
