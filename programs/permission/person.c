#include "programs/permission/person.h"

#include "interface/attention_program.h"
#include "interface/log_program.h"
#include "interface/random_program.h"
#include "lib/client.h"
#include "lib/start.h"
#include "programs/permission/known.h"
#include "programs/permission/wording.h"

#include <string.h>

enum { TEXT_MAX = 4096, TRIES = 5, SEED_BYTES = 3 };

static struct {
    person_replied *replied;
    struct question list[QUESTIONS_MAX]; /* the first is being asked, if `asked` is not 0 */
    uint32_t count;
    int64_t asked; /* the message to the terminal */
    uint32_t tries;
    char words[32];
} person;

static char bytes[TEXT_MAX];
static _Alignas(8) uint8_t buffer[TEXT_MAX + 64];

static struct weft_client attention(void)
{
    return (struct weft_client){ .slot = attention_slot(),
                                 .buffer = buffer,
                                 .capacity = sizeof(buffer) };
}

/* ---- Signed ---------------------------------------------------------------------------------- */

/* A variable of the environment, as a service has; empty: there is none. */
static struct weft_bytes variable(const char *name)
{
    const struct system_start_record *record = start_record();
    for (uint32_t i = 0; record != NULL && i < record->environment.count; i++) {
        const struct system_string_string_tuple *row = &record->environment.data[i];
        if (row->f0.size == strlen(name) && memcmp(row->f0.data, name, row->f0.size) == 0)
            return row->f1;
    }
    return (struct weft_bytes){ 0 };
}

bool person_is_successor(void)
{
    struct weft_bytes starts = variable("STARTS");
    return starts.size != 0 && !(starts.size == 1 && starts.data[0] == '1');
}

/* One that takes another's place signs as that did: were there new words, a program could tell of new
 * ones, too. */
static bool take_seed(uint8_t seed[SEED_BYTES])
{
    struct weft_bytes digits = variable("SEED");
    if (digits.size < 2 * SEED_BYTES)
        return false;
    for (uint32_t i = 0; i < 2 * SEED_BYTES; i++) {
        uint32_t digit = digits.data[i];
        uint32_t value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
        seed[i / 2] = (uint8_t)((uint32_t)seed[i / 2] << 4 | (value & 15));
    }
    return true;
}

