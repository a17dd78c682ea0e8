/* What the parser refuses, with the place and the words, and its bounds: each at its limit and one
 * past it. */
#include "tests/tap.h"
#include "tests/wit/support/parsed.h"

#include <stdlib.h>
#include <string.h>

/* `inside` stands in an interface with a function before it, on line 1 from column 39 on. */
#define INSIDE(text) "package p:a; interface a { f: func();  " text " }"

static const struct mistake {
    const char *text;
    const char *error; /* with line and column */
} mistakes[] = {
    { "", "1:1: expected `package`, found the end of the file" },
    { "interface a {}", "1:1: expected `package`, found `interface`" },
    { "package;", "1:8: expected the package's name, found `;`" },
    { "package a;", "1:10: expected `:`, found `;`" },
    { "package a:b", "1:12: expected `;`, found the end of the file" },
    { "package a:b;", "1:13: expected `interface`, found the end of the file" },
    { "package a:b; world w {}", "1:14: expected `interface`, found `world`" },
    { "package a:b;\n\n  interface {", "3:13: expected the interface's name, found `{`" },
    { "package p:a; interface a {}", "1:24: `a` has no function: expected at least one" },
    { "package p:a; interface a { f: func();",
      "1:38: expected a type, a function or `}`, found the end of the file" },
    { "package p:a; interface a { f: func(); } interface b { }",
      "1:41: expected the end of the file, as it holds one interface, found `interface`" },
    { "package p:body; interface body { f: func(); }",
      "1:27: an interface cannot be called `body`: its C names would be Weft's own" },

    { "package p:\xFF;", "1:11: this is not UTF-8 text" },
    { "package p:a; // \xC3\xA9\xC3\xA9 \xED\xA0\x80", "1:20: this is not UTF-8 text" },
    { "package p:a; // \a", "1:17: control character 7 in a text" },
    { "package p:a; /* /* */", "1:14: this comment is never closed: expected `*/`" },
    { INSIDE("Foo-bar: func();"), "1:40: `Foo-bar` is not a name: expected words of small "
                                  "letters and digits with `-` between them, like `open-flags`" },
    { INSIDE("a--b: func();"), "1:40: `a--b` is not a name: expected words of small letters and "
                               "digits with `-` between them, like `open-flags`" },
    { INSIDE("a-: func();"), "1:40: `a-` is not a name: expected words of small letters and "
                             "digits with `-` between them, like `open-flags`" },
    { INSIDE("a-1: func();"), "1:40: `a-1` is not a name: expected words of small letters and "
                              "digits with `-` between them, like `open-flags`" },
    { INSIDE("a_b: func();"), "1:40: `a_b` is not a name: expected words of small letters and "
                              "digits with `-` between them, like `open-flags`" },
    { INSIDE("%: func();"), "1:40: `` is not a name: expected words of small letters and digits "
                            "with `-` between them, like `open-flags`" },
    { INSIDE("\xC3\xA9: func();"), "1:40: expected a type, a function or `}`, found `\xC3\xA9`" },
    { INSIDE("7: func();"), "1:40: expected a type, a function or `}`, found `7`" },

    { INSIDE("g"), "1:42: expected `:` and a function behind its name, found `}`" },
    { INSIDE("g: fun();"), "1:43: expected `func`, found `fun`" },
    { INSIDE("g: func;"), "1:47: expected `(`, found `;`" },
    { INSIDE("g: func(u8);"), "1:50: expected `:`, found `)`" },
    { INSIDE("g: func(a: u8 b: u8);"), "1:54: expected `,` or `)`, found `b`" },
    { INSIDE("g: func(,);"), "1:48: expected a parameter or `)`, found `,`" },
    { INSIDE("g: func(a: );"), "1:51: expected a type, found `)`" },
    { INSIDE("g: func(a: u8, A: u8);"), "1:55: `A` is there already, at 1:48" },
    { INSIDE("g: func()"), "1:50: expected `->` or `;`, found `}`" },
    { INSIDE("g: func() -> u8"), "1:56: expected `;`, found `}`" },
    { INSIDE("g: func() -> (a: u8);"), "1:53: expected one type as the result, found `(`" },
    { INSIDE("f: func();"), "1:40: there is a function `f` already, at 1:28" },
    { INSIDE("g: static func();"), "1:43: expected `func`, found `static`" },
    { INSIDE("g: async func();"), "1:43: expected `func`, found `async`" },
    { INSIDE("use x.{y};"), "1:40: `use` has nothing to take from, as a file holds one interface: "
                            "define the type here" },
    { INSIDE("@since(version = 1.0.0) g: func();"),
      "1:40: expected a type, a function or `}`: gates like `@since` are not part of Weft's WIT" },

    { INSIDE("record r {}"), "1:47: `r` is empty: expected at least one part" },
    { INSIDE("flags r {}"), "1:46: `r` is empty: expected at least one part" },
    { INSIDE("record { a: u8 }"), "1:47: expected a name for the type, found `{`" },
    { INSIDE("record r [ a: u8 ]"), "1:49: expected `{`, found `[`" },
    { INSIDE("record r { a }"), "1:53: expected `:`, found `}`" },
    { INSIDE("record r { a: u8; }"), "1:56: expected `,` or `}`, found `;`" },
    { INSIDE("record r { a: u8, , }"), "1:58: expected a field or `}`, found `,`" },
    { INSIDE("enum r { a(u8) }"), "1:50: expected `,` or `}`, found `(`" },
    { INSIDE("enum r { , }"), "1:49: expected a case or `}`, found `,`" },
    { INSIDE("flags r { - }"), "1:50: expected a flag or `}`, found `-`" },
    { INSIDE("variant r { a() }"), "1:54: expected a type, found `)`" },
    { INSIDE("variant r { a(u8 }"), "1:57: expected `)`, found `}`" },
    { INSIDE("enum r { a, b, a }"), "1:55: `a` is there already, at 1:49" },
    { INSIDE("record u8 { a: u8 }"), "1:47: `u8` is a type of WIT's own: choose another name" },
    { INSIDE("record %list { a: u8 }"), "1:47: `list` is a type of WIT's own: choose another "
                                        "name" },
    { INSIDE("enum r { a } type r = u8;"), "1:58: there is a type `r` already, at 1:45" },
    { INSIDE("type t u8;"), "1:47: expected `=`, found `u8`" },
    { INSIDE("type t = u8"), "1:52: expected `;`, found `}`" },

    { INSIDE("g: func(a: missing);"), "1:51: there is no type `missing`" },
    { INSIDE("g: func(a: %u8);"), "1:51: there is no type `u8`" },
    { INSIDE("type t = missing;"), "1:49: there is no type `missing`" },
    { INSIDE("g: func(a: list);"), "1:55: expected `<`, found `)`" },
    { INSIDE("g: func(a: list<>);"), "1:56: expected a type, found `>`" },
    { INSIDE("g: func(a: list<u8);"), "1:58: expected `,` or `>`, found `)`" },
    { INSIDE("g: func(a: list<u8, u8>);"), "1:51: `list` takes 1 type" },
    { INSIDE("g: func(a: list<_>);"), "1:56: expected a type, found `_`" },
    { INSIDE("g: func(a: option<u8, u8>);"), "1:51: `option` takes 1 type" },
    { INSIDE("g: func(a: result<u8, u8, u8>);"), "1:51: `result` takes 2 types" },
    { INSIDE("g: func(a: tuple<>);"), "1:57: expected a type, found `>`" },
    { INSIDE("g: func(a: stream<u8>);"), "1:57: `stream<` is not a type of Weft's WIT" },
    { INSIDE("g: func(a: u8<u8>);"), "1:53: `u8<` is not a type of Weft's WIT" },
    { INSIDE("record r { a: r }"), "1:54: `r` would contain itself" },
    { INSIDE("record r { a: list<r> }"), "1:59: `r` would contain itself" },
    { INSIDE("record r { a: s } variant s { b(option<r>) }"), "1:79: `r` would contain itself" },
    { INSIDE("type t = t;"), "1:49: `t` stands for itself" },
    { INSIDE("type t = u; type u = t;"), "1:49: `u` stands for itself" },
    { INSIDE("type t = list<t>;"), "1:54: `t` would contain itself" },

    { INSIDE("resource r"), "1:51: expected `{` or `;`, found `}`" },
    { INSIDE("resource r { u8 }"), "1:56: expected `:`, found `}`" },
    { INSIDE("resource r { x: u8; }"), "1:56: expected `func` or `static`, found `u8`" },
    { INSIDE("resource r { constructor; }"), "1:64: expected `(`, found `;`" },
    { INSIDE("resource r { constructor(); constructor(); }"),
      "1:68: there is a constructor already, at 1:53" },
    { INSIDE("resource r { constructor() -> u8; }"),
      "1:53: a constructor of `r` gives nothing else: expected no result or `result<r, ...>`" },
    { INSIDE("resource r { constructor() -> result<u8>; }"),
      "1:53: a constructor of `r` gives nothing else: expected no result or `result<r, ...>`" },
    { INSIDE("enum e { a } g: func(a: own<e>);"), "1:64: `e` is not a resource" },
    { INSIDE("g: func(a: borrow<u8>);"), "1:51: `u8` is not a resource" },
    { INSIDE("resource r; g: func() -> borrow<r>;"), "1:52: a result cannot hold a `borrow`" },
    { INSIDE("resource r; type t = list<borrow<r>>; g: func() -> result<_, t>;"),
      "1:78: a result cannot hold a `borrow`" },

    { INSIDE("g: func(); record g-arguments { a: u8 } h: func(); g-encode: func();"),
      "1:91: its name in C, `a_g_encode`, is also that of what stands at 1:40: rename one" },
    { INSIDE("enum t { a-c } flags T-a { c }"),
      "1:67: its name in C, `A_T_A_C`, is also that of what stands at 1:49: rename one" },
};

