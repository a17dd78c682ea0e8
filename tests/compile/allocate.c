#include "engine/compile/allocate.h"

#include "engine/compile/verify.h"
#include "tests/compile/support/generate.h"
#include "tests/support/place.h"
#include "tests/tap.h"

static struct place place;
static struct allocator *allocator;
static struct ir ir;
static struct allocation allocation;

static bool is_sound(struct verifier *verifier, const struct target *target)
{
    if (verify_allocation(verifier, &ir, target, &allocation))
        return true;
    printf("# %s, at %u\n", verifier->mistake, verifier->where);
    return false;
}

/* One function, from its shape to a checked allocation. */
static bool runs(const struct shape *shape, u32 registers)
{
    struct target target;
    struct verifier verifier = { .source = &place.engine.source };
    toy_target(&target, registers);
    generate_ir(&ir, &place.engine.source, shape);
    if (!verify_ir(&verifier, &ir)) {
        printf("# seed %u: %s, at %u\n", shape->seed, verifier.mistake, verifier.where);
        return false;
    }
    target.fold(&ir);
    bool passed = allocator_run(allocator, &ir, &target, &allocation) == STATUS_OK &&
                  is_sound(&verifier, &target);
    if (!passed)
        printf("# seed %u, %u registers\n", shape->seed, registers);
    return passed;
}

static void test_random(void)
{
    bool passed = true;
    u32 saved = 0;
    u32 spilled = 0;
    for (u32 n = 0; n < 4000 && passed; n++) {
        struct shape shape = {
            .seed = n,
            .locals = 4 + n % 29,
            .instructions = 5 + n % 7 * (n % 31),
            .nesting = 2 + n % 9,
            .calls = n % 3 * 20,
            .constructs = 10 + n % 5 * 20,
        };
        passed = runs(&shape, 4 + n % 9);
        saved += allocation.saved_count;
        spilled += allocation.slot_count;
    }
    TAP_OK(passed, "each value is in its place whenever it is read, in thousands of functions");
    TAP_OK(saved > 1000 && spilled > 1000, "many values were saved and spilled in them");
}

/* ---- Whether the verifier would see mistakes ---- */

static u32 random_below(u32 *state, u32 limit)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % limit;
}

/* A value that has a place; of the class, unless that is IR_NONE. */
static u32 random_value(u32 *state, u8 type)
{
    for (;;) {
        u32 value = random_below(state, ir.count);
        u8 found = ir.code[value].type;
        if (allocation.places[value] != PLACE_NONE &&
            (type == IR_NONE || ir_is_float(type) == ir_is_float(found)))
            return value;
    }
}

/* Puts one value where another is, or forgets that one has to be saved. */
static void mutate(u32 *state)
{
    if (allocation.saved_count != 0 && random_below(state, 4) == 0) {
        u32 n = random_below(state, allocation.saved_count);
        allocation.saved[n].value = IR_NO_VALUE;
        return;
    }
    u32 value = random_value(state, IR_NONE);
    u32 other = value;
    u32 tries = 100;
    while (allocation.places[other] == allocation.places[value] && tries-- != 0)
        other = random_value(state, ir.code[value].type);
    allocation.places[value] = allocation.places[other];
}

static void test_mutations(void)
{
    u32 state = 1;
    u32 found = 0;
    u32 total = 0;
    for (u32 n = 0; n < 1000; n++) {
        struct shape shape = { .seed = n, .locals = 16, .instructions = 150, .nesting = 6,
                               .calls = 20, .constructs = 40 };
        struct verifier verifier = { .source = &place.engine.source };
        struct target target;
        if (!runs(&shape, 8))
            break;
        toy_target(&target, 8);
        mutate(&state);
        total++;
        found += !verify_allocation(&verifier, &ir, &target, &allocation);
    }
    printf("# %u of %u mistakes found\n", found, total);
    TAP_OK(total == 1000 && found > 700, "a value in another place is seen, unless that is free");
}

