/* Images of machine code from hostile bytes, for a module that has some: what the reader takes must
 * be what the writer writes, and nothing may crash, leak, or write outside of the code memory. No
 * code runs. (Whoever keeps images authenticates them; this is what is behind that.)
 *
 * The input: what to change in the counts at the end of the header, 24 bytes; then, if the first of
 * these is even, the rest of the image; else places and bytes of the real one, two and one each. A
 * last byte from 0xF0 on says how soon there is no more memory. */
#include "engine/image.h"
#include "tests/support/place.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 96, COUNTS_BYTES = 24, IMAGE_BYTES_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Function 0 has a br_table, 1 calls it by the table, 3 cannot be compiled:
 *   block block local.get 0 br_table 0 1 end i32.const 5 return end i32.const 6
 *   local.get 0 i32.const 0 call_indirect (type 0)
 *   local.get 8
 *   local.get 0 (nine times) return_call 2 */
static const u8 wasm[] = {
    0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00, 0x01, 0x13, 0x02, 0x60, 0x01, 0x7F, 0x01, 0x7F,
    0x60, 0x09, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x01, 0x7F, 0x03, 0x05, 0x04,
    0x00, 0x00, 0x01, 0x00, 0x04, 0x04, 0x01, 0x70, 0x00, 0x01, 0x09, 0x07, 0x01, 0x00, 0x41, 0x00,
    0x0B, 0x01, 0x00, 0x0A, 0x3B, 0x04, 0x13, 0x00, 0x02, 0x40, 0x02, 0x40, 0x20, 0x00, 0x0E, 0x01,
    0x00, 0x01, 0x0B, 0x41, 0x05, 0x0F, 0x0B, 0x41, 0x06, 0x0B, 0x09, 0x00, 0x20, 0x00, 0x41, 0x00,
    0x11, 0x00, 0x00, 0x0B, 0x04, 0x00, 0x20, 0x08, 0x0B, 0x16, 0x00, 0x20, 0x00, 0x20, 0x00, 0x20,
    0x00, 0x20, 0x00, 0x20, 0x00, 0x20, 0x00, 0x20, 0x00, 0x20, 0x00, 0x20, 0x00, 0x12, 0x02, 0x0B,
};

static struct place place;
static struct engine *engine;
static u8 image[IMAGE_BYTES_MAX];
static usize image_size;

static struct module *load_with(struct bytes from)
{
    struct engine_error error;
    struct module *module;
    enum status status =
        module_load_image(engine, (struct bytes){ wasm, sizeof(wasm) }, from, &module, &error);
    if (status == STATUS_OK)
        return module;
    BASE_ASSERT(status == STATUS_NO_MEMORY && place.allowed_takes != UINT64_MAX);
    return NULL;
}

static void begin(void)
{
    place_init(&place);
    place.engine.compile_flags = COMPILE_AT_LOAD;
    BASE_ASSERT(engine_create(&place.engine, &engine) == STATUS_OK);
    struct module *module = load_with((struct bytes){ 0 });
    BASE_ASSERT(module != NULL && module_code(module).made_count == 3);
    image_size = module_image_size(module);
    BASE_ASSERT(image_size < IMAGE_BYTES_MAX && module_image_write(module, image, image_size));
    module_destroy(module);
}

static void try_image(struct bytes bytes)
{
    static u8 again[2 * IMAGE_BYTES_MAX];
    struct module *module = load_with(bytes);
    if (module == NULL)
        return;
    /* Only if it says of each function what became of it, nothing has been compiled since. */
    if (module_code(module).kept_count != 0 && module_code(module).made_count == 0 &&
        module_image_size(module) == bytes.size) {
        BASE_ASSERT(module_image_write(module, again, bytes.size));
        BASE_ASSERT(memcmp(again, bytes.data, bytes.size) == 0);
    }
    module_destroy(module);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (engine == NULL)
        begin();
    if (size < COUNTS_BYTES || size > IMAGE_BYTES_MAX)
        return 0;
    usize rest = size - COUNTS_BYTES;
    bool is_whole = (data[0] & 1) == 0;
    usize total = is_whole ? HEADER_BYTES + rest : image_size;
    u8 *copy = malloc(total);
    memcpy(copy, image, is_whole ? HEADER_BYTES : image_size);
    for (usize i = 1; i < COUNTS_BYTES; i++)
        copy[HEADER_BYTES - COUNTS_BYTES + i] ^= data[i];
    if (is_whole && rest != 0)
        memcpy(copy + HEADER_BYTES, data + COUNTS_BYTES, rest);
    for (usize i = COUNTS_BYTES; !is_whole && i + 3 <= size; i += 3)
        copy[(data[i] | (usize)data[i + 1] << 8) % image_size] ^= data[i + 2];
    bool is_short = data[size - 1] >= 0xF0;
    place.allowed_takes = is_short ? (data[size - 1] & 0x0F) * 2u : UINT64_MAX;
    try_image((struct bytes){ copy, total });
    place.allowed_takes = UINT64_MAX;
    free(copy);
    BASE_ASSERT(place.reserved_bytes == 0 && place.code_bytes == 0);
    return 0;
}