static void test_mistakes(void)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(mistakes); i++) {
        struct parsed parsed;
        char error[300];
        char name[300];
        parsed_init(&parsed, bytes_from_text(mistakes[i].text), 0);
        snprintf(error, sizeof(error), "%u:%u: %s", parsed.error.place.line,
                 parsed.error.place.column, parsed.error.text);
        snprintf(name, sizeof(name), "refused: %s", mistakes[i].error);
        bool refused = parsed.status == STATUS_INVALID && strcmp(error, mistakes[i].error) == 0;
        if (!TAP_OK(refused, name))
            printf("# status %d, %s\n# in: %s\n", (int)parsed.status,
                   parsed.status == STATUS_OK ? "no error" : error, mistakes[i].text);
        parsed_deinit(&parsed);
    }
}

/* ---- Bounds -------------------------------------------------------------------------------- */

/* A growing text. */
static struct {
    char *data;
    usize size;
} made;

static void add(const char *format, u32 number)
{
    made.size +=
        (usize)snprintf(made.data + made.size, 8 * WIT_FILE_SIZE_MAX - made.size, format, number);
}

static void begin(void)
{
    made.size = 0;
    add("package p:a; interface a { f: func(); ", 0);
}

/* Whether the text is taken, and if not, whether its error has `words` in it. */
static bool ends(bool taken, const char *words)
{
    struct parsed parsed;
    add("}", 0);
    parsed_init(&parsed, (struct bytes){ (const u8 *)made.data, made.size }, 0);
    bool right = taken
                     ? parsed.status == STATUS_OK
                     : parsed.status == STATUS_INVALID && strstr(parsed.error.text, words) != NULL;
    if (!right)
        printf("# status %d: %s\n", (int)parsed.status,
               parsed.status == STATUS_OK ? "" : parsed.error.text);
    parsed_deinit(&parsed);
    return right;
}