/* ---- Parts that matter for code ---- */

static u32 edge_moves(void)
{
    u32 moves = 0;
    for (u32 edge = 0; edge < ir.edge_count; edge++) {
        const struct ir_block *to = &ir.blocks[ir.edges[edge].to];
        for (u32 n = 0; n < to->parameter_count; n++) {
            u32 parameter = to->first + 1 + n;
            u32 argument = ir.lists[ir.edges[edge].arguments + n];
            moves += ir.code[parameter].uses != 0 && ir.code[argument].op != IR_CONSTANT &&
                     allocation.places[parameter] != allocation.places[argument];
        }
    }
    return moves;
}

/* for (sum = x, n = y; n != 0; n = n - x) sum = sum + n; return sum */
static struct ir_instruction loop_code[] = {
    { .op = IR_BLOCK, .c = 0 },
    { .op = IR_ARGUMENT, .type = IR_I32, .uses = 2 },
    { .op = IR_ARGUMENT, .type = IR_I32, .uses = 1, .c = 1 },
    { .op = IR_JUMP, .b = 0 },
    { .op = IR_BLOCK, .c = 1 },
    { .op = IR_PARAMETER, .type = IR_I32, .uses = 1 },
    { .op = IR_PARAMETER, .type = IR_I32, .uses = 2, .c = 1 },
    { .op = OPCODE_I32_ADD, .type = IR_I32, .uses = 2, .a = 5, .b = 6 },
    { .op = OPCODE_I32_SUB, .type = IR_I32, .uses = 2, .a = 6, .b = 1 },
    { .op = IR_BRANCH, .a = 8, .b = 1, .c = 2 },
    { .op = IR_BLOCK, .c = 2 },
    { .op = IR_RETURN, .a = 4, .b = 1 },
};
static u32 loop_lists[] = { 1, 2, 7, 8, 7 };
static struct ir_edge loop_edges[] = {
    { .to = 1, .arguments = 0 },
    { .to = 1, .arguments = 2 },
    { .to = 2, .arguments = 4 },
};
static u32 loop_others[] = { IR_NO_EDGE, 0, IR_NO_EDGE };
static struct ir_block loop_blocks[] = {
    { .first = 0, .end = 4, .loop = IR_NO_LOOP },
    { .first = 4, .end = 10, .parameter_count = 2, .loop = 0, .depth = 1 },
    { .first = 10, .end = 12, .loop = IR_NO_LOOP },
};
static u32 loop_entries[] = { IR_NO_EDGE, 1, 2 };
static struct ir_loop loop_loops[] = { { .outer = IR_NO_LOOP, .header = 1, .end = 2 } };

static void test_loop(void)
{
    struct ir random = ir;
    ir = (struct ir){
        .code = loop_code, .count = 12, .blocks = loop_blocks, .block_count = 3,
        .entries = loop_entries, .edges = loop_edges, .edge_count = 3, .others = loop_others, .loops = loop_loops, .loop_count = 1,
        .lists = loop_lists, .list_count = 5,
    };
    struct target target;
    struct verifier verifier = { .source = &place.engine.source };
    toy_target(&target, 4);
    TAP_OK(verify_ir(&verifier, &ir), "a loop of one block is well formed");
    TAP_OK(allocator_run(allocator, &ir, &target, &allocation) == STATUS_OK &&
               is_sound(&verifier, &target),
           "a loop of one block is allocated");
    TAP_OK(allocation.places[5] == allocation.places[7] &&
               allocation.places[6] == allocation.places[8],
           "what a loop carries stays in its registers");
    TAP_OK(allocation.places[1] < REGISTER_COUNT && allocation.places[1] != allocation.places[8],
           "what a loop reads late is apart from the result");
    TAP_OK(edge_moves() <= 1, "only what is needed later is moved where the loop begins");
    TAP_OK(allocation.slot_count == 0, "nothing is spilled with a register to spare");
    ir = random;
}