static void draw(uint8_t seed[SEED_BYTES])
{
    struct weft_client client = { .slot = random_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct weft_bytes random = { 0 };
    if (random_bytes(&client, SEED_BYTES, &random) == WEFT_OK && random.size == SEED_BYTES)
        memcpy(seed, random.data, SEED_BYTES);
}

/* A program may show what looks like a question, but it does not know these. */
void person_init(person_replied *replied)
{
    static const char *const first[] = { "amber", "blue",  "calm",  "dark",  "early", "fresh",
                                         "green", "happy", "ivory", "jolly", "keen",  "light",
                                         "mild",  "noble", "old",   "plain" };
    static const char *const second[] = { "acorn", "bridge", "cloud", "dune",  "elm",    "forest",
                                          "glade", "harbor", "island", "jetty", "kettle", "lake",
                                          "meadow", "north", "orchard", "pond" };
    struct wording words = { person.words, sizeof(person.words) - 1, 0 };
    uint8_t seed[SEED_BYTES] = { 0 };
    person.replied = replied;
    if (!take_seed(seed))
        draw(seed);
    wording_add(&words, first[seed[0] % 16]);
    wording_add(&words, " ");
    wording_add(&words, second[seed[1] % 16]);
    wording_add(&words, " ");
    wording_add_number(&words, seed[2] % 100);
}

static struct wording empty_text(void)
{
    return (struct wording){ bytes, sizeof(bytes), 0 };
}

static struct wording begin_text(void)
{
    struct wording text = empty_text();
    wording_add(&text, "[");
    wording_add(&text, person.words);
    wording_add(&text, "] ");
    return text;
}

/* ---- Texts ----------------------------------------------------------------------------------- */

static void add_program(struct wording *text, const struct permissions_subject *subject)
{
    wording_add_harmless(text, subject->program_name);
}

static void add_wish(struct wording *text, const struct permissions_subject *subject)
{
    const struct known *known = known_by_hash(subject->interface);
    if (subject->folder.size != 0) {
        bool reads = folder_text_is_read_only(subject->folder);
        wording_add(text, " wants to open one folder of this session.\nIt could ");
        wording_add(text, reads ? "read" : "read, change and delete");
        wording_add(text, " what is in it.\n  folder     ");
        wording_add_harmless(text, subject->folder);
        wording_add(text, "\n");
        return;
    }
    if (known != NULL) {
        wording_add(text, " wants to ");
        wording_add(text, known->wants);
        wording_add(text, ".\nIt could ");
        wording_add(text, known->could);
        wording_add(text, ".\n");
        return;
    }
    wording_add(text, " wants to use the interface ");
    wording_add_harmless(text, subject->interface_name);
    wording_add(text, ", which is none of the system's own.\nWhat it could do with that is up to who "
                   "handles it.\n");
}

static void add_facts(struct wording *text, const struct permissions_subject *subject)
{
    wording_add(text, "  program    ");
    add_program(text, subject);
    wording_add(text, ", ");
    wording_add_cid(text, subject->program);
    wording_add(text, "\n  interface  ");
    wording_add_harmless(text, subject->interface_name);
    if (known_by_hash(subject->interface) == NULL) {
        wording_add(text, "@");
        wording_add_hex(text, subject->interface);
    }
    wording_add(text, "\n");
}

static const char *instead_of(const struct subject *subject)
{
    const struct known *known = known_by_hash((struct weft_bytes){ subject->hash, SUBJECT_HASH });
    return known == NULL ? NULL : known->instead;
}

static void add_choices(struct wording *text, const struct question *question)
{
    const char *instead = instead_of(&question->grant.subject);
    if (person.tries != 0)
        wording_add(text, "That is none of the answers. ");
    if (question->is_command) {
        wording_add(text, "Shall it be allowed from now on: always, or never? ");
        return;
    }
    wording_add(text, "Let it? once, always, never");
    if (instead != NULL) {
        wording_add(text, ", substitute (");
        wording_add(text, instead);
        wording_add(text, ")");
    }
    wording_add(text, ": ");
}

static struct wording text_of(const struct question *question)
{
    struct wording text = begin_text();
    struct permissions_subject subject = subject_give(&question->grant.subject);
    if (person.tries == 0) {
        add_program(&text, &subject);
        add_wish(&text, &subject);
        add_facts(&text, &subject);
    }
    add_choices(&text, question);
    return text;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

static void finish(enum reply reply);

static void ask_first(void)
{
    struct weft_client client = attention();
    struct wording text = text_of(&person.list[0]);
    person.asked = attention_ask_send(&client, wording_view(&text), WEFT_WANT_ANSWER);
    if (person.asked <= 0)
        person.asked = 0;
}

/* Whoever cannot be asked is not asked again for each question that waits: each is its own try. */
static void go_on(void)
{
    while (person.count != 0 && person.asked == 0) {
        person.tries = 0;
        ask_first();
        if (person.asked == 0)
            finish(REPLY_NOBODY);
    }
}

static void take_out(uint32_t index)
{
    person.count--;
    memmove(&person.list[index], &person.list[index + 1],
            (person.count - index) * sizeof(person.list[0]));
}

static void finish(enum reply reply)
{
    struct question question = person.list[0];
    take_out(0);
    person.replied(&question, reply);
}

static uint32_t count_of(const struct subject *subject)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < person.count; i++) {
        const struct subject *other = &person.list[i].grant.subject;
        count += other->cid_size == subject->cid_size &&
                 memcmp(other->cid, subject->cid, subject->cid_size) == 0;
    }
    return count;
}

