#include "kernel/binding.h"

#include "kernel/attend.h"
#include "kernel/block.h"
#include "kernel/cabin.h"
#include "kernel/decided.h"
#include "kernel/decision.h"
#include "kernel/derived.h"
#include "kernel/endpoint.h"
#include "kernel/permission.h"

enum { BUCKET_BITS = 14, BUCKET_COUNT = 1 << BUCKET_BITS };

static struct list buckets[BUCKET_COUNT];
static struct list rows_with_waiting;
static struct list traced_rows;
struct list rows_with_derived;
u64 binding_generation;

void binding_init(void)
{
    for (u32 i = 0; i < BUCKET_COUNT; i++)
        list_init(&buckets[i]);
    list_init(&rows_with_waiting);
    list_init(&traced_rows);
    list_init(&rows_with_derived);
    binding_generation = 1;
}

u64 interface_of_hash(const struct hash *hash)
{
    u64 first = 0;
    for (u32 i = 8; i > 0; i--)
        first = first << 8 | hash->bytes[i - 1];
    return first;
}

static struct list *bucket_of(const struct silo *silo, const struct hash *hash)
{
    u64 mixed = (interface_of_hash(hash) ^ silo->id) * 0x9E3779B97F4A7C15u;
    return &buckets[mixed >> (64 - BUCKET_BITS)];
}

/* ---- Rows ---------------------------------------------------------------------------------- */

struct binding *binding_find(const struct silo *silo, const struct hash *hash, struct bytes tag)
{
    struct list *bucket = bucket_of(silo, hash);
    for (struct list_link *link = list_first(bucket); link != NULL;
         link = list_next(bucket, link)) {
        struct binding *row = BASE_CONTAINER_OF(link, struct binding, bucket_link);
        if (row->silo == silo && hash_equal(&row->hash, hash) && bytes_equal(row->tag, tag))
            return row;
    }
    return NULL;
}

static void free_row(struct binding *row)
{
    struct silo *silo = row->silo;
    list_remove(&row->bucket_link);
    list_remove(&row->silo_link);
    block_give_bytes(row->name);
    block_give_bytes(row->tag);
    block_give(row, sizeof(*row));
    silo->row_count--;
    silo_check_unused(silo);
}

static bool name_is_good(struct bytes name)
{
    return name.size <= NAME_MAX_BYTES && bytes_are_utf8(name);
}

static struct binding *create_row(struct silo *silo, const struct interface_key *key)
{
    struct binding *row = block_take(sizeof(*row));
    if (row == NULL)
        return NULL;
    row->name = block_copy(key->name);
    row->tag = block_copy(key->tag);
    if (row->name.size != key->name.size || row->tag.size != key->tag.size) {
        block_give_bytes(row->name);
        block_give_bytes(row->tag);
        block_give(row, sizeof(*row));
        return NULL;
    }
    row->silo = silo;
    row->hash = key->hash;
    list_init(&row->waiting);
    list_init(&row->backlog);
    list_init(&row->awaiting);
    list_init(&row->derived);
    list_push_back(bucket_of(silo, &key->hash), &row->bucket_link);
    list_push_back(&silo->rows, &row->silo_link);
    silo->row_count++;
    return row;
}

static enum weft_status get_row(struct silo *silo, const struct interface_key *key,
                                struct binding **binding)
{
    if (!name_is_good(key->name) || !name_is_good(key->tag))
        return WEFT_INVALID;
    if (silo->destroyed)
        return WEFT_GONE;
    *binding = binding_find(silo, &key->hash, key->tag);
    if (*binding == NULL)
        *binding = create_row(silo, key);
    return *binding == NULL ? WEFT_NO_MEMORY : WEFT_OK;
}

static void free_row_if_unused(struct binding *row)
{
    if (!row->is_set && row->tracer == NULL && row->holders == 0 && row->waiting_count == 0 &&
        list_empty(&row->backlog))
        free_row(row);
}

enum weft_status binding_get(struct silo *silo, const struct interface_key *key,
                             struct binding **binding)
{
    enum weft_status status = get_row(silo, key, binding);
    if (status == WEFT_OK)
        binding_hold(*binding);
    return status;
}

void binding_hold(struct binding *binding)
{
    binding->holders++;
}

void binding_release(struct binding *binding)
{
    BASE_ASSERT(binding->holders != 0);
    binding->holders--;
    free_row_if_unused(binding);
}

bool binding_is_above(const struct binding *binding, const struct silo *silo)
{
    for (; silo != NULL && silo != binding->silo; silo = silo->parent) {
        const struct binding *row = binding_find(silo, &binding->hash, binding->tag);
        if (row != NULL && row->is_set && row->handler.kind != SLOT_FREE)
            return false;
    }
    return silo != NULL;
}

