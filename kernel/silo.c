#include "kernel/silo.h"

#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/cabin.h"
#include "kernel/happening.h"
#include "kernel/limits.h"
#include "kernel/process.h"
#include "kernel/program.h"
#include "kernel/quota.h"
#include "kernel/schedule.h"

static struct silo *root;
static struct list handles; /* silos that the platform holds */
static u64 next_id;

static const u64 root_limits[RESOURCE_COUNT] = {
    [RESOURCE_MEMORY_PAGES] = ROOT_MEMORY_PAGES_MAX,
    [RESOURCE_BODY_BYTES] = ROOT_BODY_BYTES_MAX,
    [RESOURCE_PROCESSES] = ROOT_PROCESSES_MAX,
    [RESOURCE_THREADS] = ROOT_THREADS_MAX,
    [RESOURCE_MESSAGES] = ROOT_MESSAGES_MAX,
    [RESOURCE_SLOTS] = ROOT_SLOTS_MAX,
};

/* ---- Birth and end ------------------------------------------------------------------------- */

static struct silo *create(struct silo *parent, struct bytes name)
{
    struct silo *silo = block_take(sizeof(*silo));
    if (silo == NULL)
        return NULL;
    silo->name = block_copy(name);
    if (silo->name.size != name.size) {
        block_give(silo, sizeof(*silo));
        return NULL;
    }
    silo->parent = parent;
    silo->id = ++next_id;
    silo->depth = parent == NULL ? 0 : parent->depth + 1;
    silo->holders = 1;
    list_init(&silo->children);
    list_init(&silo->processes);
    list_init(&silo->rows);
    list_init(&silo->libraries);
    list_init(&silo->program_limits);
    traffic_init(&silo->traffic);
    share_init(&silo->share, parent == NULL ? NULL : &parent->share, WEIGHT_USUAL, false);
    __builtin_memcpy(silo->limits, root_limits, sizeof(root_limits));
    return silo;
}

bool silo_init_root(void)
{
    next_id = 0;
    list_init(&handles);
    root = create(NULL, BYTES_LITERAL("root"));
    if (root != NULL)
        share_set_root(&root->share);
    return root != NULL;
}

static void forget_library(struct silo *silo, struct silo_library *library)
{
    list_remove(&library->link);
    silo->library_count--;
    program_release_locked(library->program);
    block_give_bytes(library->import_namespace);
    block_give(library, sizeof(*library));
}

/* What a destroyed silo needs no more. */
static void empty(struct silo *silo)
{
    struct list_link *link;
    while ((link = list_first(&silo->libraries)) != NULL)
        forget_library(silo, BASE_CONTAINER_OF(link, struct silo_library, link));
    cabin_forget_limits(silo);
    binding_unset_all(silo);
}

static bool is_charged(const struct silo *silo)
{
    for (u32 i = 0; i < RESOURCE_COUNT; i++)
        if (silo->used[i] != 0)
            return true;
    return false;
}

BASE_APART static void free_if_unused(struct silo *silo)
{
    if (silo->holders != 0 || is_charged(silo) || silo->row_count != 0)
        return;
    struct silo *parent = silo->parent;
    const u64 ended[] = { silo->ended_cpu_ns, silo->ended_sent, silo->ended_answered };
    share_deinit(&silo->share);
    traffic_deinit(&silo->traffic);
    block_give_bytes(silo->name);
    block_give(silo, sizeof(*silo));
    if (parent != NULL) {
        parent->ended_cpu_ns += ended[0];
        parent->ended_sent += ended[1];
        parent->ended_answered += ended[2];
        silo_release_locked(parent);
    }
}

void silo_check_unused(struct silo *silo)
{
    if (silo->destroyed)
        free_if_unused(silo);
}

void silo_hold(struct silo *silo)
{
    silo->holders++;
}

void silo_release_locked(struct silo *silo)
{
    BASE_ASSERT(silo->holders != 0);
    silo->holders--;
    silo_check_unused(silo);
}

struct silo *silo_root(void)
{
    return root;
}

enum weft_status silo_create_locked(struct silo *parent, struct bytes name,
                                    const struct silo_limits *limits, struct silo **silo)
{
    if (name.size > NAME_MAX_BYTES || !bytes_are_utf8(name))
        return WEFT_INVALID;
    if (parent->destroyed)
        return WEFT_GONE;
    if (parent->depth + 1 > SILO_DEPTH_MAX || !silo_charge(parent, RESOURCE_PROCESSES, 1))
        return WEFT_LIMIT;
    struct silo *created = create(parent, name);
    if (created == NULL) {
        silo_discharge(parent, RESOURCE_PROCESSES, 1);
        return WEFT_NO_MEMORY;
    }
    silo_hold(parent);
    created->is_counted = true;
    list_push_back(&parent->children, &created->link);
    silo_set_limits_locked(created, limits);
    happening_of_silo(HAPPENING_SILO_CREATED, created);
    *silo = created;
    return WEFT_OK;
}

