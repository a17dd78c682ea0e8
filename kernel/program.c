#include "kernel/program.h"

#include "kernel/block.h"
#include "kernel/image.h"
#include "kernel/limits.h"
#include "kernel/lock.h"
#include "kernel/options.h"
#include "kernel/thread.h"

struct program_denial {
    struct list_link link;
    struct hash interface;
};

static struct list cache; /* used last: last */
static u64 unused_bytes;  /* of those that nobody holds */
static u64 all_bytes;     /* of all there are; atomic, not under the lock */

void program_init(void)
{
    list_init(&cache);
    unused_bytes = 0;
    all_bytes = 0;
}

/* ---- Unloading ----------------------------------------------------------------------------- */

static void unload(struct program *program)
{
    struct list_link *link;
    while ((link = list_pop_front(&program->denials)) != NULL)
        block_give(BASE_CONTAINER_OF(link, struct program_denial, link),
                   sizeof(struct program_denial));
    if (program->module != NULL) {
        image_keep(&program->cid, program->module);
        module_destroy(program->module);
    }
    if (!program->is_borrowed)
        block_give_bytes(program->wasm);
    __atomic_fetch_sub(&all_bytes, program->size, __ATOMIC_RELAXED);
    block_give(program, sizeof(*program));
}

static struct program *program_at(struct list_link *link)
{
    return BASE_CONTAINER_OF(link, struct program, link);
}

/* Takes the program out of the cache that nobody holds and that was used longest ago. */
static struct program *take_oldest_unused(u64 allowed_bytes)
{
    if (unused_bytes <= allowed_bytes)
        return NULL;
    struct list_link *link = list_first(&cache);
    while (link != NULL && program_at(link)->holders != 0)
        link = list_next(&cache, link);
    if (link == NULL)
        return NULL;
    list_remove(link);
    unused_bytes -= program_at(link)->size;
    return program_at(link);
}

/* False: those that nobody runs take no more than that already. */
static bool unload_oldest(u64 allowed_bytes)
{
    lock_take();
    struct program *program = take_oldest_unused(allowed_bytes);
    lock_give();
    if (program != NULL)
        unload(program);
    return program != NULL;
}

static bool memory_is_short(void)
{
    const struct kernel_options *options = options_of_kernel();
    return options->memory_free != NULL &&
           options->memory_free(options->context) < options->memory_bytes / PROGRAMS_UNUSED_FREE_PART;
}

void program_trim(void)
{
    u64 memory = options_of_kernel()->memory_bytes;
    u64 part = memory == 0 ? UINT64_MAX : memory / PROGRAMS_UNUSED_MAX_PART;
    while (unload_oldest(u64_min(part, PROGRAMS_UNUSED_MAX_BYTES)))
        continue;
    while (memory_is_short() && unload_oldest(0))
        continue;
}

void program_give_up(void)
{
    while (unload_oldest(0))
        continue;
}

bool program_deinit(void)
{
    program_give_up();
    return list_empty(&cache);
}

/* ---- Finding and holding ------------------------------------------------------------------- */

void program_hold_locked(struct program *program)
{
    if (program->holders++ != 0)
        return;
    unused_bytes -= program->size;
    list_remove(&program->link);
    list_push_back(&cache, &program->link);
}

static usize size_of(const struct program *program)
{
    return (program->is_borrowed ? 0 : program->wasm.size) + module_size(program->module);
}

/* With what has been made of it for the interpreter since; nobody runs it now. */
static void recount(struct program *program)
{
    usize size = size_of(program);
    __atomic_fetch_add(&all_bytes, size - program->size, __ATOMIC_RELAXED);
    program->size = size;
}

void program_release_locked(struct program *program)
{
    BASE_ASSERT(program->holders != 0);
    if (--program->holders != 0)
        return;
    recount(program);
    unused_bytes += program->size;
}

void program_release(struct program *program)
{
    lock_take();
    program_release_locked(program);
    lock_give();
    program_trim();
}

struct program *program_find_locked(const struct cid *cid)
{
    for (struct list_link *link = list_first(&cache); link != NULL;
         link = list_next(&cache, link)) {
        struct program *program = program_at(link);
        if (!cid_equal(&program->cid, cid) && !cid_equal(&program->alias, cid))
            continue;
        program_hold_locked(program);
        return program;
    }
    return NULL;
}

/* ---- Loading ------------------------------------------------------------------------------- */

static struct program *find(const struct cid *cid)
{
    lock_take();
    struct program *program = program_find_locked(cid);
    lock_give();
    return program;
}

static void give_room(u64 bytes)
{
    __atomic_fetch_sub(&all_bytes, bytes, __ATOMIC_RELAXED);
}

/* For one more of that many bytes, if need be in the place of those that nobody runs. */
static bool take_room(u64 bytes)
{
    if (__atomic_add_fetch(&all_bytes, bytes, __ATOMIC_RELAXED) <= PROGRAMS_MAX_BYTES)
        return true;
    program_give_up();
    if (__atomic_load_n(&all_bytes, __ATOMIC_RELAXED) <= PROGRAMS_MAX_BYTES)
        return true;
    give_room(bytes);
    return false;
}