bool person_ask(const struct question *question)
{
    if (person.count == QUESTIONS_MAX || count_of(&question->grant.subject) >= QUESTIONS_OF_ONE)
        return false;
    person.list[person.count++] = *question;
    go_on();
    return true;
}

void person_forget(int64_t message)
{
    for (uint32_t i = 0; i < person.count; i++) {
        if (person.list[i].message != message)
            continue;
        if (i == 0 && person.asked != 0) {
            weft_answer(person.asked, WEFT_OK, NULL, 0, NULL, 0);
            person.asked = 0;
        }
        take_out(i);
        go_on();
        return;
    }
}

static void on_line(struct weft_bytes line)
{
    bool is_understood;
    const struct question *question = &person.list[0];
    bool has_substitute = !question->is_command && instead_of(&question->grant.subject) != NULL;
    enum reply reply = person_read(line, has_substitute, &is_understood);
    if (question->is_command && reply == REPLY_ONCE)
        is_understood = false;
    if (is_understood) {
        finish(reply);
        return;
    }
    if (++person.tries < TRIES)
        ask_first();
    if (person.asked == 0)
        finish(REPLY_NOBODY);
}

bool person_take(const struct weft_event *event, struct body_reader *reader)
{
    struct attention_string_error_result result;
    if (person.asked == 0 || event->id != person.asked)
        return false;
    person.asked = 0;
    bool is_read = event->status == WEFT_OK && attention_ask_result_decode(reader, &result);
    if (is_read && !result.failed)
        on_line(result.value);
    else
        finish(is_read && result.error == ATTENTION_ERROR_ENDED ? REPLY_NOT_NOW : REPLY_NOBODY);
    go_on();
    return true;
}

/* ---- Telling --------------------------------------------------------------------------------- */

/* Who is not there to be told misses nothing. */
static void tell(const struct wording *text)
{
    struct weft_client client = attention();
    int64_t id = attention_tell_send(&client, wording_view(text), WEFT_WANT_ANSWER);
    (void)id; /* its answer is an event that nobody waits for */
}

void person_greet(void)
{
    struct wording text = begin_text();
    wording_add(&text, "is how questions about permissions are signed here.\n");
    tell(&text);
}

/* So that nobody covers the screen by what it asks for. */
static bool may_tell(uint64_t now)
{
    static const uint64_t while_ns = 10000000000;
    static uint64_t began;
    static uint32_t told;
    enum { TOLD_MAX = 8 };
    if (now - began >= while_ns) {
        began = now;
        told = 0;
    }
    return told++ < TOLD_MAX;
}

static void write_log(const struct wording *text)
{
    struct weft_client client = { .slot = log_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    log_write_send(&client, LOG_LEVEL_WARNING, wording_view(text), 0);
}

void person_tell_denied(const struct subject *subject, enum denial denial, bool is_unasked,
                        uint64_t now)
{
    if (!may_tell(now))
        return;
    struct wording text = is_unasked ? empty_text() : begin_text();
    struct permissions_subject shown = subject_give(subject);
    add_program(&text, &shown);
    wording_add(&text, denial == DENIAL_ENDS ? " is ended, for it has used " : " may not use ");
    wording_add_harmless(&text, shown.interface_name);
    if (denial == DENIAL_IN_PART)
        wording_add(&text, " but for the folders that it was allowed");
    if (denial == DENIAL_OF_MANIFEST) {
        wording_add(&text, ": the system's manifest denies it");
    } else {
        wording_add(&text, "; to let it: permission allow ");
        add_program(&text, &shown);
        wording_add(&text, " ");
        wording_add_harmless(&text, shown.interface_name);
    }
    if (is_unasked) {
        write_log(&text);
        return;
    }
    wording_add(&text, "\n");
    tell(&text);
}
