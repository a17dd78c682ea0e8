/* Bodies from a hostile sender, through the generated code of an interface with every shape. What
 * is accepted is answered with and gives, decoded and encoded again, the same bytes; scratch of
 * BODY_SCRATCH_FACTOR bytes for each byte of the body is always enough.
 *
 * The first byte of the input says how many gifts came with the message, the rest is the body. */
#include "base/base.h"
#include "interface/shapes.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BODY_SIZE_MAX = 1 << 16 };

static u8 first[BODY_SIZE_MAX];
static u8 second[BODY_SIZE_MAX];

/* A reader over an answer that was just written. */
static struct body_reader reader_of(const struct body_writer *writer, struct weft_event *event)
{
    struct body_reader reader;
    *event = (struct weft_event){ .size = writer->size, .gift_count = writer->gift_count };
    memcpy(event->gifts, writer->gifts, sizeof(event->gifts));
    body_reader_init(&reader, event, writer->data);
    return reader;
}

static void check_same(const struct body_writer *a, const struct body_writer *b)
{
    BASE_ASSERT(body_writer_ok(a) && body_writer_ok(b) && a->size == b->size);
    BASE_ASSERT(memcmp(a->data, b->data, a->size) == 0 && a->gift_count == b->gift_count);
}

/* The handler of a function that answers with its parameter `value`: the answer must be decoded,
 * and encoded again to the same. An answer holds no more than the request did, as lists that are
 * shared are written as often as they are named but are counted that often by the reader. */
#define ECHO(function, type)                                                                       \
    static enum weft_status function(void *context, const struct weft_event *event,                \
                                     const struct shapes_##function##_arguments *arguments)        \
    {                                                                                              \
        struct body_writer before, after;                                                          \
        struct weft_event answered;                                                                \
        type value;                                                                                \
        (void)context;                                                                             \
        body_writer_init(&before, first, sizeof(first));                                           \
        body_writer_init(&after, second, sizeof(second));                                          \
        bool written = shapes_##function##_result_encode(&before, &arguments->value);              \
        BASE_ASSERT(written || before.status == WEFT_TOO_LARGE);                                   \
        if (!written)                                                                              \
            return WEFT_OK;                                                                        \
        BASE_ASSERT(before.size <= 2 * event->size + 64);                                          \
        struct body_reader reader = reader_of(&before, &answered);                                 \
        usize answer_scratch = BODY_SCRATCH_FACTOR * (usize)before.size;                           \
        u8 *memory = malloc(answer_scratch);                                                       \
        body_reader_scratch(&reader, memory, answer_scratch);                                      \
        BASE_ASSERT(shapes_##function##_result_decode(&reader, &value));                           \
        shapes_##function##_result_encode(&after, &value);                                         \
        check_same(&before, &after);                                                               \
        free(memory);                                                                              \
        return WEFT_OK;                                                                            \
    }

ECHO(echo_primitives, struct shapes_primitives)
ECHO(echo_sets, struct shapes_sets)
ECHO(echo_shape, struct shapes_shape)
ECHO(echo_shapes, struct shapes_shape_list)
ECHO(echo_matrix, struct shapes_u16_list_list)
ECHO(echo_outcome, struct shapes_primitives_shape_result)
ECHO(echo_options, struct shapes_u8_option_option)
ECHO(echo_bytes, struct weft_bytes)
ECHO(echo_tuple, struct shapes_u8_u64_string_tuple)
ECHO(echo_strings, struct shapes_string_list)

/* Every slot that arrives is one of the gifts, and no two are the same. */
static enum weft_status thing_join(void *context, const struct weft_event *event,
                                   const struct shapes_thing_join_arguments *arguments)
{
    u32 seen = 0;
    (void)context;
    BASE_ASSERT(arguments->parts.count == event->gift_count);
    for (u32 i = 0; i < arguments->parts.count; i++)
        seen |= 1u << arguments->parts.data[i];
    BASE_ASSERT(seen == (1u << event->gift_count) - 1);
    return WEFT_OK;
}

static enum weft_status thing_give(void *context, const struct weft_event *event,
                                   const struct shapes_thing_give_arguments *arguments)
{
    (void)context;
    BASE_ASSERT(event->gift_count == 1u + arguments->with.present);
    BASE_ASSERT(!arguments->with.present || arguments->with.value != arguments->to);
    return WEFT_OK;
}

static enum weft_status echo_flags(void *context, const struct weft_event *event,
                                   const struct shapes_echo_flags_arguments *arguments)
{
    (void)context;
    (void)event;
    for (u32 i = 0; i < arguments->value.count; i++)
        BASE_ASSERT(arguments->value.data[i] < 8);
    for (u32 i = 0; i < arguments->letters.count; i++)
        BASE_ASSERT(arguments->letters.data[i] <= 0x10FFFF);
    return WEFT_OK;
}

static const struct shapes_server server = {
    .thing_join = thing_join,
    .thing_give = thing_give,
    .echo_primitives = echo_primitives,
    .echo_sets = echo_sets,
    .echo_shape = echo_shape,
    .echo_shapes = echo_shapes,
    .echo_matrix = echo_matrix,
    .echo_outcome = echo_outcome,
    .echo_options = echo_options,
    .echo_bytes = echo_bytes,
    .echo_tuple = echo_tuple,
    .echo_strings = echo_strings,
    .echo_flags = echo_flags,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > BODY_SIZE_MAX)
        return 0;
    struct weft_event event = {
        .kind = WEFT_EVENT_MESSAGE,
        .badge = 1,
        .size = (u32)size - 1,
        .gift_count = data[0] % (WEFT_GIFTS_MAX + 1),
        .gifts = { 0, 1, 2, 3, 4, 5, 6, 7 },
    };
    struct body_reader reader;
    usize scratch_size = BODY_SCRATCH_FACTOR * (size - 1);
    u8 *scratch = malloc(scratch_size);
    body_reader_init(&reader, &event, data + 1);
    body_reader_scratch(&reader, scratch, scratch_size);
    enum weft_status status = shapes_dispatch(&server, NULL, &event, &reader);
    BASE_ASSERT(status == WEFT_OK || status == WEFT_INVALID || status == WEFT_UNSUPPORTED);
    free(scratch);
    return 0;
}
