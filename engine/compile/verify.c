/* The form of a function. Checks go from the outside inwards: each may rely on those before it. */
#include "engine/compile/verify.h"

#include "engine/stretch.h"

struct check {
    struct verifier *verifier;
    const struct ir *ir;
    u32 *block_of;  /* of each instruction */
    u32 block_of_capacity;
    u32 *dominator; /* of each block: the nearest that is on all paths to it */
    u32 dominator_capacity;
    u32 *from; /* of each edge: the block that it leaves, or NOWHERE */
    u32 from_capacity;
};

enum { NOWHERE = UINT32_MAX };

/* Keeps the first mistake. The result is `holds`, so that checks can be joined. */
static bool expect(const struct check *check, bool holds, const char *mistake, u32 where)
{
    if (!holds && check->verifier->mistake == NULL) {
        check->verifier->mistake = mistake;
        check->verifier->where = where;
    }
    return holds;
}

/* ---- Blocks and loops ---- */

static bool is_parameter_list(const struct ir *ir, const struct ir_block *block)
{
    for (u32 n = 0; n < block->parameter_count; n++) {
        const struct ir_instruction *i = &ir->code[block->first + 1 + n];
        if (i->op != IR_PARAMETER || i->c != n || i->type == IR_NONE)
            return false;
    }
    return true;
}

static bool check_block(const struct check *check, u32 number, u32 first)
{
    const struct ir *ir = check->ir;
    const struct ir_block *block = &ir->blocks[number];
    if (!expect(check, block->first == first && block->end <= ir->count &&
                           block->end >= (u64)first + 2 + block->parameter_count,
                "blocks follow each other, and have room for what is in them", number))
        return false;
    const struct ir_instruction *begin = &ir->code[first];
    return expect(check, begin->op == IR_BLOCK && begin->c == number && begin->uses == 0,
                  "a block begins with its IR_BLOCK", number) &&
           expect(check, is_parameter_list(ir, block), "parameters follow in order", number) &&
           expect(check, ir_is_end(&ir->code[block->end - 1]), "a block has an end", number) &&
           expect(check, block->loop == IR_NO_LOOP || block->loop < ir->loop_count,
                  "a block's loop exists", number);
}

static bool check_blocks(struct check *check)
{
    const struct ir *ir = check->ir;
    u32 at = 0;
    for (u32 block = 0; block < ir->block_count; block++) {
        if (!check_block(check, block, at))
            return false;
        for (; at < ir->blocks[block].end; at++)
            check->block_of[at] = block;
    }
    return expect(check, ir->block_count != 0 && at == ir->count, "blocks are all the code", at) &&
           expect(check, ir->blocks[0].parameter_count == 0 && ir->entries[0] == IR_NO_EDGE,
                  "nothing leads to the first block", 0);
}

static bool is_in_loop(const struct ir *ir, u32 loop, u32 block)
{
    return block >= ir->loops[loop].header && block < ir->loops[loop].end;
}

static bool check_loop(const struct check *check, u32 number)
{
    const struct ir *ir = check->ir;
    const struct ir_loop *loop = &ir->loops[number];
    if (!expect(check, loop->header < loop->end && loop->end <= ir->block_count,
                "a loop is a stretch of blocks", number) ||
        !expect(check, loop->outer == IR_NO_LOOP || loop->outer < number,
                "an outer loop comes first", number))
        return false;
    return expect(check, loop->outer == IR_NO_LOOP || (is_in_loop(ir, loop->outer, loop->header) &&
                                                       loop->end <= ir->loops[loop->outer].end),
                  "a loop is within its outer loop", number);
}

/* The loops that a block is in are those that its own loop leads to, and no others. */
static bool check_block_loops(const struct check *check, u32 block)
{
    const struct ir *ir = check->ir;
    u32 depth = 0;
    for (u32 loop = 0; loop < ir->loop_count; loop++)
        depth += is_in_loop(ir, loop, block);
    u32 chain = 0;
    for (u32 loop = ir->blocks[block].loop; loop != IR_NO_LOOP; loop = ir->loops[loop].outer) {
        if (!expect(check, is_in_loop(ir, loop, block), "a block is in its loops", block))
            return false;
        chain++;
    }
    return expect(check, chain == depth, "a block knows the innermost loop it is in", block) &&
           expect(check, ir->blocks[block].depth == (depth < UINT8_MAX ? depth : UINT8_MAX),
                  "a block's depth is how many loops it is in", block);
}

static bool check_loops(const struct check *check)
{
    bool holds = true;
    for (u32 loop = 0; loop < check->ir->loop_count && holds; loop++)
        holds = check_loop(check, loop);
    for (u32 block = 0; block < check->ir->block_count && holds; block++)
        holds = check_block_loops(check, block);
    return holds;
}

/* ---- Edges ---- */