static void destroy_one(struct silo *silo)
{
    silo->destroyed = true;
    if (silo->is_counted)
        silo_discharge(silo->parent, RESOURCE_PROCESSES, 1);
    happening_of_silo(HAPPENING_SILO_DESTROYED, silo);
    list_remove(&silo->link);
    process_kill_silo(silo);
    empty(silo);
    silo_release_locked(silo);
}

void silo_destroy_locked(struct silo *silo)
{
    if (silo->destroyed || silo == root)
        return;
    silo_hold(silo);
    /* Leaves first: each step ends one silo that has no children any more. */
    while (!silo->destroyed) {
        struct silo *leaf = silo;
        while (!list_empty(&leaf->children))
            leaf = BASE_CONTAINER_OF(list_first(&leaf->children), struct silo, link);
        destroy_one(leaf);
    }
    silo_release_locked(silo);
}

void silo_hold_handle(struct silo *silo)
{
    silo_hold(silo);
    list_push_back(&handles, &silo->handle_link);
}

void silo_release_handle(struct silo *silo)
{
    list_remove(&silo->handle_link);
    silo_release_locked(silo);
}

void silo_deinit_root(void)
{
    struct list_link *link;
    while ((link = list_first(&root->children)) != NULL)
        silo_destroy_locked(BASE_CONTAINER_OF(link, struct silo, link));
    while ((link = list_first(&handles)) != NULL)
        silo_release_handle(BASE_CONTAINER_OF(link, struct silo, handle_link));
    share_set_root(NULL);
    empty(root);
    root->destroyed = true;
    silo_release_locked(root);
    root = NULL;
}

/* ---- Limits and charges -------------------------------------------------------------------- */

static void set_limit(struct silo *silo, enum resource resource, u64 limit)
{
    if (limit != 0)
        silo->limits[resource] = limit;
    else
        silo->limits[resource] = root_limits[resource];
}

void silo_set_limits_locked(struct silo *silo, const struct silo_limits *limits)
{
    set_limit(silo, RESOURCE_MEMORY_PAGES, limits->memory_pages);
    set_limit(silo, RESOURCE_BODY_BYTES, limits->body_bytes);
    set_limit(silo, RESOURCE_PROCESSES, limits->processes);
    set_limit(silo, RESOURCE_THREADS, limits->threads);
    set_limit(silo, RESOURCE_MESSAGES, limits->messages);
    set_limit(silo, RESOURCE_SLOTS, limits->slots);
    u64 weight = limits->weight == 0 ? WEIGHT_USUAL : u64_min(limits->weight, WEIGHT_MAX);
    silo->share.weight = (u32)weight;
    quota_set(&silo->share, limits->quota);
}

struct silo_limits silo_limits_of(const struct silo *silo)
{
    return (struct silo_limits){
        .memory_pages = silo->limits[RESOURCE_MEMORY_PAGES],
        .body_bytes = silo->limits[RESOURCE_BODY_BYTES],
        .processes = (u32)silo->limits[RESOURCE_PROCESSES],
        .threads = (u32)silo->limits[RESOURCE_THREADS],
        .messages = (u32)silo->limits[RESOURCE_MESSAGES],
        .slots = (u32)silo->limits[RESOURCE_SLOTS],
        .weight = silo->share.weight,
        .quota = quota_percent(&silo->share),
    };
}

/* A limit that was lowered below what is in use refuses all, so compare without underflow. */
static bool has_room(const struct silo *silo, enum resource resource, u64 amount)
{
    u64 limit = silo->limits[resource];
    return silo->used[resource] <= limit && amount <= limit - silo->used[resource];
}

bool silo_charge(struct silo *silo, enum resource resource, u64 amount)
{
    for (struct silo *at = silo; at != NULL; at = at->parent)
        if (!has_room(at, resource, amount))
            return false;
    for (; silo != NULL; silo = silo->parent)
        silo->used[resource] += amount;
    return true;
}

void silo_discharge(struct silo *silo, enum resource resource, u64 amount)
{
    for (struct silo *at = silo; at != NULL; at = at->parent) {
        BASE_ASSERT(at->used[resource] >= amount);
        at->used[resource] -= amount;
    }
    silo_check_unused(silo);
}

BASE_APART void silo_undo_message(struct silo *silo, const struct silo *refused, u64 body_bytes)
{
    for (; silo != refused; silo = silo->parent) {
        silo->used[RESOURCE_MESSAGES]--;
        silo->used[RESOURCE_BODY_BYTES] -= body_bytes;
    }
}

