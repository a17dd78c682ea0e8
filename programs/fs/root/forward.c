#include "programs/fs/root/forward.h"

#include "lib/server.h"

struct forward {
    int64_t sent;             /* the message to the handler; 0: not in use */
    struct weft_event asked;  /* as far as it is needed */
    struct forward_step step; /* `finish` NULL: the answer is passed on */
};

static struct forward forwards[FORWARDS_MAX];

static struct forward *find_room(uint64_t process)
{
    struct forward *room = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < FORWARDS_MAX; i++) {
        if (forwards[i].sent == 0)
            room = &forwards[i];
        else
            count += forwards[i].asked.sender == process;
    }
    return count < FORWARDS_PER_PROCESS_MAX ? room : NULL;
}

static void close_slot(const struct forward_step *step)
{
    if (step->slot != WEFT_NO_SLOT)
        server_close(&step->slot, 1);
}

enum weft_status forward_ask(const struct weft_event *event, struct weft_client *client,
                             struct forward_step step)
{
    struct forward *forward = find_room(event->sender);
    int64_t sent = forward == NULL ? -WEFT_LIMIT
                                   : client_send(client, WEFT_WANT_ANSWER | WEFT_NO_WAIT);
    if (sent < 0) {
        close_slot(&step);
        return (enum weft_status)(-sent);
    }
    *forward = (struct forward){ .sent = sent, .step = step };
    forward->asked.id = event->id;
    forward->asked.sender = event->sender;
    forward->asked.sender_silo = event->sender_silo;
    return WEFT_OK;
}

enum weft_status forward_send(const struct weft_event *event, struct weft_client *client)
{
    if (event->id != 0)
        return forward_ask(event, client, (struct forward_step){ .slot = WEFT_NO_SLOT });
    int64_t sent = client_send(client, WEFT_NO_WAIT);
    return sent < 0 ? (enum weft_status)(-sent) : WEFT_OK;
}

static struct forward *find_sent(int64_t id)
{
    for (uint32_t i = 0; i < FORWARDS_MAX; i++)
        if (forwards[i].sent == id && id != 0)
            return &forwards[i];
    return NULL;
}

/* Whether the gifts have gone on with it. */
static bool pass_on(const struct forward *forward, const struct weft_event *event,
                    const uint8_t *body)
{
    int32_t status = body == NULL ? WEFT_TOO_LARGE : event->status;
    uint32_t size = status == WEFT_OK ? event->size : 0;
    uint32_t gifts = status == WEFT_OK ? event->gift_count : 0;
    int32_t result = weft_answer(forward->asked.id, status, body, size, event->gifts, gifts);
    return result == 0 && gifts == event->gift_count;
}

void forward_answered(const struct weft_event *event, const uint8_t *body,
                      struct body_reader *answer)
{
    struct forward *forward = find_sent(event->id);
    bool are_given = body == NULL;
    if (forward != NULL) {
        struct forward ended = *forward;
        forward->sent = 0;
        if (ended.step.finish == NULL) {
            are_given = pass_on(&ended, event, body);
        } else {
            bool is_there = body != NULL && event->status == WEFT_OK;
            ended.step.finish(&ended.asked, is_there ? answer : NULL, ended.step.what);
            are_given = are_given || answer->decoded;
        }
        close_slot(&ended.step);
    }
    if (!are_given)
        server_close(event->gifts, event->gift_count);
}

void forward_withdrawn(int64_t asked)
{
    for (uint32_t i = 0; i < FORWARDS_MAX; i++)
        if (forwards[i].sent != 0 && forwards[i].asked.id == asked) {
            weft_answer(forwards[i].sent, WEFT_OK, NULL, 0, NULL, 0);
            close_slot(&forwards[i].step);
            forwards[i].sent = 0;
        }
}
