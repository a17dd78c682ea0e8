/* Images: the machine code of a module as bytes, and back into code memory.
 *
 *   header            struct image_header
 *   pieces            struct piece each, in the order of their addresses
 *   inlined calls     struct inlined_call each, in the order of their addresses
 *   addresses         u32 each: bytes of the code memory at which absolute addresses stand
 *   interpreted       u32 each: functions that could not be compiled
 *   code              code memory from `code_start` to `code_end`; absolute addresses in it count
 *                     from the beginning of the code memory
 *
 * All of it in the byte order and layout of the machine that runs it: it is for no other. Code has
 * the same place within the code memory in each run, since what is before it depends on the module
 * alone; so calls to other functions of the module need no change. */
#include "engine/compile/compile.h"
#include "engine/lock.h"
#include "engine/stretch.h"
#include "engine/types.h"
#include "engine/version.h"

enum { IMAGE_FORMAT = 1 };

struct image_header {
    u8 magic[8];
    u32 format;
    u32 compile_flags;
    u8 version[HASH_SIZE]; /* hash of the sources of the compiler that made it */
    u8 features[TARGET_FEATURE_BYTES];
    u64 module_bytes;
    u32 function_count;
    u32 code_start;
    u32 code_end;
    u32 piece_count;
    u32 inlined_count;
    u32 address_count;
    u32 interpreted_count;
    u32 spare; /* zero */
};

_Static_assert(sizeof(struct image_header) == 104, "no padding, whose bytes nobody writes");
_Static_assert(sizeof(struct piece) == 20, "no padding, whose bytes nobody writes");
_Static_assert(sizeof(struct inlined_call) == 8, "no padding, whose bytes nobody writes");

/* What an image of this module, made now by this compiler, begins with; without the counts. */
static struct image_header header_of(const struct module *module)
{
    const struct compiled *compiled = module->compiled;
    struct image_header header = {
        .magic = "weftcode",
        .format = IMAGE_FORMAT,
        .compile_flags = module->engine->place->compile_flags & ~(u32)COMPILE_AT_LOAD,
        .module_bytes = module->bytes.size,
        .function_count = module->function_count,
        .code_start = compiled->start,
    };
    struct hash version;
    BASE_ASSERT(hash_from_hex(BYTES_LITERAL(ENGINE_VERSION), &version));
    __builtin_memcpy(header.version, version.bytes, sizeof(header.version));
    bool has;
    for (u32 i = 0; compile_target.feature(i, &has) != NULL; i++)
        header.features[i] = has;
    return header;
}

/* ---- Out ---- */

static u32 interpreted_count(const struct module *module)
{
    u32 count = 0;
    for (u32 i = module->imported_function_count; i < module->function_count; i++)
        count += module->compiled->progress[i] == PROGRESS_INTERPRETED;
    return count;
}

/* Under the lock. */
static struct image_header header_now(const struct module *module)
{
    const struct compiled *compiled = module->compiled;
    struct image_header header = header_of(module);
    header.code_end = compiled->used;
    header.piece_count = compiled->piece_count;
    header.inlined_count = compiled->inlined_count;
    header.address_count = compiled->address_count;
    header.interpreted_count = interpreted_count(module);
    return header;
}

static u64 image_bytes(const struct image_header *header)
{
    return sizeof(*header) + (u64)header->piece_count * sizeof(struct piece) +
           (u64)header->inlined_count * sizeof(struct inlined_call) +
           ((u64)header->address_count + header->interpreted_count) * sizeof(u32) +
           (header->code_end - header->code_start);
}

usize compiled_image_size(const struct module *module)
{
    if (module->compiled == NULL)
        return 0;
    lock_take(compiler_lock(module->engine));
    struct image_header header = header_now(module);
    lock_give(compiler_lock(module->engine));
    return (usize)image_bytes(&header);
}

static void write(struct writer *writer, const void *data, usize size)
{
    writer_bytes(writer, (struct bytes){ data, size });
}