/* Whether the list of the block that `edge` leads to has it once. */
static bool is_listed(const struct ir *ir, u32 edge)
{
    u32 found = 0;
    for (u32 e = ir->entries[ir->edges[edge].to]; e != IR_NO_EDGE; e = ir->others[e])
        found += e == edge;
    return found == 1;
}

static bool check_edge(const struct check *check, u32 number, u32 from)
{
    const struct ir *ir = check->ir;
    if (!expect(check, number < ir->edge_count, "an edge exists", from))
        return false;
    const struct ir_edge *edge = &ir->edges[number];
    if (!expect(check, check->from[number] == NOWHERE && edge->to < ir->block_count,
                "an edge leaves one block for another", number))
        return false;
    check->from[number] = from;
    const struct ir_block *to = &ir->blocks[edge->to];
    bool is_back = to->loop != IR_NO_LOOP && ir->loops[to->loop].header == edge->to &&
                   is_in_loop(ir, to->loop, from);
    bool enters = to->loop != IR_NO_LOOP && !is_in_loop(ir, to->loop, from);
    return expect(check, edge->to > from || is_back, "only loops lead back", number) &&
           expect(check, !enters || ir->loops[to->loop].header == edge->to,
                  "a loop is entered by its header", number) &&
           expect(check, (u64)edge->arguments + to->parameter_count <= ir->list_count,
                  "arguments are within the lists", number) &&
           expect(check, is_listed(ir, number), "a block lists the edges that lead to it", number);
}

static const struct ir_instruction *last_of(const struct ir *ir, u32 block)
{
    return &ir->code[ir->blocks[block].end - 1];
}

/* The list of edges that lead to a block. */
static bool check_list(const struct check *check, u32 block)
{
    const struct ir *ir = check->ir;
    u32 steps = 0;
    u32 next = 0;
    for (u32 edge = ir->entries[block]; edge != IR_NO_EDGE; edge = next) {
        if (!expect(check, edge < ir->edge_count && steps++ < ir->edge_count,
                    "a list of edges has an end", block) ||
            !expect(check, ir->edges[edge].to == block,
                    "a list of edges has those that lead to its block", block))
            return false;
        next = ir->others[edge];
    }
    return expect(check, block == 0 || steps != 0, "every block can be reached", block);
}

static bool check_edges(const struct check *check)
{
    const struct ir *ir = check->ir;
    bool holds = true;
    for (u32 edge = 0; edge < ir->edge_count; edge++)
        check->from[edge] = NOWHERE;
    for (u32 block = 0; block < ir->block_count && holds; block++)
        holds = check_list(check, block);
    for (u32 block = 0; block < ir->block_count && holds; block++) {
        const struct ir_instruction *last = last_of(ir, block);
        for (u32 n = 0; n < ir_edge_count(last) && holds; n++)
            holds = check_edge(check, ir_edge_number(last, n), block);
    }
    return holds;
}

/* ---- Dominators ---- */

static u32 common_dominator(const u32 *dominator, u32 a, u32 b)
{
    while (a != b) {
        if (a > b)
            a = dominator[a];
        else
            b = dominator[b];
    }
    return a;
}

/* What leads back to a loop's header comes from blocks that the header dominates, as nothing else
 * enters a loop, so edges that lead forwards say it all, in one pass. */
static void find_dominators(struct check *check)
{
    const struct ir *ir = check->ir;
    check->dominator[0] = 0;
    for (u32 block = 1; block < ir->block_count; block++) {
        u32 nearest = UINT32_MAX;
        for (u32 e = ir->entries[block]; e != IR_NO_EDGE; e = ir->others[e]) {
            u32 from = check->from[e];
            expect(check, from != NOWHERE, "an edge in a list leaves a block", e);
            if (from < block)
                nearest = nearest == UINT32_MAX ? from
                                                : common_dominator(check->dominator, nearest, from);
        }
        expect(check, nearest != UINT32_MAX, "a block is reached from before it", block);
        check->dominator[block] = nearest == UINT32_MAX ? 0 : nearest;
    }
}

static bool dominates(const struct check *check, u32 above, u32 block)
{
    while (block > above)
        block = check->dominator[block];
    return block == above;
}

/* ---- Instructions ---- */

/* Whether `value` is one, and is there when instruction `at` reads it. */
static bool check_operand(const struct check *check, u32 value, u32 at)
{
    const struct ir *ir = check->ir;
    return expect(check, value != IR_NO_VALUE && value < ir->count, "an operand exists", at) &&
           expect(check, ir->code[value].type != IR_NONE, "an operand is a value", at) &&
           expect(check, value < at, "an operand comes before", at) &&
           expect(check, ir->code[value].op == IR_CONSTANT ||
                             dominates(check, check->block_of[value], check->block_of[at]),
                  "an operand is defined on all paths", at);
}