/* ---- Looking up ---------------------------------------------------------------------------- */

/* A search on its way from a row's silo to the root. */
struct search {
    struct silo *silo;
    struct binding *from; /* whose rights it is about: where it began, or has moved to sideways */
    const struct hash *hash;
    struct bytes tag;
    u64 permitted_by; /* the furthest that the rows passed so far say */
    struct endpoint *found;
    struct silo *asker;
    struct binding *holding;
};

/* What one program was permitted is permitted to no other that it has started below. Silos are older
 * than those below them, so of two on one way the one with the smaller id is nearer to the root. */
static void note_permission(struct search *search, const struct binding *row)
{
    u64 by = row->permitted_by;
    if (by == 0 || !cabin_is_shared(search->from->silo, row->silo))
        return;
    if (search->permitted_by == 0 || by < search->permitted_by)
        search->permitted_by = by;
}

static bool is_permitted(const struct search *search, const struct silo *silo)
{
    if (search->permitted_by == 0)
        return false;
    while (silo != NULL && silo->id > search->permitted_by)
        silo = silo->parent;
    return silo != NULL && silo->id == search->permitted_by;
}

/* What one row says; ROUTE_NOBODY: go on upwards, or sideways if the search has moved. */
static enum route_kind ask_row(const struct binding *row, struct search *search)
{
    note_permission(search, row);
    if (row->verdict == VERDICT_DENY)
        return ROUTE_DENIED;
    if (row->verdict == VERDICT_ASK && !is_permitted(search, row->silo)) {
        search->asker = row->silo;
        return ROUTE_ASK;
    }
    if (row->tracer != NULL) {
        search->found = row->tracer;
        return ROUTE_HANDLER;
    }
    if (row->handler.kind == SLOT_ENDPOINT) {
        search->found = row->handler.endpoint;
        return ROUTE_HANDLER;
    }
    if (row->handler.kind == SLOT_BINDING) {
        struct binding *other = row->handler.binding;
        search->silo = other->silo;
        search->from = other;
        search->hash = &other->hash;
        search->tag = other->tag;
        return ROUTE_NOBODY;
    }
    search->silo = row->silo->parent;
    return ROUTE_NOBODY;
}

static enum route_kind look_up(struct search *search)
{
    bool is_open = false;
    for (u32 steps = 0; search->silo != NULL && steps < LOOKUP_STEPS_MAX; steps++) {
        if (search->silo->destroyed)
            return ROUTE_GONE;
        struct binding *row = binding_find(search->silo, search->hash, search->tag);
        if (row == NULL || (!row->is_set && row->tracer == NULL)) {
            search->silo = search->silo->parent;
            continue;
        }
        if (row->verdict == VERDICT_HOLD) {
            search->holding = row;
            return ROUTE_NOBODY;
        }
        is_open = row->silo->parent == NULL && row->handler.kind == SLOT_FREE;
        enum route_kind route = ask_row(row, search);
        if (route != ROUTE_NOBODY)
            return route;
    }
    return is_open && search->silo == NULL ? ROUTE_NOBODY : ROUTE_DENIED;
}

static bool reaches(u64 by, const struct silo *asker)
{
    return by != 0 && by <= asker->id;
}

static bool is_passed(const struct silo *silo, const struct search *search)
{
    const struct binding *row = binding_find(silo, search->hash, search->tag);
    return row != NULL && (reaches(row->passed_by, search->asker) ||
                           reaches(row->permitted_by, search->asker));
}

/* Who has started a program answers for it: nobody gets by another what he is denied himself. So the
 * first that is asked about is the uppermost of whom nothing is known. */
static struct silo *find_starter(const struct search *search)
{
    struct silo *starter = NULL;
    struct silo *silo = search->from->silo;
    for (; silo != NULL && silo != search->asker; silo = silo->parent)
        if (silo->program.size != 0 && !cabin_is_shared(silo, search->from->silo) &&
            !is_passed(silo, search))
            starter = silo;
    return starter;
}

void binding_look_up(struct binding *binding)
{
    struct search search = {
        .silo = binding->silo,
        .from = binding,
        .hash = &binding->hash,
        .tag = binding->tag,
    };
    binding->route = look_up(&search);
    binding->found = search.found;
    binding->asker = search.asker;
    binding->starter = binding->route == ROUTE_ASK ? find_starter(&search) : NULL;
    binding->started = search.from;
    binding->holding = search.holding;
    binding->generation = binding_generation;
}

enum route_kind binding_route_to_dead(const struct binding *binding)
{
    return derived_is_cut(binding->found) ? ROUTE_DENIED : ROUTE_NOBODY;
}

