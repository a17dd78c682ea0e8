/* The dispatcher of a server: which function it finds, and what it refuses. */
#include "interface/shapes.h"
#include "tests/tap.h"

#include <string.h>

static uint8_t buffer[256];
static _Alignas(8) uint8_t scratch[1024];

static struct seen {
    uint32_t calls;
    uint64_t badge;
    void *context;
    uint32_t count;
    struct weft_bytes text;
} seen;

static enum weft_status handle_nothing(void *context, const struct weft_event *event)
{
    seen = (struct seen){ .calls = seen.calls + 1, .badge = event->badge, .context = context };
    return WEFT_OK;
}

static enum weft_status handle_strings(void *context, const struct weft_event *event,
                                       const struct shapes_echo_strings_arguments *arguments)
{
    handle_nothing(context, event);
    seen.count = arguments->value.count;
    seen.text = arguments->value.data[0];
    return WEFT_LIMIT;
}

static enum weft_status handle_rename(void *context, const struct weft_event *event,
                                      const struct shapes_thing_rename_arguments *arguments)
{
    handle_nothing(context, event);
    seen.text = arguments->name;
    return WEFT_OK;
}

static const struct shapes_server server = {
    .nothing = handle_nothing,
    .echo_strings = handle_strings,
    .thing_rename = handle_rename,
};

static bool decoded; /* as the reader says after the last dispatch */

static bool text_is(const char *text)
{
    return seen.text.size == strlen(text) && memcmp(seen.text.data, text, seen.text.size) == 0;
}

static enum weft_status dispatch(uint32_t size, uint64_t badge)
{
    struct weft_event event = { .kind = WEFT_EVENT_MESSAGE, .size = size, .badge = badge };
    struct body_reader reader;
    body_reader_init(&reader, &event, buffer);
    body_reader_scratch(&reader, scratch, sizeof(scratch));
    enum weft_status status = shapes_dispatch(&server, &seen, &event, &reader);
    decoded = reader.decoded;
    return status;
}

static struct body_writer writer_of(void)
{
    struct body_writer writer;
    body_writer_init(&writer, buffer, sizeof(buffer));
    return writer;
}

static void test_found(void)
{
    const struct weft_bytes texts[] = { WEFT_BYTES("first"), WEFT_BYTES("second") };
    struct body_writer writer = writer_of();
    shapes_nothing_encode(&writer);
    TAP_OK(dispatch(writer.size, 0) == WEFT_OK && seen.calls == 1 && seen.context == &seen,
           "a function without parameters is called with the context");
    shapes_echo_strings_encode(&writer, (struct shapes_string_list){ texts, 2 });
    TAP_OK(dispatch(writer.size, 0) == WEFT_LIMIT && decoded && seen.calls == 2 &&
               seen.count == 2 && text_is("first"),
           "a function gets its arguments, and what it says is passed on");
    shapes_nothing_encode(&writer);
    TAP_OK(dispatch(writer.size, 9) == WEFT_OK && seen.badge == 9,
           "a function of the interface may come through a slot with a badge");
    shapes_thing_rename_encode(&writer, WEFT_BYTES("new"));
    TAP_OK(dispatch(writer.size, 7) == WEFT_OK && seen.badge == 7 && text_is("new"),
           "a method is called with the badge of its object");
}

static void test_refused(void)
{
    uint32_t calls = seen.calls;
    struct body_writer writer = writer_of();
    shapes_thing_rename_encode(&writer, WEFT_BYTES("new"));
    TAP_OK(dispatch(writer.size, 0) == WEFT_INVALID && !decoded, "a method without a badge");
    TAP_OK(dispatch(writer.size - 1, 7) == WEFT_INVALID && !decoded, "a body that is cut");
    TAP_OK(dispatch(3, 0) == WEFT_INVALID && dispatch(0, 0) == WEFT_INVALID && !decoded,
           "a body without a function");
    body_put_request(&writer, SHAPES_FUNCTION_ECHO_FLAGS + 1, 0, 1);
    TAP_OK(dispatch(writer.size, 0) == WEFT_INVALID && !decoded, "a function behind the last");
    body_put_request(&writer, UINT32_MAX, 0, 1);
    TAP_OK(dispatch(writer.size, 0) == WEFT_INVALID && !decoded, "a function far behind the last");
    shapes_echo_bytes_encode(&writer, WEFT_BYTES(""), WEFT_BYTES(""));
    TAP_OK(dispatch(writer.size, 0) == WEFT_UNSUPPORTED && !decoded,
           "a function that the server lacks");
    TAP_OK(seen.calls == calls, "none of these reached the server");
}

int main(void)
{
    test_found();
    test_refused();
    return tap_done();
}
