#include "programs/permission/grants.h"

#include "interface/permission_program.h"
#include "lib/memory.h"
#include "lib/server.h"

/* Processes are many, and each has some interfaces; programs are few. So what is said of a program and an
 * interface is there once. */
enum { SUBJECTS_MAX = 512 };

static struct {
    struct subject subject;
    uint32_t users;
} subjects[SUBJECTS_MAX];
static uint32_t extent; /* behind the last place that was ever taken */

struct kept {
    uint64_t number;  /* counts up */
    uint32_t subject; /* its place */
    enum permissions_choice choice;
    uint64_t since;
    uint64_t process;
    uint64_t silo;
    uint64_t tag;
    bool is_starter;
    int32_t decision;
};

static struct {
    uint32_t count;
    uint64_t next_number;
    struct kept list[GRANTS_MAX]; /* by number */
} grants;

static _Alignas(8) uint8_t buffer[256];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

/* ---- Subjects -------------------------------------------------------------------------------- */

static const struct subject *subject_of(const struct kept *kept)
{
    return &subjects[kept->subject].subject;
}

/* The place of the one that is equal, or else of one that is free; SUBJECTS_MAX: there is none. */
static uint32_t place_of(const struct subject *subject)
{
    uint32_t free = extent;
    for (uint32_t i = 0; i < extent; i++) {
        if (subjects[i].users == 0)
            free = free == extent ? i : free;
        else if (subject_equal(&subjects[i].subject, subject))
            return i;
    }
    return free;
}

const struct subject *grants_subject(const struct subject *like)
{
    uint32_t place = place_of(like);
    return place < extent && subjects[place].users != 0 ? &subjects[place].subject : NULL;
}

/* ---- What is in force ------------------------------------------------------------------------ */

static struct kept *find(const struct grant *like)
{
    for (uint32_t i = 0; i < grants.count; i++) {
        struct kept *kept = &grants.list[i];
        if (kept->silo == like->silo && kept->tag == like->tag &&
            kept->is_starter == like->is_starter &&
            subject_equal(subject_of(kept), &like->subject))
            return kept;
    }
    return NULL;
}

bool grants_find(const struct grant *like, enum permissions_choice *choice)
{
    const struct kept *kept = find(like);
    if (kept != NULL)
        *choice = kept->choice;
    return kept != NULL;
}

static void drop(struct kept *kept)
{
    server_close(&kept->decision, 1);
    subjects[kept->subject].users--;
    uint32_t at = (uint32_t)(kept - grants.list);
    memmove(kept, kept + 1, (--grants.count - at) * sizeof(*kept));
}

static bool stands(const struct kept *kept)
{
    struct weft_client client = client_of(kept->decision);
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
    struct kept *same = find(grant);
    if (same != NULL)
        drop(same);
    else if (!make_room())
        return false;
    uint32_t place = place_of(&grant->subject);
    if (place == SUBJECTS_MAX) {
        grants_sweep();
        place = place_of(&grant->subject);
    }
    if (place == SUBJECTS_MAX)
        return false;
    if (place == extent)
        extent++;
    if (subjects[place].users++ == 0)
        subjects[place].subject = grant->subject;
    grants.list[grants.count++] = (struct kept){
        .number = ++grants.next_number,
        .subject = place,
        .choice = grant->choice,
        .since = grant->since,
        .process = grant->process,
        .silo = grant->silo,
        .tag = grant->tag,
        .is_starter = grant->is_starter,
        .decision = grant->decision,
    };
    return true;
}

uint32_t grants_list(uint64_t from, struct permissions_grant *rows)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < grants.count && count < GRANTS_LISTED_MAX; i++) {
        const struct kept *kept = &grants.list[i];
        bool is_said = !kept->is_starter || kept->choice != PERMISSIONS_CHOICE_ALLOW;
        if (is_said && kept->number >= from)
            rows[count++] = (struct permissions_grant){ kept->number,  subject_give(subject_of(kept)),
                                                        kept->choice,  kept->since,
                                                        kept->process, kept->silo };
    }
    return count;
}

/* ---- Answering otherwise --------------------------------------------------------------------- */

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
static bool change(const struct kept *kept, enum permissions_choice choice, int32_t substitute)
{
    struct weft_client client = client_of(kept->decision);
    struct permission_none_error_result result = { .failed = true };
    permission_decision_change_encode(client_begin(&client), grants_answer(choice, substitute));
    for (uint32_t i = 0; i < client.request.gift_count; i++)
        client.request.gifts[i] |= WEFT_GIFT_COPY;
    if (client_call(&client))
        permission_decision_change_result_decode(&client.answer, &result);
    return client_end(&client) == WEFT_OK && !result.failed;
}

static void reopen(const struct kept *kept)
{
    struct weft_client client = client_of(kept->decision);
    struct permission_none_error_result result;
    (void)permission_decision_reopen(&client, &result); /* it fails where the silo has gone */
}

bool grants_has(const struct subject *subject)
{
    for (uint32_t i = 0; i < grants.count; i++)
        if (subject_is_akin(subject_of(&grants.list[i]), subject))
            return true;
    return false;
}

void grants_renew(const struct subject *subject, int32_t substitute)
{
    for (uint32_t i = grants.count; i-- > 0;) {
        struct kept *kept = &grants.list[i];
        if (kept->choice == PERMISSIONS_CHOICE_DENY && subject_is_akin(subject_of(kept), subject) &&
            !change(kept, PERMISSIONS_CHOICE_DENY, substitute))
            drop(kept);
    }
}

void grants_change(const struct subject *subject, enum permissions_choice choice,
                   int32_t substitute, uint64_t since)
{
    for (uint32_t i = grants.count; i-- > 0;) {
        struct kept *kept = &grants.list[i];
        if (!subject_equal(subject_of(kept), subject) || kept->choice == choice)
            continue;
        kept->choice = choice;
        kept->since = since;
        if (choice == PERMISSIONS_CHOICE_ASK)
            reopen(kept);
        if (choice == PERMISSIONS_CHOICE_ASK || !change(kept, choice, substitute))
            drop(kept);
    }
}
