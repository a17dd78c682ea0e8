#include "kernel/image.h"

#include "engine/image.h"
#include "kernel/block.h"
#include "kernel/engine_place.h"
#include "kernel/limits.h"
#include "kernel/options.h"
#include "machine/machine.h"

#include <blake3.h>

enum { SEAL_BYTES = 32 };

_Static_assert(SEAL_BYTES == BLAKE3_OUT_LEN && IMAGE_KEY_BYTES == BLAKE3_KEY_LEN, "by BLAKE3");

static void seal_make(const struct image_store *store, const struct cid *cid, struct bytes image,
                      u8 seal[SEAL_BYTES])
{
    blake3_hasher hasher;
    blake3_hasher_init_keyed(&hasher, store->key);
    blake3_hasher_update(&hasher, cid->bytes, cid->size);
    blake3_hasher_update(&hasher, image.data, image.size);
    blake3_hasher_finalize(&hasher, seal, SEAL_BYTES);
}

/* Takes as long for each that is wrong. */
static bool seal_equal(const u8 a[SEAL_BYTES], const u8 b[SEAL_BYTES])
{
    u32 differs = 0;
    for (u32 i = 0; i < SEAL_BYTES; i++)
        differs |= a[i] ^ b[i];
    return differs == 0;
}

/* The image in what was kept, if it is what we have kept of this program; else nothing. */
static struct bytes image_of(const struct image_store *store, const struct cid *cid,
                             struct bytes kept)
{
    u8 seal[SEAL_BYTES];
    if (store->keep == NULL)
        return kept;
    if (kept.size < SEAL_BYTES)
        return (struct bytes){ 0 };
    struct bytes image = { kept.data + SEAL_BYTES, kept.size - SEAL_BYTES };
    seal_make(store, cid, image, seal);
    return seal_equal(seal, kept.data) ? image : (struct bytes){ 0 };
}

/* For whoever wants to see what is kept and what that saves. */
static void tell(const struct cid *cid, u32 function_count, const char *what, u64 begun_ns)
{
    u8 buffer[256];
    struct writer line;
    writer_init(&line, buffer, sizeof(buffer));
    writer_text(&line, "program ");
    cid_write(cid, &line);
    writer_text(&line, ": ");
    writer_decimal(&line, function_count);
    writer_text(&line, what);
    writer_decimal(&line, (machine_monotonic_ns() - begun_ns) / 1000);
    writer_text(&line, " us");
    log_line(LOG_DEBUG, (struct process_id){ 0 }, (struct bytes){ line.data, line.size });
}

enum status image_load(const struct cid *cid, struct bytes wasm, struct module **module,
                       struct engine_error *error)
{
    const struct image_store *store = options_of_kernel()->images;
    u64 begun_ns = machine_monotonic_ns();
    if (store == NULL)
        return module_load(engine_place_engine(), wasm, module, error);
    struct bytes kept = store->take(store->context, cid);
    struct bytes image = image_of(store, cid, kept);
    enum status status = module_load_image(engine_place_engine(), wasm, image, module, error);
    if (status == STATUS_OK)
        tell(cid, module_code(*module).kept_count, " functions had been compiled; loaded in ",
             begun_ns);
    if (kept.data != NULL)
        store->give(store->context, kept);
    return status;
}

void image_keep(const struct cid *cid, const struct module *module)
{
    const struct image_store *store = options_of_kernel()->images;
    u32 made_count = module_code(module).made_count;
    u64 begun_ns = machine_monotonic_ns();
    if (store == NULL || store->keep == NULL || made_count == 0)
        return;
    usize size = module_image_size(module);
    u8 *kept = size <= IMAGE_MAX_BYTES ? block_take(SEAL_BYTES + size) : NULL;
    if (kept == NULL)
        return;
    struct bytes image = { kept + SEAL_BYTES, size };
    if (module_image_write(module, kept + SEAL_BYTES, size)) {
        seal_make(store, cid, image, kept);
        store->keep(store->context, cid, (struct bytes){ kept, SEAL_BYTES + size });
    }
    block_give(kept, SEAL_BYTES + size);
    tell(cid, made_count, " functions were compiled; kept in ", begun_ns);
}