static bool check_place_in_block(const struct check *check, u32 n)
{
    const struct ir *ir = check->ir;
    const struct ir_instruction *i = &ir->code[n];
    const struct ir_block *block = &ir->blocks[check->block_of[n]];
    switch (i->op) {
    case IR_BLOCK:
        return expect(check, n == block->first, "IR_BLOCK is where a block begins", n);
    case IR_PARAMETER:
        return expect(check,
                      n - block->first - 1 < block->parameter_count ||
                          (i->uses == 0 && i->c == n - block->first - 1),
                      "parameters are where a block begins", n);
    case IR_ARGUMENT:
        return expect(check, block->first == 0 && (n == 1 || ir->code[n - 1].op == IR_ARGUMENT),
                      "arguments are where the function begins", n);
    case IR_RESULT:
        return expect(check, i->a < n && (i->a == n - 1 || (ir->code[n - 1].op == IR_RESULT &&
                                                            ir->code[n - 1].a == i->a)),
                      "further results follow their call", n) &&
               expect(check, ir_is_call(&ir->code[i->a]), "results are of calls", n);
    default:
        return expect(check, ir_is_end(i) == (n == block->end - 1), "only blocks end", n);
    }
}

static bool gives_value(const struct ir_instruction *i)
{
    if (i->op < OPCODE_COUNT)
        return !ir_is_store(i);
    return i->op == IR_PARAMETER || i->op == IR_ARGUMENT || i->op == IR_CONSTANT ||
           i->op == IR_RESULT || i->op == IR_GLOBAL_GET || i->op == IR_SELECT ||
           i->op == IR_FUNCTION_REFERENCE || i->op == IR_MEMORY_SIZE || i->op == IR_TABLE_SIZE;
}

static bool check_instruction(const struct check *check, u32 n)
{
    const struct ir *ir = check->ir;
    const struct ir_instruction *i = &ir->code[n];
    u64 list_end = (u64)i->list + i->list_count + ir_behind_count(i);
    if (!expect(check, i->op < IR_OP_END && i->type <= IR_F64, "an instruction exists", n) ||
        !expect(check, !ir_has_list(i) || list_end <= ir->list_count, "operands are within the lists", n) ||
        !expect(check, ir_is_call(i) || (i->type != IR_NONE) == gives_value(i),
                "what gives a value has a type", n) ||
        !check_place_in_block(check, n))
        return false;
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(ir, i, small, &count);
    bool holds = true;
    for (u32 k = 0; k < count && holds; k++)
        holds = check_operand(check, operands[k], n);
    return holds;
}

static bool check_arguments(const struct check *check, u32 number)
{
    const struct ir *ir = check->ir;
    const struct ir_edge *edge = &ir->edges[number];
    const struct ir_block *to = &ir->blocks[edge->to];
    u32 end = ir->blocks[check->from[number]].end - 1;
    for (u32 n = 0; n < to->parameter_count; n++) {
        u32 argument = ir->lists[edge->arguments + n];
        if (!check_operand(check, argument, end) ||
            !expect(check, ir->code[argument].type == ir->code[to->first + 1 + n].type,
                    "an argument has its parameter's type", end))
            return false;
    }
    return true;
}

static void check_code(const struct check *check)
{
    const struct ir *ir = check->ir;
    for (u32 n = 0; n < ir->count && check->verifier->mistake == NULL; n++)
        check_instruction(check, n);
    for (u32 block = 0; block < ir->block_count; block++) {
        const struct ir_instruction *last = last_of(ir, block);
        for (u32 n = 0; n < ir_edge_count(last) && check->verifier->mistake == NULL; n++)
            check_arguments(check, ir_edge_number(last, n));
    }
}

/* ---- The whole ---- */

bool verify_ir(struct verifier *verifier, const struct ir *ir)
{
    struct check check = { .verifier = verifier, .ir = ir };
    const struct source *source = verifier->source;
    verifier->mistake = NULL;
    bool has_room = stretch(source, (void **)&check.block_of, &check.block_of_capacity, ir->count,
                            sizeof(*check.block_of)) &&
                    stretch(source, (void **)&check.dominator, &check.dominator_capacity,
                            ir->block_count, sizeof(*check.dominator)) &&
                    stretch(source, (void **)&check.from, &check.from_capacity, ir->edge_count,
                            sizeof(*check.from));
    if (expect(&check, has_room, "there is memory", 0) && check_blocks(&check) &&
        check_loops(&check) && check_edges(&check)) {
        find_dominators(&check);
        check_code(&check);
    }
    stretch_give(source, check.block_of, check.block_of_capacity, sizeof(*check.block_of));
    stretch_give(source, check.dominator, check.dominator_capacity, sizeof(*check.dominator));
    stretch_give(source, check.from, check.from_capacity, sizeof(*check.from));
    return verifier->mistake == NULL;
}
