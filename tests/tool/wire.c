/* Bodies as text, by the definitions of the system's own interfaces. */
#include "programs/tool/shared/wire.h"

#include "interface/files.h"
#include "interface/system.h"
#include "programs/tool/shared/definitions.h"
#include "tests/tap.h"

#include <string.h>

static struct wire_interface parsed(const char *name)
{
    struct wire_interface interface;
    const struct definition *definition = definition_named(name);
    if (definition == NULL || !wire_parse(definition->text, &interface))
        memset(&interface, 0, sizeof(interface));
    return interface;
}

static void test_all_definitions(void)
{
    bool all = true;
    for (uint32_t i = 0; i < definition_count; i++) {
        struct wire_interface interface;
        all = all && wire_parse(definitions[i].text, &interface);
        if (all)
            wire_forget(&interface);
    }
    TAP_OK(all && definition_count > 20, "the definitions of all interfaces can be read");
    TAP_OK(definition_of(SYSTEM_INTERFACE_ID) == definition_named("system") &&
               strcmp(interface_name(FILES_INTERFACE_ID), "files") == 0,
           "and are found by name and by the beginning of their hash");
    TAP_OK(strcmp(interface_name(0x0102030405060708), "0807060504030201") == 0,
           "another interface is called by its hash");
}

static void test_requests(void)
{
    static _Alignas(8) uint8_t buffer[4096];
    struct body_writer writer;
    struct wire_text text;
    struct wire_interface system = parsed("system");
    body_writer_init(&writer, buffer, sizeof(buffer));
    static const struct system_limits limits = { .quota = 20, .memory_pages = 5 };
    bool encoded = system_create_silo_encode(&writer, 3, WEFT_BYTES("a\"\n\x1b"), limits);
    const struct wire_function *function = wire_request(&system, buffer, writer.size, &text);
    TAP_OK(encoded && function != NULL &&
               strcmp(text.bytes,
                      "create-silo(parent=3, name=\"a\\\"\\n\\x1b\", limits={memory-pages=5, "
                      "processes=0, threads=0, messages=0, slots=0, body-bytes=0, "
                      "weight=0, quota=20})") == 0,
           "a request with its parameters");
    struct system_u64_error_result result = { .value = 17 };
    encoded = system_create_silo_result_encode(&writer, &result);
    wire_answer(function, buffer, writer.size, &text);
    TAP_OK(encoded && strcmp(text.bytes, "ok(17)") == 0, "its answer");
    result = (struct system_u64_error_result){ .failed = true, .error = SYSTEM_ERROR_LIMIT };
    encoded = system_create_silo_result_encode(&writer, &result);
    wire_answer(function, buffer, writer.size, &text);
    TAP_OK(encoded && strcmp(text.bytes, "error(limit)") == 0, "an error by name");
    encoded = system_start_encode(&writer);
    wire_request(&system, buffer, writer.size, &text);
    TAP_OK(encoded && strcmp(text.bytes, "start()") == 0, "a function without parameters");
    wire_forget(&system);
}

static void test_what_is_wrong(void)
{
    struct wire_text text;
    struct wire_interface system = parsed("system");
    static const uint8_t unknown[] = { 0xFF, 0, 0, 0, 1, 2 };
    TAP_OK(wire_request(&system, unknown, sizeof(unknown), &text) == NULL &&
               strcmp(text.bytes, "?ff0000000102") == 0,
           "what is no function is shown as it is");
    TAP_OK(wire_request(&system, unknown, 3, &text) == NULL && strcmp(text.bytes, "?ff0000") == 0,
           "so is what is too short to name one");
    TAP_OK(wire_request(NULL, unknown, sizeof(unknown), &text) == NULL && text.size == 13,
           "and what nobody knows");
    const struct wire_function *spawn = system.functions;
    while (spawn != NULL && memcmp(spawn->name.text, "processes", 9) != 0)
        spawn = spawn->next;
    static const uint8_t list[] = { 8, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF };
    wire_answer(spawn, list, sizeof(list), &text);
    TAP_OK(strcmp(text.bytes, "?(4294967295 at 8)") == 0, "a list that is not there");
    wire_forget(&system);
}

static void test_bounds(void)
{
    static uint8_t body[1 << 16];
    struct wire_text text;
    struct wire_interface log = parsed("log");
    static const uint32_t head[] = { 0, 2, 16, sizeof(body) - 16 };
    memcpy(body, head, sizeof(head));
    memset(body + 16, 1, sizeof(body) - 16);
    wire_request(&log, body, sizeof(body), &text);
    TAP_OK(strstr(text.bytes, "write(level=info, text=\"\\x01") == text.bytes &&
               strstr(text.bytes, "... (65520 bytes))") != NULL,
           "long texts are cut");
    wire_forget(&log);
    struct wire_interface system = parsed("system");
    memset(body, 0, sizeof(body));
    static const uint32_t many[] = { 0, 500 };
    memcpy(body, many, sizeof(many));
    const struct wire_function *function = system.functions;
    while (function != NULL && memcmp(function->name.text, "processes", 9) != 0)
        function = function->next;
    wire_answer(function, body, sizeof(body), &text);
    TAP_OK(text.size == WIRE_TEXT_MAX && text.bytes[WIRE_TEXT_MAX] == '\0' &&
               strcmp(text.bytes + WIRE_TEXT_MAX - 3, "...") == 0,
           "so is what is long in all");
    wire_forget(&system);
}

static void test_bad_definitions(void)
{
    static const char *const texts[] = {
        "",
        "weft-interface 2\n",
        "weft-interface 1\ninterface a\nfunc f(x: nothing)\n",
        "weft-interface 1\nfunc f(x: list<u8)\n",
        "weft-interface 1\nrecord a { b: a }\nfunc f(x: a)\n",
        "weft-interface 1\nfunc (\n",
        "weft-interface 1\nrecord a { b }\nfunc f(x: a)\n",
    };
    bool none = true;
    struct wire_interface interface;
    for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        none = none && !wire_parse(texts[i], &interface);
    TAP_OK(none, "what is no definition is none, also if it holds itself");
}

int main(void)
{
    test_all_definitions();
    test_requests();
    test_what_is_wrong();
    test_bounds();
    test_bad_definitions();
    return tap_done();
}
