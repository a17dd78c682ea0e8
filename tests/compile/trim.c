/* What becomes of a function's arrays once uses are known: everybody reads what was read before. */
#include "engine/compile/ir.h"
#include "tests/compile/support/generate.h"
#include "tests/support/place.h"
#include "tests/tap.h"

static struct place place;
static struct ir ir;

/* ---- What is read ---- */

/* All that lists say, in the order in which it is asked for, as one number. */
static u64 fingerprint(void)
{
    u64 sum = 0;
    for (u32 n = 0; n < ir.count; n++) {
        const struct ir_instruction *i = &ir.code[n];
        u32 length = ir_has_list(i) ? i->list_count + ir_behind_count(i) : 0;
        for (u32 k = 0; k < length; k++)
            sum = sum * 0x9E3779B97F4A7C15u + ir.lists[i->list + k] + 1;
    }
    for (u32 edge = 0; edge < ir.edge_count; edge++) {
        for (u32 k = 0; k < ir.blocks[ir.edges[edge].to].parameter_count; k++)
            sum = sum * 0x9E3779B97F4A7C15u + ir.lists[ir.edges[edge].arguments + k] + 1;
    }
    return sum;
}

static bool is_within(void)
{
    for (u32 edge = 0; edge < ir.edge_count; edge++) {
        u32 length = ir.blocks[ir.edges[edge].to].parameter_count;
        if (length != 0 && (u64)ir.edges[edge].arguments + length > ir.list_count)
            return false;
    }
    return true;
}

static void generate(u32 seed)
{
    generate_ir(&ir, &place.engine.source,
                &(struct shape){ .seed = seed, .locals = 4 + seed % 60, .instructions = 500,
                                 .nesting = 1 + seed % 12, .calls = 20, .constructs = 60 });
}

/* As br_table has them: edges to one label share what they bring. */
static u32 share(void)
{
    u32 shared = 0;
    for (u32 edge = 1; edge < ir.edge_count; edge++) {
        if (ir.edges[edge].to != ir.edges[edge - 1].to)
            continue;
        ir.edges[edge].arguments = ir.edges[edge - 1].arguments;
        shared += ir.blocks[ir.edges[edge].to].parameter_count;
    }
    return shared;
}

/* ---- Tests ---- */

static void test_random(void)
{
    enum { FUNCTIONS = 300 };
    bool same = true;
    bool within = true;
    bool shorter = true;
    u32 shared = 0;
    u32 drawn = 0;
    for (u32 seed = 1; seed <= FUNCTIONS; seed++) {
        generate(seed);
        shared += share();
        u64 before = fingerprint();
        u32 length = ir.list_count;
        ir_trim(&place.engine.source, &ir);
        same &= fingerprint() == before;
        within &= is_within();
        shorter &= ir.list_count <= length;
        drawn += length - ir.list_count;
    }
    TAP_OK(same, "lists say the same when they have been drawn together");
    TAP_OK(within && shorter, "they are within their array, which is no longer than before");
    TAP_OK(shared != 0 && drawn >= shared, "what edges share is there once");
}

static void test_memory(void)
{
    generate(7);
    u64 before = fingerprint();
    u32 length = ir.list_count;
    place.allowed_takes = 0;
    ir_trim(&place.engine.source, &ir);
    place.allowed_takes = UINT64_MAX;
    TAP_OK(fingerprint() == before && ir.list_count == length,
           "without memory lists stay as they are");
    ir_trim(&place.engine.source, &ir);
    TAP_OK(fingerprint() == before && is_within(), "and can be drawn together later");
}

int main(void)
{
    place_init(&place);
    test_random();
    test_memory();
    generate_give(&ir, &place.engine.source);
    return tap_done();
}
