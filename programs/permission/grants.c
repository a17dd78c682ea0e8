#include "programs/permission/grants.h"

#include "interface/permission_program.h"
#include "lib/server.h"

struct grants grants;

static _Alignas(8) uint8_t buffer[256];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static struct grant *find(const struct grant *like)
{
    for (uint32_t i = 0; i < grants.count; i++) {
        struct grant *grant = &grants.list[i];
        if (grant->silo == like->silo && grant->tag == like->tag &&
            subject_equal(&grant->subject, &like->subject))
            return grant;
    }
    return NULL;
}

const struct grant *grants_find(const struct grant *like)
{
    return find(like);
}

static void drop(struct grant *grant)
{
    server_close(&grant->decision, 1);
    *grant = grants.list[--grants.count];
}

static bool stands(const struct grant *grant)
{
    struct weft_client client = client_of(grant->decision);
    bool result;
    return permission_decision_stands(&client, &result) == WEFT_OK && result;
}

void grants_sweep(void)
{
    for (uint32_t i = grants.count; i-- > 0;)
        if (!stands(&grants.list[i]))
            drop(&grants.list[i]);
}

/* Silos go without a word, so those that have are looked for when there are twice as many as were
 * left the last time. */
static bool make_room(void)
{
    static uint32_t next = 64;
    if (grants.count < next)
        return true;
    grants_sweep();
    next = 2 * grants.count < 64 ? 64 : 2 * grants.count;
    if (next > GRANTS_MAX)
        next = GRANTS_MAX;
    return grants.count < GRANTS_MAX;
}

bool grants_add(const struct grant *grant)
{
    struct grant *same = find(grant);
    if (same != NULL) {
        server_close(&same->decision, 1);
        *same = *grant;
        return true;
    }
    if (!make_room())
        return false;
    grants.list[grants.count++] = *grant;
    return true;
}

struct permission_answer grants_answer(enum permissions_choice choice, int32_t substitute)
{
    struct permission_answer answer = { .tag = PERMISSION_ANSWER_DENY };
    if (choice == PERMISSIONS_CHOICE_ALLOW) {
        answer.tag = PERMISSION_ANSWER_ALLOW;
    } else if (substitute != WEFT_NO_SLOT) {
        answer.tag = PERMISSION_ANSWER_SUBSTITUTE;
        answer.substitute = substitute;
    }
    return answer;
}

/* Through the calls that generated code is made of, since the substitute stays ours. */
static bool change(const struct grant *grant, enum permissions_choice choice, int32_t substitute)
{
    struct weft_client client = client_of(grant->decision);
    struct permission_none_error_result result = { .failed = true };
    permission_decision_change_encode(client_begin(&client), grants_answer(choice, substitute));
    for (uint32_t i = 0; i < client.request.gift_count; i++)
        client.request.gifts[i] |= WEFT_GIFT_COPY;
    if (client_call(&client))
        permission_decision_change_result_decode(&client.answer, &result);
    return client_end(&client) == WEFT_OK && !result.failed;
}

static void reopen(const struct grant *grant)
{
    struct weft_client client = client_of(grant->decision);
    struct permission_none_error_result result;
    (void)permission_decision_reopen(&client, &result); /* it fails where the silo has gone */
}

bool grants_has(const struct subject *subject)
{
    for (uint32_t i = 0; i < grants.count; i++)
        if (subject_is_akin(&grants.list[i].subject, subject))
            return true;
    return false;
}

void grants_renew(const struct subject *subject, int32_t substitute)
{
    for (uint32_t i = grants.count; i-- > 0;) {
        struct grant *grant = &grants.list[i];
        if (grant->choice == PERMISSIONS_CHOICE_DENY && subject_is_akin(&grant->subject, subject) &&
            !change(grant, PERMISSIONS_CHOICE_DENY, substitute))
            drop(grant);
    }
}

void grants_change(const struct subject *subject, enum permissions_choice choice,
                   int32_t substitute, uint64_t since)
{
    for (uint32_t i = grants.count; i-- > 0;) {
        struct grant *grant = &grants.list[i];
        if (!subject_equal(&grant->subject, subject) || grant->choice == choice)
            continue;
        grant->choice = choice;
        grant->since = since;
        if (choice == PERMISSIONS_CHOICE_ASK)
            reopen(grant);
        if (choice == PERMISSIONS_CHOICE_ASK || !change(grant, choice, substitute))
            drop(grant);
    }
}
