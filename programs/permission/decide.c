#include "programs/permission/decide.h"

#include "interface/clock_program.h"
#include "interface/permission_program.h"
#include "lib/server.h"
#include "programs/permission/audit.h"
#include "programs/permission/control.h"
#include "programs/permission/known.h"
#include "programs/permission/rules.h"
#include "programs/permission/ruling.h"
#include "programs/permission/store.h"
#include "programs/permission/substitute.h"
#include "programs/permission/view.h"

uint64_t decide_now(void)
{
    _Alignas(8) uint8_t buffer[64];
    struct weft_client client = { .slot = clock_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t now;
    return clock_realtime(&client, &now) == WEFT_OK ? now : 0;
}

static struct weft_bytes interface_of(const struct subject *subject)
{
    return (struct weft_bytes){ subject->hash, SUBJECT_HASH };
}

/* Who is denied all may still have some folders. */
static int32_t substitute_of(const struct subject *subject, enum permissions_choice choice)
{
    if (choice == PERMISSIONS_CHOICE_SUBSTITUTE)
        return substitute_for(interface_of(subject));
    return choice == PERMISSIONS_CHOICE_DENY ? view_for(subject) : WEFT_NO_SLOT;
}

/* What would be answered, and why. */
struct outlook {
    enum permissions_choice choice;
    enum permissions_source source;
    enum denial denial; /* if it is denied */
};

/* ---- Answering the kernel -------------------------------------------------------------------- */

/* A question that can no longer be answered is forgotten by the kernel, and the slot with it. */
static void answer(int64_t message, const struct grant *grant, int32_t substitute, enum denial denial)
{
    uint8_t body[32];
    struct body_writer writer;
    struct permission_answer result = grants_answer(grant->choice, substitute);
    if (grant->choice == PERMISSIONS_CHOICE_DENY && denial == DENIAL_ENDS)
        result.tag = PERMISSION_ANSWER_END;
    body_writer_init(&writer, body, sizeof(body));
    permission_ask_result_encode(&writer, &result);
    for (uint32_t i = 0; i < writer.gift_count; i++)
        writer.gifts[i] |= WEFT_GIFT_COPY;
    client_answer(&writer, message);
}

static void settle(int64_t message, struct grant *grant, const struct outlook *outlook)
{
    bool is_first = !grants_find(grant, &grant->choice);
    grant->choice = outlook->choice;
    grant->since = decide_now();
    if (!grants_add(grant)) {
        server_close(&grant->decision, 1);
        grant->choice = PERMISSIONS_CHOICE_DENY; /* what could not be taken back is not given */
    }
    if (is_first && !(grant->is_starter && grant->choice == PERMISSIONS_CHOICE_ALLOW))
        audit_add(&grant->subject, grant->choice, outlook->source, grant->process, grant->since);
    bool is_denied = grant->choice == PERMISSIONS_CHOICE_DENY;
    bool is_final = is_denied && outlook->denial == DENIAL_OF_MANIFEST;
    int32_t substitute = is_final ? WEFT_NO_SLOT : substitute_of(&grant->subject, grant->choice);
    bool in_part = is_denied && substitute != WEFT_NO_SLOT;
    enum denial denial = in_part ? DENIAL_IN_PART : outlook->denial;
    if (is_first && is_denied && (!in_part || view_is_news(&grant->subject)))
        person_tell_denied(&grant->subject, denial, outlook->source == PERMISSIONS_SOURCE_NOBODY,
                           grant->since); /* before the program says so */
    answer(message, grant, substitute, denial);
}

/* ---- What is answered without asking ------------------------------------------------------------ */

/* For what nobody has allowed. */
static struct outlook outlook_else(const struct subject *subject)
{
    const struct ruled *ruled =
        ruling_program((struct weft_bytes){ subject->cid, subject->cid_size });
    if (ruled == NULL || ruled->terms.refused == PERMISSIONS_REFUSED_ASK)
        return (struct outlook){ PERMISSIONS_CHOICE_ASK, PERMISSIONS_SOURCE_NOBODY, DENIAL_OPEN };
    bool ends = ruled->terms.refused == PERMISSIONS_REFUSED_END;
    return (struct outlook){ PERMISSIONS_CHOICE_DENY, PERMISSIONS_SOURCE_MANIFEST,
                             ends ? DENIAL_ENDS : DENIAL_OPEN };
}

/* What the manifest denies, what the person has said, what else the manifest says, what is usual. */
static struct outlook outlook_of(const struct subject *subject)
{
    const struct rule *rule = rules_find(subject);
    const struct ruling *ruling = ruling_find(subject);
    const struct known *known = known_by_hash(interface_of(subject));
    if (ruling_denies(subject))
        return (struct outlook){ PERMISSIONS_CHOICE_DENY, PERMISSIONS_SOURCE_MANIFEST,
                                 DENIAL_OF_MANIFEST };
    if (rule != NULL)
        return (struct outlook){ rule->choice, PERMISSIONS_SOURCE_RULE, DENIAL_OPEN };
    if (subject->folder.size != 0)
        return (struct outlook){ PERMISSIONS_CHOICE_ASK, PERMISSIONS_SOURCE_NOBODY, DENIAL_OPEN };
    if (ruling != NULL)
        return (struct outlook){ ruling->choice, PERMISSIONS_SOURCE_MANIFEST, DENIAL_OPEN };
    if (known != NULL && known->is_usual)
        return (struct outlook){ PERMISSIONS_CHOICE_ALLOW, PERMISSIONS_SOURCE_USUAL, DENIAL_OPEN };
    return outlook_else(subject);
}

enum permissions_choice decide_foresee(const struct subject *subject)
{
    return outlook_of(subject).choice;
}

/* Of who has started a program only what is said against it counts: what it would be asked about, what it
 * has started is asked about itself. */
static struct outlook outlook_of_starter(const struct subject *subject)
{
    struct outlook outlook = outlook_of(subject);
    if (outlook.choice == PERMISSIONS_CHOICE_ASK)
        outlook.choice = PERMISSIONS_CHOICE_ALLOW;
    if (outlook.denial == DENIAL_ENDS)
        outlook.denial = DENIAL_OPEN;
    return outlook;
}

/* The same row may be asked about by several silos above it: what was answered to one holds for
 * all. */
static struct outlook choose(const struct grant *grant)
{
    enum permissions_choice before;
    if (grants_find(grant, &before))
        return (struct outlook){ before, PERMISSIONS_SOURCE_USUAL, DENIAL_OPEN };
    if (grant->is_starter)
        return outlook_of_starter(&grant->subject);
    struct outlook outlook = outlook_of(&grant->subject);
    if (outlook.choice != PERMISSIONS_CHOICE_ASK)
        return outlook;
    outlook.source = PERMISSIONS_SOURCE_NOBODY;
    if (audit_refusals(&grant->subject) >= DECIDE_REFUSALS_MAX)
        outlook.choice = PERMISSIONS_CHOICE_DENY;
    return outlook;
}

static uint64_t hash_of(struct weft_bytes text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (uint32_t i = 0; i < text.size; i++)
        hash = (hash ^ text.data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static bool grant_of(const struct permission_question *question, struct grant *grant)
{
    struct permissions_subject from = { .program = question->program,
                                        .program_name = question->program_name,
                                        .interface = question->interface,
                                        .interface_name = question->interface_name };
    *grant = (struct grant){ .process = question->process,
                             .silo = question->silo,
                             .tag = hash_of(question->tag),
                             .is_starter = question->is_starter,
                             .decision = WEFT_NO_SLOT };
    return subject_take(&from, &grant->subject);
}

/* What an earlier process of this service has answered and is in force: from now on it can be taken back
 * here. What there is no room for is left where it is. */
static void take_earlier(int32_t decision)
{
    static const enum permissions_choice choices[] = {
        [PERMISSION_OUTCOME_ALLOW] = PERMISSIONS_CHOICE_ALLOW,
        [PERMISSION_OUTCOME_DENY] = PERMISSIONS_CHOICE_DENY,
        [PERMISSION_OUTCOME_SUBSTITUTE] = PERMISSIONS_CHOICE_SUBSTITUTE,
    };
    static _Alignas(8) uint8_t buffer[1 << 13];
    struct permission_earlier_option earlier = { .present = true };
    bool has_room = true;
    while (has_room && earlier.present) {
        struct weft_client client = { .slot = decision,
                                      .buffer = buffer,
                                      .capacity = sizeof(buffer) };
        struct grant grant;
        if (permission_decision_earlier(&client, &earlier) != WEFT_OK || !earlier.present)
            return;
        has_room = grant_of(&earlier.value.question, &grant);
        grant.choice = choices[earlier.value.outcome];
        grant.decision = earlier.value.decision;
        has_room = has_room && grants_add(&grant);
        if (!has_room)
            server_close(&grant.decision, 1);
    }
}

static enum weft_status on_ask(void *context, const struct weft_event *event,
                               const struct permission_ask_arguments *arguments)
{
    struct question question = { .message = event->id };
    (void)context;
    if (!grant_of(&arguments->question, &question.grant))
        return WEFT_INVALID;
    question.grant.decision = arguments->decision;
    if (person_is_successor())
        take_earlier(arguments->decision);
    struct outlook outlook = choose(&question.grant);
    if (outlook.choice == PERMISSIONS_CHOICE_ASK) {
        if (person_ask(&question))
            return WEFT_OK;
        outlook.choice = PERMISSIONS_CHOICE_DENY;
    }
    settle(question.message, &question.grant, &outlook);
    return WEFT_OK;
}

static enum weft_status on_denied(void *context, const struct weft_event *event,
                                  const struct permission_denied_arguments *arguments)
{
    struct grant grant;
    (void)context;
    (void)event;
    if (grant_of(&arguments->question, &grant))
        audit_add(&grant.subject, PERMISSIONS_CHOICE_DENY, PERMISSIONS_SOURCE_TABLE,
                  grant.process, decide_now());
    return WEFT_OK;
}

enum weft_status decide_take(const struct weft_event *event, struct body_reader *reader)
{
    static const struct permission_server server = { .ask = on_ask, .denied = on_denied };
    /* The kernel's word alone: what a program says is no question. */
    if (event->sender != 0)
        return WEFT_DENIED;
    return permission_dispatch(&server, NULL, event, reader);
}

/* ---- What the person says ------------------------------------------------------------------------ */

static void remember(const struct subject *subject, enum permissions_choice choice)
{
    if (rules_set(subject, choice, decide_now()))
        store_save();
}

void decide_replied(const struct question *question, enum reply reply)
{
    static const enum permissions_choice choices[] = {
        [REPLY_ONCE] = PERMISSIONS_CHOICE_ALLOW,
        [REPLY_ALWAYS] = PERMISSIONS_CHOICE_ALLOW,
        [REPLY_NEVER] = PERMISSIONS_CHOICE_DENY,
        [REPLY_SUBSTITUTE] = PERMISSIONS_CHOICE_SUBSTITUTE,
        [REPLY_NOT_NOW] = PERMISSIONS_CHOICE_DENY,
        [REPLY_NOBODY] = PERMISSIONS_CHOICE_DENY,
    };
    struct grant grant = question->grant;
    const struct outlook outlook = {
        .choice = choices[reply],
        .source = reply == REPLY_NOBODY ? PERMISSIONS_SOURCE_NOBODY : PERMISSIONS_SOURCE_PERSON,
    };
    if (question->is_command) {
        control_confirmed(question->message, &grant.subject, reply);
        return;
    }
    if (reply == REPLY_ALWAYS || reply == REPLY_NEVER || reply == REPLY_SUBSTITUTE)
        remember(&grant.subject, outlook.choice);
    settle(question->message, &grant, &outlook);
}

enum weft_status decide_set(const struct subject *subject, enum permissions_choice choice,
                            bool is_kept)
{
    uint64_t now = decide_now();
    if (!is_kept)
        rules_forget(subject);
    else if (!rules_set(subject, choice, now))
        return WEFT_LIMIT;
    store_save();
    grants_change(subject, choice,
                  grants_has(subject) ? substitute_of(subject, choice) : WEFT_NO_SLOT, now);
    if (choice == PERMISSIONS_CHOICE_ASK || choice == PERMISSIONS_CHOICE_SUBSTITUTE)
        view_end(subject);
    audit_add(subject, choice, PERMISSIONS_SOURCE_COMMAND, 0, now);
    return WEFT_OK;
}

enum weft_status decide_set_folder(const struct subject *subject, bool is_kept)
{
    struct subject whole = *subject;
    uint64_t now = decide_now();
    if (!is_kept)
        rules_forget(subject);
    else if (!rules_set(subject, PERMISSIONS_CHOICE_ALLOW, now))
        return WEFT_LIMIT;
    store_save();
    whole.folder = (struct folder){ 0 };
    view_end(&whole);
    if (grants_has(&whole))
        grants_renew(&whole, view_for(&whole));
    audit_add(subject, is_kept ? PERMISSIONS_CHOICE_ALLOW : PERMISSIONS_CHOICE_ASK,
              PERMISSIONS_SOURCE_COMMAND, 0, now);
    return WEFT_OK;
}