/* Takes what the code memory adds to each address from it, or adds it. */
static void addresses_move(const struct compiled *compiled, u8 *code, u64 by)
{
    for (u32 i = 0; i < compiled->address_count; i++) {
        u64 address;
        u8 *at = code + (compiled->addresses[i] - compiled->start);
        __builtin_memcpy(&address, at, sizeof(address));
        address += by;
        __builtin_memcpy(at, &address, sizeof(address));
    }
}

bool compiled_image_write(const struct module *module, void *image, usize size)
{
    const struct compiled *compiled = module->compiled;
    struct writer writer;
    writer_init(&writer, image, size);
    lock_take(compiler_lock(module->engine));
    struct image_header header = header_now(module);
    bool fits = image_bytes(&header) == size;
    if (fits) {
        write(&writer, &header, sizeof(header));
        write(&writer, compiled->pieces, header.piece_count * sizeof(*compiled->pieces));
        write(&writer, compiled->inlined, header.inlined_count * sizeof(*compiled->inlined));
        write(&writer, compiled->addresses, header.address_count * sizeof(*compiled->addresses));
        for (u32 i = module->imported_function_count; i < module->function_count; i++)
            if (compiled->progress[i] == PROGRESS_INTERPRETED)
                write(&writer, &i, sizeof(i));
        u8 *code = (u8 *)image + writer.size;
        write(&writer, compiled->memory.run + header.code_start,
              header.code_end - header.code_start);
        addresses_move(compiled, code, -(u64)(uintptr_t)compiled->memory.run);
    }
    lock_give(compiler_lock(module->engine));
    return fits;
}

/* ---- In ---- */

static bool header_read(const struct module *module, struct reader *reader,
                        struct image_header *header)
{
    struct bytes bytes = reader_bytes(reader, sizeof(*header));
    if (!reader_ok(reader))
        return false;
    __builtin_memcpy(header, bytes.data, sizeof(*header));
    struct image_header known = header_of(module);
    known.code_end = header->code_end;
    known.piece_count = header->piece_count;
    known.inlined_count = header->inlined_count;
    known.address_count = header->address_count;
    known.interpreted_count = header->interpreted_count;
    return __builtin_memcmp(&known, header, sizeof(known)) == 0 &&
           header->code_end >= header->code_start &&
           header->code_end <= module->compiled->memory.size &&
           header->code_end % TARGET_CODE_ALIGNMENT == 0 &&
           image_bytes(header) == reader_left(reader) + sizeof(*header);
}

/* An own function of which nothing has been said yet; now it is. */
static bool function_note(const struct module *module, u32 function, enum progress progress)
{
    u8 *known = module->compiled->progress;
    if (function < module->imported_function_count || function >= module->function_count ||
        known[function] != PROGRESS_NONE)
        return false;
    known[function] = (u8)progress;
    return true;
}

static bool pieces_read(const struct module *module, struct reader *reader,
                        const struct image_header *header)
{
    struct compiled *compiled = module->compiled;
    struct bytes bytes = reader_bytes(reader, header->piece_count * sizeof(struct piece));
    if (!stretch(&module->engine->place->source, (void **)&compiled->pieces,
                 &compiled->piece_capacity, header->piece_count, sizeof(struct piece)))
        return false;
    u32 end = header->code_start;
    for (u32 i = 0; i < header->piece_count; i++) {
        struct piece *piece = &compiled->pieces[i];
        __builtin_memcpy(piece, bytes.data + i * sizeof(*piece), sizeof(*piece));
        if (piece->start < end || piece->start > header->code_end ||
            piece->size > header->code_end - piece->start ||
            !function_note(module, piece->function, PROGRESS_COMPILED))
            return false;
        end = piece->start + piece->size;
    }
    return true;
}