static bool file_of(u32 size, bool taken)
{
    begin();
    while (made.size < size - 1)
        add(" ", 0);
    return ends(taken, "the file is larger than 262144 bytes");
}

static bool name_of(u32 size, bool taken)
{
    begin();
    for (u32 i = 0; i < size; i++)
        add("n", 0);
    add(": func();", 0);
    return ends(taken, "this name is longer than 64 characters");
}

/* Taken if `words` is NULL. */
static bool repeated(const char *head, const char *item, const char *tail, u32 count,
                     const char *words)
{
    begin();
    add(head, 0);
    for (u32 i = 0; i < count; i++)
        add(item, i);
    add(tail, 0);
    return ends(words == NULL, words);
}

static bool nested_in_brackets(u32 depth, bool taken)
{
    begin();
    add("type t = ", 0);
    for (u32 i = 1; i < depth; i++)
        add("list<", 0);
    add("u8", 0);
    for (u32 i = 1; i < depth; i++)
        add(">", 0);
    add(";", 0);
    return ends(taken, "types nest deeper than 32");
}

/* `forward`: each type is used before it is defined. */
static bool nested_by_names(u32 depth, bool forward, bool taken)
{
    begin();
    if (!forward)
        add("record t1 { a: u8 } ", 0);
    for (u32 i = 2; i <= depth; i++) {
        u32 number = forward ? depth + 2 - i : i;
        add("record t%u ", number);
        add("{ a: t%u } ", number - 1);
    }
    if (forward)
        add("record t1 { a: u8 } ", 0);
    return ends(taken, "nests deeper than 32");
}

