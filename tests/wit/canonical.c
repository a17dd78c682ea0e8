/* The canonical text and its hash, against texts written by hand. */
#include "tests/tap.h"
#include "tests/wit/support/parsed.h"

#include <stdlib.h>
#include <string.h>

static const char text[] = "package test:files@1.2.3;\n"
                           "/// Says what it is.\n"
                           "interface files {\n"
                           "    use-less: func();\n"
                           "    enum error { access, exists, }\n"
                           "    flags open-flags { create, HTTP-only }\n"
                           "    type path = string;\n"
                           "    type size = u32;\n"
                           "    type names = list<path>;\n"
                           "    record stat { %size: u64, kind: option<tuple<u8, size,>> }\n"
                           "    variant change { removed, renamed(path), many(names) }\n"
                           "    resource file {\n"
                           "        constructor(path: path);\n"
                           "        read: func(size: size,) -> result<list<u8>, error>;\n"
                           "        sync: func() -> result<_, error>;\n"
                           "        check: func() -> result;\n"
                           "        length: func() -> result<u64>;\n"
                           "        join: static func(parts: list<file>) -> own<file>;\n"
                           "    }\n"
                           "    resource other;\n"
                           "    link: func(to: borrow<file>, %list: names) -> other;\n"
                           "}\n";

static const char expected[] = "weft-interface 1\n"
                               "interface files\n"
                               "func use-less()\n"
                               "enum error { access, exists }\n"
                               "flags open-flags { create, HTTP-only }\n"
                               "record stat { size: u64, kind: option<tuple<u8, u32>> }\n"
                               "variant change { removed, renamed(string), many(list<string>) }\n"
                               "resource file\n"
                               "constructor file(path: string) -> own<file>\n"
                               "method file.read(size: u32) -> result<list<u8>, error>\n"
                               "method file.sync() -> result<_, error>\n"
                               "method file.check() -> result\n"
                               "method file.length() -> result<u64>\n"
                               "static file.join(parts: list<own<file>>) -> own<file>\n"
                               "resource other\n"
                               "func link(to: borrow<file>, list: list<string>) -> own<other>\n";

static void test_text(void)
{
    struct parsed parsed;
    parsed_init(&parsed, BYTES_LITERAL(text), 0);
    if (!TAP_OK(parsed.status == STATUS_OK, "a file with each kind of item parses")) {
        printf("# %u:%u: %s\n", parsed.error.place.line, parsed.error.place.column,
               parsed.error.text);
        parsed_deinit(&parsed);
        return;
    }
    bool same = bytes_equal(parsed.interface->canonical, BYTES_LITERAL(expected));
    if (!TAP_OK(same, "its canonical text is the one written by hand"))
        printf("%.*s", (int)parsed.interface->canonical.size, parsed.interface->canonical.data);
    struct hash hash = hash_sha256(BYTES_LITERAL(expected));
    TAP_OK(hash_equal(&hash, &parsed.interface->hash), "its hash is SHA-256 of that text");
    parsed_deinit(&parsed);
}

/* Computed with sha256sum from the text in the comment. */
static void test_known_hash(void)
{
    /* printf 'weft-interface 1\ninterface a\nfunc b(c: u8) -> string\n' | sha256sum */
    static const char known[] = "f45819365a91a3a660fd0b57ec28f5ecbeba66b6f84c66015a852d826b55275b";
    struct parsed parsed;
    struct hash hash;
    parsed_init(&parsed, BYTES_LITERAL("package p:a; interface a { b: func(c: u8) -> string; }"),
                0);
    TAP_OK(parsed.status == STATUS_OK && hash_from_hex(BYTES_LITERAL(known), &hash) &&
               hash_equal(&hash, &parsed.interface->hash),
           "the hash of a small interface is what another tool says");
    u8 printed[80];
    struct writer writer;
    writer_init(&writer, printed, sizeof(printed));
    wit_print_hash(parsed.interface, &writer);
    TAP_OK(writer.size == 65 && memcmp(printed, known, 64) == 0 && printed[64] == '\n',
           "the hash prints as 64 hexadecimal digits and a new line");
    parsed_deinit(&parsed);
}

/* Whether `part` stands in `whole` as it is, each line behind `margin`. */
static bool is_shown(struct bytes whole, struct bytes part, const char *margin)
{
    char shown[2048];
    usize size = 0;
    for (usize i = 0; i < part.size; i++) {
        if (i == 0 || part.data[i - 1] == '\n')
            size += (usize)snprintf(shown + size, sizeof(shown) - size, "%s",
                                    part.data[i] == '\n' ? "" : margin);
        shown[size++] = (char)part.data[i];
        BASE_ASSERT(size < sizeof(shown) - 8);
    }
    return memmem(whole.data, whole.size, shown, size) != NULL;
}

static void test_page(void)
{
    struct bytes page = parsed_read("docs/interfaces.md");
    struct bytes tally = parsed_read("tests/wit/tally.wit");
    struct parsed parsed;
    parsed_init(&parsed, tally, 0);
    TAP_OK(is_shown(page, tally, ""), "docs/interfaces.md shows tally.wit");
    TAP_OK(parsed.status == STATUS_OK && is_shown(page, parsed.interface->canonical, "    "),
           "and its canonical text");
    parsed_deinit(&parsed);
    free((void *)tally.data);
    free((void *)page.data);
}

int main(void)
{
    test_text();
    test_known_hash();
    test_page();
    return tap_done();
}
