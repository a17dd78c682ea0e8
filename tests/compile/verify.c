#include "engine/compile/verify.h"

#include <string.h>

#include "tests/compile/support/generate.h"
#include "tests/support/place.h"
#include "tests/tap.h"

static struct place place;
static struct ir ir;

/* A function with a loop and a diamond in it, as fresh as before the last mistake:
 *
 *     block 0: v1 argument, v2 constant, jump 1 (v1)
 *     block 1 (v4), loop: branch v4 ? 2 : 3
 *     block 2: v7 = v4 + v1, jump 4 (v7)
 *     block 3: v10 = v4 - v1, jump 4 (v10)
 *     block 4 (v13): branch v13 ? 1 (v13) : 5
 *     block 5: return (v13) */
static void fresh(void)
{
    static const struct ir_instruction code[] = {
        { .op = IR_BLOCK, .c = 0 },
        { .op = IR_ARGUMENT, .type = IR_I32, .uses = 1 },
        { .op = IR_JUMP, .b = 0 },
        { .op = IR_BLOCK, .c = 1 },
        { .op = IR_PARAMETER, .type = IR_I32, .uses = 1 },
        { .op = IR_BRANCH, .a = 4, .b = 1, .c = 2 },
        { .op = IR_BLOCK, .c = 2 },
        { .op = OPCODE_I32_ADD, .type = IR_I32, .uses = 1, .a = 4, .b = 1 },
        { .op = IR_JUMP, .b = 3 },
        { .op = IR_BLOCK, .c = 3 },
        { .op = OPCODE_I32_SUB, .type = IR_I32, .uses = 1, .a = 4, .b = 1 },
        { .op = IR_JUMP, .b = 4 },
        { .op = IR_BLOCK, .c = 4 },
        { .op = IR_PARAMETER, .type = IR_I32, .uses = 1 },
        { .op = IR_BRANCH, .a = 13, .b = 5, .c = 6 },
        { .op = IR_BLOCK, .c = 5 },
        { .op = IR_RETURN, .a = 4, .b = 1 },
    };
    static const u32 lists[] = { 1, 7, 10, 13, 13 };
    static const struct ir_edge edges[] = {
        { .to = 1, .arguments = 0 },
        { .to = 2 },
        { .to = 3 },
        { .to = 4, .arguments = 1 },
        { .to = 4, .arguments = 2 },
        { .to = 1, .arguments = 3 },
        { .to = 5 },
    };
    static const u32 others[] = { 5,          IR_NO_EDGE, IR_NO_EDGE, 4,
                                  IR_NO_EDGE, IR_NO_EDGE, IR_NO_EDGE };
    static const struct ir_block blocks[] = {
        { .first = 0, .end = 3, .loop = IR_NO_LOOP },
        { .first = 3, .end = 6, .parameter_count = 1, .loop = 0, .depth = 1 },
        { .first = 6, .end = 9, .loop = 0, .depth = 1 },
        { .first = 9, .end = 12, .loop = 0, .depth = 1 },
        { .first = 12, .end = 15, .parameter_count = 1, .loop = 0, .depth = 1 },
        { .first = 15, .end = 17, .loop = IR_NO_LOOP },
    };
    static const u32 entries[] = { IR_NO_EDGE, 0, 1, 2, 3, 6 };
    static const struct ir_loop loops[] = { { .outer = IR_NO_LOOP, .header = 1, .end = 5 } };
    memcpy(ir.code, code, sizeof(code));
    memcpy(ir.lists, lists, sizeof(lists));
    memcpy(ir.edges, edges, sizeof(edges));
    memcpy(ir.others, others, sizeof(others));
    memcpy(ir.blocks, blocks, sizeof(blocks));
    memcpy(ir.entries, entries, sizeof(entries));
    memcpy(ir.loops, loops, sizeof(loops));
    ir.count = BASE_ARRAY_COUNT(code);
    ir.list_count = BASE_ARRAY_COUNT(lists);
    ir.edge_count = BASE_ARRAY_COUNT(edges);
    ir.block_count = BASE_ARRAY_COUNT(blocks);
    ir.loop_count = BASE_ARRAY_COUNT(loops);
}

/* Whether that is the mistake which is seen, and where; then the function is fresh again. */
static bool sees(const char *mistake, u32 where)
{
    struct verifier verifier = { .source = &place.engine.source };
    bool seen = !verify_ir(&verifier, &ir) && strcmp(verifier.mistake, mistake) == 0 &&
                verifier.where == where;
    if (!seen)
        printf("# %s, at %u\n", verifier.mistake == NULL ? "nothing" : verifier.mistake,
               verifier.where);
    fresh();
    return seen;
}