static enum status create(const struct cid *cid, struct bytes wasm, bool is_borrowed,
                          struct program **program, struct engine_error *error)
{
    struct program *created = block_take(sizeof(*created));
    if (created == NULL)
        return STATUS_NO_MEMORY;
    list_init(&created->denials);
    enum status status = image_load(cid, wasm, &created->module, error);
    if (status != STATUS_OK) {
        block_give(created, sizeof(*created));
        return status;
    }
    created->cid = *cid;
    created->wasm = wasm;
    created->is_borrowed = is_borrowed;
    created->size = size_of(created);
    created->holders = 1;
    __atomic_fetch_add(&all_bytes, created->size - wasm.size, __ATOMIC_RELAXED);
    *program = created;
    return STATUS_OK;
}

/* A program of its own, not in the cache yet. Takes over `wasm` if it succeeds. Others may begin
 * to load meanwhile: there has to be room for all of them. */
static enum status create_in_room(const struct cid *cid, struct bytes wasm, bool is_borrowed,
                                  struct program **program, struct engine_error *error)
{
    if (!take_room(wasm.size)) {
        error->message = "all programs together take more than the kernel keeps";
        return STATUS_LIMIT;
    }
    enum status status = create(cid, wasm, is_borrowed, program, error);
    if (status == STATUS_NO_MEMORY) {
        program_give_up();
        status = create(cid, wasm, is_borrowed, program, error);
    }
    if (status != STATUS_OK)
        give_room(wasm.size);
    return status;
}

/* Into the cache, unless another CPU has loaded the same meanwhile: then that one is it. */
static struct program *publish(struct program *program)
{
    lock_take();
    struct program *other = program_find_locked(&program->cid);
    if (other == NULL)
        list_push_back(&cache, &program->link);
    else if (other->alias.size == 0)
        other->alias = program->alias;
    lock_give();
    if (other != NULL)
        unload(program);
    return other == NULL ? program : other;
}

/* If need be, in the place of programs that nobody runs. */
static void *take(usize size)
{
    void *block = block_take(size);
    if (block != NULL)
        return block;
    program_give_up();
    return block_take(size);
}

/* A block, or nothing. */
static struct bytes copy(struct bytes wasm)
{
    enum { PIECE_BYTES = 256 << 10 };
    u8 *data = wasm.size == 0 ? NULL : take(wasm.size);
    if (data == NULL)
        return (struct bytes){ 0 };
    for (usize done = 0; done < wasm.size; done += PIECE_BYTES) {
        __builtin_memcpy(data + done, wasm.data + done, u64_min(wasm.size - done, PIECE_BYTES));
        thread_pause();
    }
    return (struct bytes){ data, wasm.size };
}

enum status program_add(struct bytes wasm, bool borrow, struct program **program,
                        struct engine_error *error)
{
    *error = (struct engine_error){ .offset = SIZE_MAX, .function = UINT32_MAX };
    struct cid cid = cid_of(wasm);
    *program = find(&cid);
    if (*program != NULL)
        return STATUS_OK;
    schedule_work_ahead();
    struct bytes kept = borrow ? wasm : copy(wasm);
    if (kept.size != wasm.size) {
        error->message = "not enough memory";
        return STATUS_NO_MEMORY;
    }
    enum status status = create_in_room(&cid, kept, borrow, program, error);
    if (status != STATUS_OK) {
        if (!borrow)
            block_give_bytes(kept);
        return status;
    }
    *program = publish(*program);
    return STATUS_OK;
}

enum status program_load(const struct cid *cid, struct bytes wasm, struct program **program,
                         struct engine_error *error)
{
    *error = (struct engine_error){ .offset = SIZE_MAX, .function = UINT32_MAX };
    schedule_work_ahead();
    struct cid usual = cid_of(wasm);
    enum status status = STATUS_NOT_FOUND;
    if (cid_equal(&usual, cid) || cid_matches(cid, wasm))
        status = create_in_room(&usual, wasm, false, program, error);
    if (status != STATUS_OK) {
        block_give_bytes(wasm);
        return status;
    }
    if (!cid_equal(&usual, cid))
        (*program)->alias = *cid;
    *program = publish(*program);
    return STATUS_OK;
}

/* ---- Asking -------------------------------------------------------------------------------- */

const struct cid *program_cid(const struct program *program)
{
    return &program->cid;
}

const struct module *program_module(const struct program *program)
{
    return program->module;
}

bool program_note_denial(struct program *program, const struct hash *interface)
{
    for (struct list_link *link = list_first(&program->denials); link != NULL;
         link = list_next(&program->denials, link))
        if (hash_equal(&BASE_CONTAINER_OF(link, struct program_denial, link)->interface, interface))
            return false;
    if (program->denial_count == PROGRAM_DENIALS_MAX)
        return false;
    struct program_denial *denial = block_take(sizeof(*denial));
    if (denial == NULL)
        return false;
    denial->interface = *interface;
    list_push_back(&program->denials, &denial->link);
    program->denial_count++;
    return true;
}
