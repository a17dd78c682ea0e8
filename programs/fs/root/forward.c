#include "programs/fs/root/forward.h"

#include "lib/server.h"

struct forward {
    int64_t sent; /* the message to the handler; 0: not in use */
    int64_t asked;
    uint64_t process;
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
            count += forwards[i].process == process;
    }
    return count < FORWARDS_PER_PROCESS_MAX ? room : NULL;
}

enum weft_status forward_send(const struct weft_event *event, struct weft_client *client)
{
    struct forward *forward = find_room(event->sender);
    if (event->id == 0) {
        int64_t sent = client_send(client, WEFT_NO_WAIT);
        return sent < 0 ? (enum weft_status)(-sent) : WEFT_OK;
    }
    if (forward == NULL)
        return WEFT_LIMIT;
    int64_t sent = client_send(client, WEFT_WANT_ANSWER | WEFT_NO_WAIT);
    if (sent < 0)
        return (enum weft_status)(-sent);
    *forward = (struct forward){ sent, event->id, event->sender };
    return WEFT_OK;
}

static struct forward *find_sent(int64_t id)
{
    for (uint32_t i = 0; i < FORWARDS_MAX; i++)
        if (forwards[i].sent == id && id != 0)
            return &forwards[i];
    return NULL;
}

void forward_answered(const struct weft_event *answer, const uint8_t *body)
{
    struct forward *forward = find_sent(answer->id);
    bool is_given = false;
    if (forward != NULL) {
        int32_t status = body == NULL ? WEFT_TOO_LARGE : answer->status;
        uint32_t size = status == WEFT_OK ? answer->size : 0;
        uint32_t gifts = status == WEFT_OK ? answer->gift_count : 0;
        is_given = weft_answer(forward->asked, status, body, size, answer->gifts, gifts) == 0 &&
                   gifts == answer->gift_count;
        forward->sent = 0;
    }
    if (!is_given && body != NULL)
        server_close(answer->gifts, answer->gift_count);
}

void forward_withdrawn(int64_t asked)
{
    for (uint32_t i = 0; i < FORWARDS_MAX; i++)
        if (forwards[i].sent != 0 && forwards[i].asked == asked) {
            weft_answer(forwards[i].sent, WEFT_OK, NULL, 0, NULL, 0);
            forwards[i].sent = 0;
        }
}