void binding_write(const struct binding *binding, struct writer *text)
{
    writer_bytes(text, binding->name);
    writer_text(text, "@");
    writer_hex_bytes(text, (struct bytes){ binding->hash.bytes, HASH_SIZE });
}

struct bytes binding_known_name(const struct silo *silo, const struct hash *hash, struct bytes tag)
{
    for (; silo != NULL; silo = silo->parent) {
        const struct binding *row = binding_find(silo, hash, tag);
        if (row != NULL && row->name.size != 0)
            return row->name;
    }
    return (struct bytes){ 0 };
}

/* ---- Messages that wait -------------------------------------------------------------------- */

void binding_queue(struct binding *binding, struct message *message)
{
    message->state = MESSAGE_QUEUED;
    message->binding = binding;
    list_push_back(&binding->waiting, &message->queued.link);
    binding->waiting_count++;
    if (!list_linked(&binding->waiting_link))
        list_push_back(&rows_with_waiting, &binding->waiting_link);
}

static void send_on(struct message *message, struct endpoint *endpoint)
{
    message_unlink(message);
    message->receiver = endpoint->handler;
    message->badge = endpoint->badge;
    message->interface = endpoint->interface;
    message_queue(message);
}

/* One message after the other, oldest first; those whose senders are blocked come after, since
 * each that leaves lets one of them in. The row may be freed with its last message, so it is held.
 */
static void send_on_all(struct binding *row)
{
    struct endpoint *endpoint;
    enum route_kind route = binding_route(row, &endpoint);
    if (route == ROUTE_NOBODY && row->holding != NULL)
        attend_row_awaited(row->holding); /* they may have waited for something else before */
    if (route == ROUTE_NOBODY || (route == ROUTE_ASK && row->asking))
        return;
    binding_hold(row);
    struct list_link *link;
    while ((link = list_first(&row->waiting)) != NULL) {
        struct message *message = message_of_queued(BASE_CONTAINER_OF(link, struct queued, link));
        if (route == ROUTE_HANDLER)
            send_on(message, endpoint);
        else
            message_refuse(message, route == ROUTE_GONE ? WEFT_GONE : WEFT_DENIED);
    }
    binding_release(row);
}

void binding_changed(void)
{
    binding_generation++;
    struct list_link *next;
    for (struct list_link *link = list_first(&rows_with_waiting); link != NULL; link = next) {
        next = list_next(&rows_with_waiting, link);
        send_on_all(BASE_CONTAINER_OF(link, struct binding, waiting_link));
    }
    decided_look();
}

bool binding_is_awaited(const struct binding *binding)
{
    struct list_link *link = list_first(&rows_with_waiting);
    for (; link != NULL; link = list_next(&rows_with_waiting, link)) {
        struct endpoint *endpoint;
        struct binding *row = BASE_CONTAINER_OF(link, struct binding, waiting_link);
        if (binding_route(row, &endpoint) == ROUTE_NOBODY && row->holding == binding)
            return true;
    }
    return false;
}

/* A question that nobody waits for is none. */
static void forget_question(struct binding *binding)
{
    if (binding->asking && binding->waiting_count == 0 && binding->wanted == 0)
        permission_forget(binding);
}

void binding_message_left(struct binding *binding)
{
    binding->waiting_count--;
    message_admit_next(&binding->backlog, binding->waiting_count);
    if (binding->waiting_count != 0)
        return;
    list_remove(&binding->waiting_link);
    binding_hold(binding);
    forget_question(binding);
    binding_release(binding);
}

void binding_wanted_more(struct binding *binding)
{
    binding_hold(binding);
    binding->wanted++;
}

void binding_wanted_less(struct binding *binding)
{
    binding->wanted--;
    forget_question(binding);
    binding_release(binding);
}

/* ---- Setting rows -------------------------------------------------------------------------- */

/* A row that will be set, or not: the first is charged for here. */
static enum weft_status row_to_set(struct silo *silo, const struct interface_key *key,
                                   bool will_be_set, struct binding **row)
{
    enum weft_status status = get_row(silo, key, row);
    if (status != WEFT_OK || (*row)->is_set || !will_be_set)
        return status;
    if (silo->set_row_count < SILO_ROWS_MAX && silo_charge(silo, RESOURCE_SLOTS, 1))
        return WEFT_OK;
    free_row_if_unused(*row);
    return WEFT_LIMIT;
}

static void mark_set(struct binding *row, bool is_set)
{
    bool was_set = row->is_set;
    row->is_set = is_set;
    if (was_set != is_set)
        row->silo->set_row_count += is_set ? 1 : -1u;
    if (was_set && !is_set)
        silo_discharge(row->silo, RESOURCE_SLOTS, 1);
}