static void test_operands(void)
{
    struct verifier verifier = { .source = &place.engine.source };
    TAP_OK(verify_ir(&verifier, &ir), "a function without mistakes has none");
    ir.code[10].a = 7;
    TAP_OK(sees("an operand is defined on all paths", 10), "a value of the other arm is seen");
    ir.lists[4] = 7;
    TAP_OK(sees("an operand is defined on all paths", 16), "a value of one arm is seen");
    ir.lists[2] = 7;
    TAP_OK(sees("an operand is defined on all paths", 11), "so is one that an edge gives");
    ir.code[7].a = 10;
    TAP_OK(sees("an operand comes before", 7), "a value that comes later is seen");
    ir.code[7].b = 0;
    TAP_OK(sees("an operand exists", 7), "no value is seen");
    ir.code[7].b = 1000;
    TAP_OK(sees("an operand exists", 7), "an operand out of bounds is seen");
    ir.code[7].b = 6;
    TAP_OK(sees("an operand is a value", 7), "an operand that gives no value is seen");
    ir.code[7].type = IR_F64;
    TAP_OK(sees("an argument has its parameter's type", 8), "an argument's other type is seen");
    ir.code[16].list_count = 2;
    TAP_OK(sees("operands are within the lists", 16), "a list that is too long is seen");
}

static void test_blocks(void)
{
    ir.code[8] = (struct ir_instruction){ .op = IR_NOTHING };
    TAP_OK(sees("a block has an end", 2), "a block without end is seen");
    ir.code[7] = (struct ir_instruction){ .op = IR_TRAP };
    TAP_OK(sees("only blocks end", 7), "an end within a block is seen");
    ir.code[9].c = 2;
    TAP_OK(sees("a block begins with its IR_BLOCK", 3), "a block of another number is seen");
    ir.blocks[2].end--;
    TAP_OK(sees("a block has an end", 2), "a block that is cut off is seen");
    ir.blocks[3].first++;
    TAP_OK(sees("blocks follow each other, and have room for what is in them", 3),
           "a gap between blocks is seen");
    ir.blocks[4].parameter_count = 0;
    TAP_OK(sees("parameters are where a block begins", 13), "too many parameters are seen");
    ir.blocks[4].parameter_count = 2;
    TAP_OK(sees("blocks follow each other, and have room for what is in them", 4),
           "too few parameters are seen");
    ir.code[7] = (struct ir_instruction){ .op = IR_RESULT, .type = IR_I32, .a = 4 };
    TAP_OK(sees("further results follow their call", 7), "a result without a call is seen");
    ir.code[7].type = IR_NONE;
    TAP_OK(sees("what gives a value has a type", 7), "a sum without a type is seen");
    ir.code[7].op = IR_OP_END;
    TAP_OK(sees("an instruction exists", 7), "an operation that does not exist is seen");
}

static void test_edges(void)
{
    ir.edges[5].arguments = 5;
    TAP_OK(sees("arguments are within the lists", 5), "arguments out of bounds are seen");
    ir.code[11].b = 3;
    TAP_OK(sees("an edge leaves one block for another", 3), "an edge of two blocks is seen");
    ir.code[14] = (struct ir_instruction){ .op = IR_JUMP, .b = 5 };
    TAP_OK(sees("an edge in a list leaves a block", 6), "an edge of no block is seen");
    ir.others[3] = IR_NO_EDGE;
    TAP_OK(sees("a block lists the edges that lead to it", 4), "an edge in no list is seen");
    ir.others[4] = 3;
    TAP_OK(sees("a list of edges has an end", 4), "a list without end is seen");
    ir.code[8].b = 7;
    TAP_OK(sees("an edge exists", 2), "an edge out of bounds is seen");
    ir.entries[5] = IR_NO_EDGE;
    TAP_OK(sees("every block can be reached", 5), "a block that nothing leads to is seen");
    ir.edges[4] = (struct ir_edge){ .to = 2 };
    ir.others[1] = 4;
    ir.others[3] = IR_NO_EDGE;
    TAP_OK(sees("only loops lead back", 4), "an edge back to no loop is seen");
}

static void test_loops(void)
{
    ir.loops[0].header = 2;
    TAP_OK(sees("a block is in its loops", 1), "a block that is not in its loop is seen");
    ir.loops[0].end = 4;
    TAP_OK(sees("a block is in its loops", 4), "a loop that is too short is seen");
    ir.loops[0].end = 6;
    TAP_OK(sees("a block knows the innermost loop it is in", 5), "one that is too long is seen");
    ir.blocks[2].depth = 2;
    TAP_OK(sees("a block's depth is how many loops it is in", 2), "a wrong depth is seen");
    ir.loops[0].outer = 0;
    TAP_OK(sees("an outer loop comes first", 0), "a loop in itself is seen");
}

static void test_memory(void)
{
    struct verifier verifier = { .source = &place.engine.source };
    place.allowed_takes = 1;
    TAP_OK(!verify_ir(&verifier, &ir) && strcmp(verifier.mistake, "there is memory") == 0,
           "without memory nothing is said to be right");
    place.allowed_takes = UINT64_MAX;
}

int main(void)
{
    place_init(&place);
    generate_ir(&ir, &place.engine.source,
                &(struct shape){ .seed = 1, .locals = 8, .instructions = 1000, .nesting = 9,
                                 .constructs = 60 });
    fresh();
    test_operands();
    test_blocks();
    test_edges();
    test_loops();
    test_memory();
    generate_give(&ir, &place.engine.source);
    TAP_OK(place.taken_bytes == 0, "all memory is given back");
    return tap_done();
}