static void test_bounds(void)
{
    const char *parts = "more than 512 parts";
    TAP_OK(file_of(WIT_FILE_SIZE_MAX, true), "a file of 256 KiB is taken");
    TAP_OK(file_of(WIT_FILE_SIZE_MAX + 1, false), "a file one byte larger is refused");
    TAP_OK(name_of(64, true), "a name of 64 characters is taken");
    TAP_OK(name_of(65, false), "a name of 65 is refused");
    TAP_OK(repeated("enum e {", "c%u,", "}", 512, NULL), "512 cases are taken");
    TAP_OK(repeated("enum e {", "c%u,", "}", 513, parts), "513 cases are refused");
    TAP_OK(repeated("flags e {", "c%u,", "}", 32, NULL), "32 flags are taken");
    TAP_OK(repeated("flags e {", "c%u,", "}", 33, "more than 32 parts in one set of flags"),
           "33 flags are refused");
    TAP_OK(repeated("", "f%u: func();", "", 1023, NULL), "1024 items are taken");
    TAP_OK(repeated("", "f%u: func();", "", 1024, "more than 1024 items"),
           "1025 items are refused");
    TAP_OK(nested_in_brackets(32, true), "32 nested types are taken");
    TAP_OK(nested_in_brackets(33, false), "33 nested types are refused");
    TAP_OK(nested_by_names(31, false, true) && nested_by_names(31, true, true),
           "31 records and a number nested by name are taken, in any order");
    TAP_OK(nested_by_names(32, false, false) && nested_by_names(32, true, false),
           "32 records and a number are refused, in any order");
    TAP_OK(repeated("record r {", "c%u: u64,", "}", 512, NULL), "4096 bytes of type are taken");
    TAP_OK(repeated("record r {", "c%u: u64,", "} record s { a: r, b: u8 }", 512,
                    "`s` is larger than 4096 bytes"),
           "more bytes of type are refused");
    TAP_OK(repeated("type t = tuple<", "u8,", ">;", 80, NULL), "a tuple of 80 is taken");
    TAP_OK(repeated("type t = tuple<", "u8,", ">;", 100, "too many types in one"),
           "a tuple whose name in C would be too long is refused");
}

/* Types without names that are all different: more than any interface needs. */
static bool different_types(u32 count, bool taken)
{
    begin();
    for (u32 i = 0; i < count; i++) {
        if (i % 256 == 0)
            add(i == 0 ? "record r%u {" : "} record r%u {", i);
        add("c%u: tuple<", i);
        for (u32 bit = 0; bit < 12; bit++)
            add((i >> bit & 1) != 0 ? "u8," : "s8,", 0);
        add(">,", 0);
    }
    add("}", 0);
    return ends(taken, "more than 4096 types");
}

/* Aliases that double: the text of the last would be as long as the world. */
static void test_doubling(void)
{
    begin();
    add("type t0 = tuple<u8, u8>;", 0);
    for (u32 i = 1; i < 32; i++) {
        add("type t%u = ", i);
        add("list<tuple<t%u,", i - 1);
        add("t%u>>;", i - 1);
    }
    TAP_OK(ends(false, "too many types in one"), "aliases that double the text each are refused");
}

/* Whatever the arena has room for, the outcome is a status, and nothing leaks. */
static void test_short_memory(void)
{
    struct bytes text = parsed_read("tests/wit/shapes.wit");
    u32 failed = 0;
    usize enough = 0;
    for (usize limit = 0; enough == 0; limit += 1024) {
        struct parsed parsed;
        parsed_init(&parsed, text, limit == 0 ? 1 : limit);
        if (parsed.status == STATUS_OK)
            enough = limit;
        failed += parsed.status == STATUS_NO_MEMORY;
        parsed_deinit(&parsed);
    }
    TAP_OK(failed == enough / 1024, "with any less memory than enough the status says so");
    TAP_OK(enough < 100 * text.size, "memory is at most a hundred times the text");
    free((void *)text.data);
}

int main(void)
{
    made.data = malloc(8 * WIT_FILE_SIZE_MAX);
    test_mistakes();
    test_bounds();
    TAP_OK(different_types(3000, true), "3000 different types are taken");
    TAP_OK(different_types(4096, false), "4096 and those with names are refused");
    test_doubling();
    test_short_memory();
    free(made.data);
    return tap_done();
}