static void change_verdict(struct binding *row, enum verdict verdict)
{
    if (row->verdict == VERDICT_ASK)
        row->silo->asking_row_count--;
    if (verdict == VERDICT_ASK)
        row->silo->asking_row_count++;
    row->verdict = verdict;
    row->permitted_by = 0;
    row->passed_by = 0;
}

static void change_handler(struct binding *row, struct slot_target handler)
{
    struct slot_target old = row->handler;
    row->handler = handler;
    slot_target_release(old);
}

enum weft_status binding_set_verdict(struct silo *silo, const struct interface_key *key,
                                     enum verdict verdict)
{
    struct binding *row;
    bool is_root = silo->parent == NULL;
    bool will_be_set = verdict != VERDICT_ALLOW || is_root;
    enum weft_status status = row_to_set(silo, key, will_be_set, &row);
    if (status != WEFT_OK)
        return status;
    binding_hold(row);
    change_verdict(row, verdict);
    if (verdict == VERDICT_ALLOW && !is_root)
        change_handler(row, (struct slot_target){ 0 });
    row->denial_told = false;
    row->is_answered = false;
    mark_set(row, will_be_set);
    binding_changed();
    derived_check(silo);
    binding_release(row);
    return WEFT_OK;
}

enum weft_status binding_set_handler(struct silo *silo, const struct interface_key *key,
                                     struct slot_target handler)
{
    struct binding *row;
    enum weft_status status = row_to_set(silo, key, true, &row);
    if (status != WEFT_OK)
        return status;
    change_handler(row, handler);
    change_verdict(row, VERDICT_ALLOW);
    mark_set(row, true);
    binding_changed();
    return WEFT_OK;
}

enum weft_status binding_permit(struct binding *binding, u64 asker)
{
    struct interface_key key = { binding->hash, binding->name, binding->tag };
    struct binding *row;
    enum weft_status status = row_to_set(binding->silo, &key, true, &row);
    if (status != WEFT_OK)
        return status;
    row->permitted_by = asker;
    mark_set(row, true);
    binding_changed();
    return WEFT_OK;
}

void binding_pass(struct binding *binding, u64 asker)
{
    binding->passed_by = asker;
    binding_changed();
}

/* ---- Tracers ------------------------------------------------------------------------------- */

/* Where the row leads to without its tracer. Held. */
static enum weft_status below_of(const struct binding *row, const struct interface_key *key,
                                 struct slot_target *below)
{
    if (row->is_set && row->verdict == VERDICT_DENY)
        return WEFT_DENIED;
    if (row->is_set && row->handler.kind != SLOT_FREE) {
        *below = row->handler;
        slot_target_hold(*below);
        return WEFT_OK;
    }
    below->kind = SLOT_BINDING;
    return binding_get(row->silo->parent, key, &below->binding);
}

enum weft_status binding_trace(struct silo *silo, const struct interface_key *key,
                               struct endpoint *tracer, struct slot_target *below)
{
    struct binding *row;
    enum weft_status status = get_row(silo, key, &row);
    if (status != WEFT_OK)
        return status;
    status = row->tracer != NULL ? WEFT_EXISTS : below_of(row, key, below);
    if (status != WEFT_OK) {
        free_row_if_unused(row);
        return status;
    }
    row->tracer = tracer;
    list_push_back(&traced_rows, &row->tracer_link);
    binding_changed();
    return WEFT_OK;
}

static void drop_tracer(struct binding *row)
{
    if (row->tracer == NULL)
        return;
    list_remove(&row->tracer_link);
    endpoint_release(row->tracer);
    row->tracer = NULL;
    free_row_if_unused(row);
}

void binding_forget_tracer(const struct party *party)
{
    bool has_any = false;
    struct list_link *next;
    for (struct list_link *link = list_first(&traced_rows); link != NULL; link = next) {
        next = list_next(&traced_rows, link);
        struct binding *row = BASE_CONTAINER_OF(link, struct binding, tracer_link);
        if (row->tracer->handler != party)
            continue;
        drop_tracer(row);
        has_any = true;
    }
    if (has_any)
        binding_changed();
}

void binding_unset_all(struct silo *silo)
{
    struct list_link *next;
    decisions_forget(silo);
    for (struct list_link *link = list_first(&silo->rows); link != NULL; link = next) {
        struct binding *row = BASE_CONTAINER_OF(link, struct binding, silo_link);
        binding_hold(row);
        drop_tracer(row);
        mark_set(row, false);
        change_verdict(row, VERDICT_ALLOW);
        change_handler(row, (struct slot_target){ 0 });
        attend_row_gone(row);
        derived_let_go(row);
        next = list_next(&silo->rows, link);
        binding_release(row);
    }
    binding_changed();
}