/* ---- Stopping and going on ----------------------------------------------------------------- */

/* Those that are ending already do so. */
static void set_ending_free(struct silo *above)
{
    for (struct silo *silo = above; silo != NULL; silo = silo_walk(above, silo)) {
        struct list_link *link = list_first(&silo->processes);
        for (; link != NULL; link = list_next(&silo->processes, link)) {
            struct process *process = BASE_CONTAINER_OF(link, struct process, silo_link);
            if (process->ending)
                share_set_free(&process->share);
        }
    }
}

void silo_suspend_locked(struct silo *silo)
{
    if ((silo->share.stops & SHARE_SUSPENDED) != 0)
        return;
    set_ending_free(silo);
    share_stop(&silo->share, SHARE_SUSPENDED);
    schedule_share_looks(&silo->share);
    happening_of_silo(HAPPENING_SUSPENDED, silo);
}

void silo_resume_locked(struct silo *silo)
{
    if ((silo->share.stops & SHARE_SUSPENDED) == 0)
        return;
    if (share_go(&silo->share, SHARE_SUSPENDED))
        schedule_share_goes();
    happening_of_silo(HAPPENING_RESUMED, silo);
}

/* ---- Looking around ------------------------------------------------------------------------ */

struct silo *silo_view(struct silo *silo)
{
    while (silo->is_cabin)
        silo = silo->parent;
    return silo;
}

struct silo *silo_sight(struct silo *silo)
{
    for (silo = silo_view(silo); silo->sees_parent; silo = silo_view(silo))
        silo = silo->parent;
    return silo;
}

static bool has_processes(struct silo *above)
{
    for (struct silo *silo = above; silo != NULL; silo = silo_walk(above, silo))
        if (!list_empty(&silo->processes))
            return true;
    return false;
}

void silo_check_cabins(struct silo *silo)
{
    struct silo *next;
    for (; silo != NULL && !has_processes(silo); silo = next) {
        next = silo->parent;
        if (silo->is_cabin)
            silo_destroy_locked(silo);
    }
}

bool silo_is_within(const struct silo *silo, const struct silo *above)
{
    while (silo != NULL && silo != above)
        silo = silo->parent;
    return silo != NULL;
}

struct silo *silo_walk(struct silo *above, struct silo *at)
{
    if (!list_empty(&at->children))
        return BASE_CONTAINER_OF(list_first(&at->children), struct silo, link);
    while (at != above) {
        struct list_link *next = list_next(&at->parent->children, &at->link);
        if (next != NULL)
            return BASE_CONTAINER_OF(next, struct silo, link);
        at = at->parent;
    }
    return NULL;
}

struct silo *silo_find(struct silo *above, u64 id)
{
    struct silo *at = above;
    while (at != NULL && at->id != id)
        at = silo_walk(above, at);
    return at;
}

/* ---- Libraries ----------------------------------------------------------------------------- */

static struct silo_library *find_library(struct silo *silo, struct bytes import_namespace)
{
    for (struct list_link *link = list_first(&silo->libraries); link != NULL;
         link = list_next(&silo->libraries, link)) {
        struct silo_library *library = BASE_CONTAINER_OF(link, struct silo_library, link);
        if (bytes_equal(library->import_namespace, import_namespace))
            return library;
    }
    return NULL;
}

struct program *silo_find_library(struct silo *silo, struct bytes import_namespace)
{
    for (; silo != NULL; silo = silo->parent) {
        struct silo_library *library = find_library(silo, import_namespace);
        if (library != NULL)
            return library->program;
    }
    return NULL;
}

enum weft_status silo_set_library_locked(struct silo *silo, struct bytes import_namespace,
                                         struct program *program)
{
    if (import_namespace.size == 0 || import_namespace.size > NAME_MAX_BYTES)
        return WEFT_INVALID;
    if (silo->destroyed)
        return WEFT_GONE;
    struct silo_library *old = find_library(silo, import_namespace);
    if (old == NULL && silo->library_count == SILO_LIBRARIES_MAX)
        return WEFT_LIMIT;
    struct silo_library *library = block_take(sizeof(*library));
    struct bytes name = block_copy(import_namespace);
    if (library == NULL || name.data == NULL) {
        block_give(library, sizeof(*library));
        block_give_bytes(name);
        return WEFT_NO_MEMORY;
    }
    if (old != NULL)
        forget_library(silo, old);
    program_hold_locked(program);
    *library = (struct silo_library){ .import_namespace = name, .program = program };
    list_push_back(&silo->libraries, &library->link);
    silo->library_count++;
    return WEFT_OK;
}
