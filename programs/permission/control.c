#include "programs/permission/control.h"

#include "interface/permissions_program.h"
#include "lib/client.h"
#include "lib/pages.h"
#include "programs/permission/audit.h"
#include "programs/permission/decide.h"
#include "programs/permission/known.h"
#include "programs/permission/rules.h"
#include "programs/permission/ruling.h"
#include "programs/permission/view.h"

/* A row of a list has four numbers and five byte strings, whose bytes follow. */
enum {
    ROW_MAX = 104 + SUBJECT_CID_MAX + SUBJECT_HASH + 2 * SUBJECT_NAME_MAX + FOLDER_TEXT_MAX,
    BODY = 64 + (RULES_MAX + RULINGS_MAX) * ROW_MAX,
};

/* For the long lists; there once somebody asks for one. False: there is no memory. */
static bool begin_list(struct body_writer *writer)
{
    static uint8_t *body;
    if (body == NULL)
        body = pages_take(BODY);
    if (body != NULL)
        body_writer_init(writer, body, BODY);
    return body != NULL;
}

/* ---- Lists ----------------------------------------------------------------------------------- */

static enum weft_status on_rules(void *context, const struct weft_event *event)
{
    static struct permissions_rule rows[RULES_MAX + RULINGS_MAX];
    struct permissions_rule_list list = { rows, 0 };
    struct body_writer writer;
    (void)context;
    for (uint32_t i = 0; i < rules.count; i++)
        rows[list.count++] = (struct permissions_rule){ subject_give(&rules.list[i].subject),
                                                        rules.list[i].choice, rules.list[i].since,
                                                        false };
    for (uint32_t i = 0; i < rulings.count; i++)
        rows[list.count++] = (struct permissions_rule){ subject_give(&rulings.list[i].subject),
                                                        rulings.list[i].choice, 0, true };
    if (!begin_list(&writer))
        return WEFT_NO_MEMORY;
    return permissions_rules_answer(&writer, event->id, &list);
}

static enum weft_status on_grants(void *context, const struct weft_event *event,
                                  const struct permissions_grants_arguments *arguments)
{
    static struct permissions_grant rows[GRANTS_LISTED_MAX];
    struct body_writer writer;
    (void)context;
    if (arguments->from == 0)
        grants_sweep();
    struct permissions_grant_list list = { rows, grants_list(arguments->from, rows) };
    if (!begin_list(&writer))
        return WEFT_NO_MEMORY;
    return permissions_grants_answer(&writer, event->id, &list);
}

static enum weft_status on_events(void *context, const struct weft_event *event,
                                  const struct permissions_events_arguments *arguments)
{
    static struct permissions_event rows[AUDIT_MAX];
    struct permissions_event_list list = { rows, 0 };
    struct body_writer writer;
    uint64_t sequence = arguments->sequence;
    const struct audit_event *at;
    (void)context;
    if (sequence < audit_first())
        sequence = audit_first();
    for (; list.count < AUDIT_MAX && (at = audit_find(sequence)) != NULL; sequence++)
        rows[list.count++] = (struct permissions_event){
            .sequence = at->sequence,
            .time = at->time,
            .subject = subject_give(&at->subject),
            .choice = at->choice,
            .source = at->source,
            .process = at->process,
        };
    if (!begin_list(&writer))
        return WEFT_NO_MEMORY;
    return permissions_events_answer(&writer, event->id, &list);
}

static enum weft_status on_foresee(void *context, const struct weft_event *event,
                                   const struct permissions_foresee_arguments *arguments)
{
    struct permissions_subject from = { .program = arguments->program,
                                        .interface = arguments->interface };
    uint8_t small[16];
    struct subject subject;
    struct body_writer writer;
    (void)context;
    if (!subject_take(&from, &subject))
        return WEFT_INVALID;
    enum permissions_choice choice = decide_foresee(&subject);
    body_writer_init(&writer, small, sizeof(small));
    return permissions_foresee_answer(&writer, event->id, &choice);
}

static enum weft_status on_terms(void *context, const struct weft_event *event,
                                 const struct permissions_terms_arguments *arguments)
{
    uint8_t small[128];
    const struct ruled *ruled = ruling_program(arguments->program);
    struct permissions_terms_option result = { .present = ruled != NULL };
    struct body_writer writer;
    (void)context;
    if (ruled != NULL)
        result.value = ruled->terms;
    body_writer_init(&writer, small, sizeof(small));
    return permissions_terms_answer(&writer, event->id, &result);
}

/* ---- Changes --------------------------------------------------------------------------------- */

static enum weft_status answer_set(int64_t message, bool failed, enum permissions_error error)
{
    uint8_t small[16];
    struct body_writer writer;
    struct permissions_none_error_result result = { .failed = failed, .error = error };
    body_writer_init(&writer, small, sizeof(small));
    return permissions_set_answer(&writer, message, &result);
}

/* Only allowed, in no other folder that is, and as many as a view has room for. */
static bool folder_is_possible(const struct subject *subject, enum permissions_choice choice)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < rules.count; i++) {
        const struct subject *other = &rules.list[i].subject;
        count += other->folder.size != 0 && subject_is_akin(other, subject) &&
                 !subject_equal(other, subject);
    }
    return choice == PERMISSIONS_CHOICE_ALLOW && count < VIEW_FOLDERS_MAX &&
           !rules_overlap(subject);
}

