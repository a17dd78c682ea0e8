/* Interfaces from hostile text: parsed within bounds of time and memory, and what is accepted can
 * be printed in every view and parses the same with a comment more. */
#include "tools/wit/wit.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of the arena for each byte of text, and for a text of none. */
enum { MEMORY_FACTOR = 300, MEMORY_BASE = 1 << 16 };

static void *take(void *context, usize size)
{
    (void)context;
    return calloc(1, size);
}

static void give(void *context, void *chunk, usize size)
{
    (void)context;
    (void)size;
    free(chunk);
}

static const struct source heap = { take, give, NULL, NULL };

static void check_view(void (*print)(const struct wit_interface *interface, struct writer *writer),
                       const struct wit_interface *interface)
{
    struct writer writer;
    writer_init(&writer, NULL, 0);
    print(interface, &writer);
    usize size = writer.size;
    u8 *text = malloc(size);
    writer_init(&writer, text, size);
    print(interface, &writer);
    BASE_ASSERT(writer.size == size);
    free(text);
}

static void check_views(const struct wit_interface *interface)
{
    check_view(wit_print_header, interface);
    check_view(wit_print_source, interface);
    check_view(wit_print_program_header, interface);
    check_view(wit_print_program_source, interface);
    check_view(wit_print_page, interface);
    check_view(wit_print_hash, interface);
    check_view(wit_print_canonical, interface);
}

/* A comment more, and the hash is the same. */
static void check_hash(struct bytes text, const struct wit_interface *interface)
{
    static const char comment[] = "\n/* more */";
    struct arena arena;
    struct wit_interface *again;
    struct wit_error error;
    struct bytes longer = { malloc(text.size + sizeof(comment)), text.size + sizeof(comment) - 1 };
    memcpy((void *)longer.data, text.data, text.size);
    memcpy((void *)(longer.data + text.size), comment, sizeof(comment));
    arena_init(&arena, &heap, 0);
    if (longer.size <= WIT_FILE_SIZE_MAX) {
        BASE_ASSERT(wit_parse(&arena, longer, &again, &error) == STATUS_OK);
        BASE_ASSERT(hash_equal(&interface->hash, &again->hash));
    }
    arena_deinit(&arena);
    free((void *)longer.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct wit_interface *interface;
    struct wit_error error;
    struct bytes text = { data, size };
    arena_init(&arena, &heap, MEMORY_BASE + MEMORY_FACTOR * size);
    enum status status = wit_parse(&arena, text, &interface, &error);
    BASE_ASSERT(status == STATUS_OK || status == STATUS_INVALID);
    if (status == STATUS_OK) {
        check_views(interface);
        check_hash(text, interface);
    } else {
        BASE_ASSERT(error.place.line >= 1 && error.place.column >= 1 && error.text[0] != 0);
        BASE_ASSERT(bytes_are_utf8(bytes_from_text(error.text)));
    }
    arena_deinit(&arena);
    return 0;
}
