/* Machine code between runs of the kernel: only what this user's kernel has kept of this very
 * program is run. */
#include "engine/image.h"
#include "kernel/image.h"
#include "tests/kernel/support/pair.h"
#include "tests/kernel/support/wasm.h"

#include <stdlib.h>
#include <string.h>

static const struct wasm_module plain = { .export_name = "_start" };
static const struct wasm_module other = { .export_name = "_start", .filler = 1 };

/* Keeps one image, of one program. */
static struct shelf {
    struct image_store store;
    u8 *bytes;
    usize size;
    u32 asked, kept, given;
    struct cid cid;
    bool hands_out; /* whatever it is asked for */
} shelf;

static struct bytes shelf_take(void *context, const struct cid *cid)
{
    struct shelf *own = context;
    bool is_it = cid_equal(cid, &own->cid);
    own->asked += is_it;
    return is_it || own->hands_out ? (struct bytes){ own->bytes, own->size } : (struct bytes){ 0 };
}

static void shelf_give(void *context, struct bytes kept)
{
    struct shelf *own = context;
    own->given += kept.data == own->bytes;
}

static void shelf_keep(void *context, const struct cid *cid, struct bytes bytes)
{
    struct shelf *own = context;
    if (!cid_equal(cid, &own->cid))
        return;
    free(own->bytes);
    own->bytes = malloc(bytes.size);
    own->size = bytes.size;
    memcpy(own->bytes, bytes.data, bytes.size);
    own->kept++;
}

static void start(void)
{
    shelf.store = (struct image_store){ shelf_take, shelf_give, shelf_keep, &shelf, { 1, 2, 3 } };
    shelf.asked = shelf.kept = shelf.given = 0;
    shelf.cid = cid_of(wasm_make(&plain));
    world_start(&(struct world_options){ .images = &shelf.store });
}

static bool runs(const struct wasm_module *module)
{
    struct engine_error error;
    struct program *program;
    struct process *process;
    if (program_add(wasm_make(module), false, &program, &error) != STATUS_OK)
        return false;
    const struct spawn_options options = { .program = program, .silo = silo_root() };
    bool good = process_spawn(&options, &process, &error) == STATUS_OK;
    program_release(program);
    if (good)
        process_release(process);
    world_settle();
    return good;
}

/* How many functions' code comes from the shelf. */
static u32 taken(const struct wasm_module *module)
{
    struct engine_error error;
    struct module *loaded;
    struct bytes wasm = wasm_make(module);
    struct cid cid = cid_of(wasm);
    if (image_load(&cid, wasm, &loaded, &error) != STATUS_OK)
        return UINT32_MAX;
    u32 count = module_code(loaded).kept_count;
    module_destroy(loaded);
    return count;
}

static void test_kept(void)
{
    start();
    TAP_OK(runs(&plain) && shelf.asked == 1 && shelf.kept == 0, "a program is asked for, and runs");
    TAP_OK(world_end() && shelf.kept == 1 && shelf.size != 0, "its code is kept at the end");
    start();
    TAP_OK(runs(&plain) && shelf.asked == 1 && shelf.given == 1, "the next run is given it");
    TAP_OK(world_end() && shelf.kept == 0, "compiles nothing, and has nothing to keep");
}

static void test_refused(void)
{
    u32 wrong = 0;
    start();
    TAP_OK(taken(&plain) == 1, "what was kept is taken");
    for (usize at = 0; at < shelf.size; at++) {
        shelf.bytes[at] ^= 1u << at % 8;
        wrong += taken(&plain) != 0;
        shelf.bytes[at] ^= 1u << at % 8;
    }
    TAP_OK(wrong == 0, "but not if any byte of it was changed");
    usize size = shelf.size;
    for (shelf.size = 0; shelf.size < size; shelf.size++)
        wrong += taken(&plain) != 0;
    TAP_OK(wrong == 0, "or if it ends early, wherever");
    shelf.hands_out = true;
    TAP_OK(taken(&other) == 0, "or for a program with another CID");
    shelf.hands_out = false;
    shelf.store.key[31] ^= 0x80;
    TAP_OK(taken(&plain) == 0, "or with another key");
    shelf.store.key[31] ^= 0x80;
    TAP_OK(taken(&plain) == 1, "and it is taken again as it was");
    TAP_OK(world_end(), "nothing is leaked");
}

static void test_rebuilt(void)
{
    shelf.bytes[shelf.size - 1] ^= 1;
    start();
    TAP_OK(runs(&plain), "with a broken one the program runs as without");
    TAP_OK(world_end() && shelf.kept == 1, "and a good one is kept in its place");
    start();
    TAP_OK(taken(&plain) == 1, "which is taken again");
    TAP_OK(world_end(), "nothing is leaked");
}

/* What the shelf has is an image behind a seal of 32 bytes. */
static void test_made_elsewhere(void)
{
    start();
    TAP_OK(taken(&plain) == 1, "a store that keeps has its images sealed");
    u8 *kept = shelf.bytes;
    shelf.store.keep = NULL;
    TAP_OK(taken(&plain) == 0, "one that keeps nothing is believed, so it has none");
    shelf.bytes += 32;
    shelf.size -= 32;
    TAP_OK(taken(&plain) == 1, "and its image alone is taken");
    shelf.size--;
    TAP_OK(taken(&plain) == 0 && runs(&other), "programs without one are compiled");
    TAP_OK(world_end(), "and nothing is kept or leaked at the end");
    shelf.bytes = kept;
}

int main(void)
{
    test_kept();
    test_refused();
    test_rebuilt();
    test_made_elsewhere();
    free(shelf.bytes);
    return tap_done();
}