static bool inlined_read(const struct module *module, struct reader *reader,
                         const struct image_header *header)
{
    struct compiled *compiled = module->compiled;
    usize size = header->inlined_count * sizeof(struct inlined_call);
    struct bytes bytes = reader_bytes(reader, size);
    if (!stretch(&module->engine->place->source, (void **)&compiled->inlined,
                 &compiled->inlined_capacity, header->inlined_count, sizeof(struct inlined_call)))
        return false;
    if (size != 0)
        __builtin_memcpy(compiled->inlined, bytes.data, size);
    for (u32 i = 0; i < header->inlined_count; i++) {
        const struct inlined_call *call = &compiled->inlined[i];
        u32 before = i == 0 ? header->code_start : compiled->inlined[i - 1].at;
        if (call->at <= before || call->at > header->code_end ||
            call->depth >= COMPILED_POSITIONS_MAX)
            return false;
    }
    return true;
}

static bool addresses_read(const struct module *module, struct reader *reader,
                           const struct image_header *header)
{
    struct compiled *compiled = module->compiled;
    struct bytes bytes = reader_bytes(reader, header->address_count * sizeof(u32));
    if (!stretch(&module->engine->place->source, (void **)&compiled->addresses,
                 &compiled->address_capacity, header->address_count, sizeof(u32)))
        return false;
    u32 end = header->code_start;
    for (u32 i = 0; i < header->address_count; i++) {
        u32 *at = &compiled->addresses[i];
        __builtin_memcpy(at, bytes.data + i * sizeof(*at), sizeof(*at));
        if (*at < end || *at > header->code_end || header->code_end - *at < sizeof(u64))
            return false;
        end = *at + (u32)sizeof(u64);
    }
    return true;
}

static bool interpreted_read(const struct module *module, struct reader *reader,
                             const struct image_header *header)
{
    struct bytes bytes = reader_bytes(reader, header->interpreted_count * sizeof(u32));
    u32 first = 0; /* in order */
    for (u32 i = 0; i < header->interpreted_count; i++) {
        u32 function;
        __builtin_memcpy(&function, bytes.data + i * sizeof(function), sizeof(function));
        if (function < first || !function_note(module, function, PROGRESS_INTERPRETED))
            return false;
        first = function + 1;
    }
    return true;
}

static void code_take(struct compiled *compiled, const struct image_header *header,
                      struct bytes code)
{
    u8 *to = compiled->memory.write + header->code_start;
    if (code.size != 0)
        __builtin_memcpy(to, code.data, code.size);
    compiled->inlined_count = header->inlined_count;
    compiled->address_count = header->address_count;
    addresses_move(compiled, to, (u64)(uintptr_t)compiled->memory.run);
    compiled->used = header->code_end;
    compiled->piece_count = header->piece_count;
    compiled->kept_count = header->piece_count;
    for (u32 i = 0; i < compiled->piece_count; i++)
        compiled_set(compiled, compiled->pieces[i].function, compiled->pieces[i].start);
}

bool compiled_image_take(struct module *module, struct bytes image)
{
    struct compiled *compiled = module->compiled;
    struct image_header header;
    struct reader reader;
    reader_init(&reader, image);
    if (compiled == NULL || !header_read(module, &reader, &header))
        return false;
    if (pieces_read(module, &reader, &header) && inlined_read(module, &reader, &header) &&
        addresses_read(module, &reader, &header) && interpreted_read(module, &reader, &header)) {
        code_take(compiled, &header, reader_bytes(&reader, reader_left(&reader)));
        return true;
    }
    __builtin_memset(compiled->progress, PROGRESS_NONE, module->function_count);
    return false;
}

/* ---- What there is ---- */

struct module_code compiled_count(const struct module *module)
{
    struct module_code code = { 0 };
    if (module->compiled == NULL)
        return code;
    lock_take(compiler_lock(module->engine));
    code.kept_count = module->compiled->kept_count;
    code.made_count = module->compiled->piece_count - module->compiled->kept_count;
    lock_give(compiler_lock(module->engine));
    return code;
}