/* ---- Bounds ---- */

static void test_large(void)
{
    struct shape shape = { .seed = 7, .locals = 100, .instructions = 200000, .nesting = 40,
                           .calls = 4, .constructs = 20 };
    u64 before = allocator_steps(allocator);
    bool passed = runs(&shape, 12);
    u64 steps = allocator_steps(allocator) - before;
    printf("# %u instructions, %u blocks, %u slots, %.1f steps each, %u edge moves\n", ir.count,
           ir.block_count, allocation.slot_count, (double)steps / ir.count, edge_moves());
    TAP_OK(passed && ir.count > 200000, "a large function with 100 values alive is allocated");
    TAP_OK(steps < (u64)200 * ir.count, "its work is in proportion to its size");
}

static void test_no_memory(void)
{
    struct shape shape = { .seed = 3, .locals = 30, .instructions = 2000, .nesting = 8,
                           .calls = 20, .constructs = 40 };
    struct target target;
    toy_target(&target, 6);
    generate_ir(&ir, &place.engine.source, &shape);
    target.fold(&ir);
    u32 refused = 0;
    enum status status = STATUS_NO_MEMORY;
    while (status != STATUS_OK && refused < 1000) {
        struct allocator *own = NULL;
        struct allocation out = { 0 };
        u64 taken = place.taken_bytes;
        place.allowed_takes = refused;
        status = allocator_create(&place.engine.source, &own);
        if (status == STATUS_OK) {
            status = allocator_run(own, &ir, &target, &out);
            allocator_destroy(own);
        }
        place.allowed_takes = UINT64_MAX;
        allocation_give(&place.engine.source, &out);
        if ((status != STATUS_OK && status != STATUS_NO_MEMORY) || place.taken_bytes != taken)
            break;
        refused += status != STATUS_OK;
    }
    TAP_OK(status == STATUS_OK && refused > 10, "without memory it says so, and keeps none");
}

/* All at once before a call, and all read behind it. */
static void test_slot_limit(void)
{
    enum { VALUES = 70000 };
    struct ir random = ir;
    static struct ir_instruction code[VALUES + 2];
    static u32 list[VALUES];
    code[0] = (struct ir_instruction){ .op = IR_BLOCK };
    for (u32 n = 1; n <= VALUES; n++) {
        code[n] = (struct ir_instruction){ .op = IR_MEMORY_SIZE, .type = IR_I32, .uses = 1 };
        list[n - 1] = n;
    }
    code[VALUES + 1] = (struct ir_instruction){ .op = IR_RETURN, .b = VALUES };
    struct ir_block block = { .end = VALUES + 2, .loop = IR_NO_LOOP };
    ir = (struct ir){ .code = code, .count = VALUES + 2, .blocks = &block, .block_count = 1,
                      .lists = list, .list_count = VALUES };
    struct target target;
    toy_target(&target, 12);
    TAP_OK(allocator_run(allocator, &ir, &target, &allocation) == STATUS_LIMIT,
           "more slots than there are places are refused");
    code[VALUES + 1].list_count = 60000;
    for (u32 n = 60001; n <= VALUES; n++)
        code[n].uses = 0;
    TAP_OK(allocator_run(allocator, &ir, &target, &allocation) == STATUS_OK &&
               allocation.slot_count > 59000,
           "as many as there are places are not");
    ir = random;
}

int main(void)
{
    place_init(&place);
    u64 taken = place.taken_bytes;
    if (allocator_create(&place.engine.source, &allocator) != STATUS_OK)
        return 1;
    test_random();
    test_mutations();
    test_loop();
    test_large();
    test_no_memory();
    test_slot_limit();
    allocator_destroy(allocator);
    allocation_give(&place.engine.source, &allocation);
    generate_give(&ir, &place.engine.source);
    TAP_OK(place.taken_bytes == taken, "all memory is given back");
    return tap_done();
}