/* What was possible when it was asked about may not be any more when it is confirmed. */
static enum weft_status set(int64_t message, const struct subject *subject,
                            enum permissions_choice choice)
{
    bool is_folder = subject->folder.size != 0;
    if (is_folder && !folder_is_possible(subject, choice))
        return answer_set(message, true, PERMISSIONS_ERROR_NO_FOLDER);
    enum weft_status status =
        is_folder ? decide_set_folder(subject, true) : decide_set(subject, choice, true);
    return answer_set(message, status != WEFT_OK, PERMISSIONS_ERROR_LIMIT);
}

static bool has_substitute(const struct subject *subject)
{
    const struct known *known = known_by_hash((struct weft_bytes){ subject->hash, SUBJECT_HASH });
    return known != NULL && known->substitute != NULL;
}

/* Whether to allow it is more than what is remembered. */
static bool is_widened(const struct subject *subject)
{
    const struct rule *rule = rules_find(subject);
    if (decide_foresee(subject) != PERMISSIONS_CHOICE_ALLOW)
        return true;
    return subject->folder.size != 0 && folder_is_read_only(&rule->subject.folder) &&
           !folder_is_read_only(&subject->folder);
}

static enum weft_status on_set(void *context, const struct weft_event *event,
                               const struct permissions_set_arguments *arguments)
{
    struct question question = { .message = event->id, .is_command = true };
    struct subject *subject = &question.grant.subject;
    (void)context;
    if (event->id == 0)
        return WEFT_INVALID; /* who does not wait cannot be confirmed */
    if (!subject_take(&arguments->subject, subject))
        return answer_set(event->id, true, PERMISSIONS_ERROR_INVALID);
    if (subject->folder.size != 0 && !folder_is_possible(subject, arguments->choice))
        return answer_set(event->id, true, PERMISSIONS_ERROR_NO_FOLDER);
    if (ruling_denies(subject))
        return answer_set(event->id, true, PERMISSIONS_ERROR_MANIFEST);
    if (arguments->choice == PERMISSIONS_CHOICE_SUBSTITUTE && !has_substitute(subject))
        return answer_set(event->id, true, PERMISSIONS_ERROR_NO_SUBSTITUTE);
    bool is_more = arguments->choice == PERMISSIONS_CHOICE_ALLOW && is_widened(subject);
    if (!is_more)
        return set(event->id, subject, arguments->choice);
    if (audit_refusals(subject) >= DECIDE_REFUSALS_MAX)
        return answer_set(event->id, true, PERMISSIONS_ERROR_UNASKED);
    return person_ask(&question) ? WEFT_OK
                                 : answer_set(event->id, true, PERMISSIONS_ERROR_LIMIT);
}

void control_confirmed(int64_t message, const struct subject *subject, enum reply reply)
{
    if (reply == REPLY_ALWAYS) {
        set(message, subject, PERMISSIONS_CHOICE_ALLOW);
        return;
    }
    if (reply != REPLY_NOBODY)
        audit_add(subject, PERMISSIONS_CHOICE_DENY, PERMISSIONS_SOURCE_PERSON, 0, decide_now());
    answer_set(message, true,
               reply == REPLY_NOBODY ? PERMISSIONS_ERROR_NO_TERMINAL : PERMISSIONS_ERROR_REFUSED);
}

/* As it was decided about, with its names; NULL: nothing was decided, or by the manifest. */
static const struct subject *find_subject(const struct subject *subject)
{
    const struct rule *rule = rules_find(subject);
    if (rule == NULL && ruling_find(subject) != NULL)
        return NULL;
    return rule == NULL ? grants_subject(subject) : &rule->subject;
}

static enum weft_status on_forget(void *context, const struct weft_event *event,
                                  const struct permissions_forget_arguments *arguments)
{
    uint8_t small[16];
    struct permissions_subject from = { .program = arguments->program,
                                        .interface = arguments->interface,
                                        .folder = arguments->folder };
    struct permissions_none_error_result result = { .failed = true };
    struct subject subject;
    struct body_writer writer;
    (void)context;
    bool is_valid = subject_take(&from, &subject);
    const struct subject *decided = is_valid ? find_subject(&subject) : NULL;
    if (decided != NULL) {
        subject = *decided;
        enum weft_status status = subject.folder.size != 0
                                      ? decide_set_folder(&subject, false)
                                      : decide_set(&subject, PERMISSIONS_CHOICE_ASK, false);
        result.failed = status != WEFT_OK;
    } else if (is_valid && ruling_find(&subject) != NULL) {
        result.error = PERMISSIONS_ERROR_MANIFEST;
    } else {
        result.error = is_valid ? PERMISSIONS_ERROR_NOT_FOUND : PERMISSIONS_ERROR_INVALID;
    }
    body_writer_init(&writer, small, sizeof(small));
    return permissions_forget_answer(&writer, event->id, &result);
}

enum weft_status control_take(const struct weft_event *event, struct body_reader *reader)
{
    static const struct permissions_server server = {
        .rules = on_rules,
        .terms = on_terms,
        .grants = on_grants,
        .events = on_events,
        .foresee = on_foresee,
        .set = on_set,
        .forget = on_forget,
    };
    return permissions_dispatch(&server, NULL, event, reader);
}
