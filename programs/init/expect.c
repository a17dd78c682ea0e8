#include "programs/init/expect.h"

struct expectation {
    int64_t id; /* 0: about a moment only; a negated status: not sent */
    uint64_t until_ns;
    expected *then; /* NULL: free */
    void *context;
};

static struct expectation list[EXPECT_MAX];
static uint32_t used; /* those behind are free */

static void add(struct expectation expectation)
{
    for (uint32_t i = 0; i < EXPECT_MAX; i++) {
        if (list[i].then != NULL)
            continue;
        list[i] = expectation;
        used = i >= used ? i + 1 : used;
        return;
    }
    __builtin_trap(); /* there are only so many services, and each waits for few things */
}

void expect_answer(int64_t id, uint64_t until_ns, expected *then, void *context)
{
    add((struct expectation){ id, id <= 0 ? 0 : until_ns, then, context });
}

void expect_moment(uint64_t when_ns, expected *then, void *context)
{
    add((struct expectation){ 0, when_ns, then, context });
}

static void take_back(int64_t id)
{
    if (id > 0)
        weft_answer(id, WEFT_OK, NULL, 0, NULL, 0);
}

void expect_no_more(expected *then, const void *context)
{
    for (uint32_t i = 0; i < used; i++) {
        if (list[i].then != then || list[i].context != context)
            continue;
        list[i].then = NULL;
        take_back(list[i].id);
    }
}

uint32_t expect_room(void)
{
    uint32_t room = EXPECT_MAX - used;
    for (uint32_t i = 0; i < used; i++)
        room += list[i].then == NULL;
    return room;
}

int64_t expect_deadline(void)
{
    uint64_t next = EXPECT_FOR_EVER;
    for (uint32_t i = 0; i < used; i++)
        if (list[i].then != NULL && list[i].until_ns < next)
            next = list[i].until_ns;
    return next == EXPECT_FOR_EVER ? -1 : (int64_t)next;
}

void expect_on_answer(struct weft_server *server)
{
    struct answer answer = { (enum weft_status)server->event.status, &server->reader };
    for (uint32_t i = 0; i < used; i++) {
        struct expectation found = list[i];
        if (found.then == NULL || found.id != server->event.id)
            continue;
        list[i].then = NULL;
        found.then(found.context, &answer);
        return;
    }
    server_close(server->event.gifts, server->event.gift_count);
}

void expect_on_time(uint64_t now_ns)
{
    for (uint32_t i = 0; i < used; i++) {
        struct expectation found = list[i];
        if (found.then == NULL || found.until_ns > now_ns)
            continue;
        struct answer failed = { .status = (enum weft_status)-found.id };
        list[i].then = NULL;
        take_back(found.id);
        found.then(found.context, found.id < 0 ? &failed : NULL);
    }
}
