/* Calls functions of `shapes` through the C++ face and looks at what comes back. */
#include "interface/shapes.hpp"

#include <array>
#include <iostream>
#include <vector>

static void check(const char *name, bool right)
{
    std::cout << name << ": " << (right ? "ok" : "WRONG") << "\n";
}

static void things(weft::shapes::client &all)
{
    using weft::shapes::thing;
    thing one(*all.thing_create("one")), two(*all.thing_create("two"));
    check("rename", !one.rename("three")->failed && one.rename("")->error == SHAPES_COLOR_RED);
    thing again(*one.self());
    check("self", again.rename("three")->error == SHAPES_COLOR_GREEN);
    check("give", again.give(two.slot(), { true, one.slot() }) == WEFT_OK &&
                      again.rename("twothree")->error == SHAPES_COLOR_GREEN);
    std::array<std::int32_t, 2> parts{ again.slot(), two.slot() };
    thing joined(*all.thing_join(parts));
    check("join", joined.rename("twothree+two")->error == SHAPES_COLOR_GREEN);
    joined.close();
    check("closed", joined.rename("x").status == WEFT_BAD_SLOT);
}

static void values(weft::shapes::client &all)
{
    check("nothing", all.nothing() == WEFT_OK);
    shapes_primitives primitives{ true, -8,   -1600,     200, -320000, 60000,
                                  -1LL << 62, 4000000000, 1.5, 1ULL << 63, 0xdf,
                                  -2.25, weft::bytes_of("tëxt") };
    auto back = all.echo_primitives(primitives);
    check("primitives", back && back->s64 == -1LL << 62 && back->letter == 0xdf &&
                            back->f64 == -2.25 && weft::text_of(back->text) == "tëxt");
    std::vector<std::uint8_t> large(30000, 7);
    auto bytes = all.echo_bytes(large, "");
    check("bytes", bytes && std::vector<std::uint8_t>(bytes->begin(), bytes->end()) == large);
    check("refused", all.echo_bytes(large, "refuse").status == WEFT_EXISTS);
    std::array<weft_bytes, 3> words{ weft::bytes_of("a"), weft::bytes_of(""),
                                     weft::bytes_of("ç") };
    auto strings = all.echo_strings(words);
    check("strings", strings && strings->size() == 3 && weft::text_of((*strings)[2]) == "ç");
    shapes_shape circle{ .tag = SHAPES_SHAPE_CIRCLE, .circle = 0.5 };
    check("shape", all.echo_shape(circle)->circle == 0.5);
}

int main()
{
    weft::shapes::client all;
    values(all);
    things(all);
}
