#include "tests/compile/support/print.h"

#include <stdarg.h>
#include <stdio.h>

struct page {
    char *at;
    usize left;
};

__attribute__((format(printf, 2, 3))) static void put(struct page *page, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int size = vsnprintf(page->at, page->left, format, list);
    va_end(list);
    usize written = size < 0 ? 0 : (usize)size;
    if (written >= page->left)
        written = page->left == 0 ? 0 : page->left - 1;
    page->at += written;
    page->left -= written;
}

static const char *const opcode_names[OPCODE_COUNT] = {
#define OPCODE(name, prefix, code, text, immediate, signature, feature) [OPCODE_##name] = text,
#include "engine/opcode.def"
#undef OPCODE
};

static const char *op_name(u32 op)
{
    static const char *const names[] = {
        "nothing",    "block",       "parameter",     "argument",
        "constant",   "result",      "global_get",    "global_set",
        "select",     "call",        "call_import",   "call_indirect",
        "runtime",    "function",    "memory_size",   "table_size",
        "jump",       "branch",      "table",         "return",
        "trap",       "tail_call",   "tail_call_import", "tail_call_indirect",
    };
    _Static_assert(BASE_ARRAY_COUNT(names) == (int)IR_OP_END - (int)OPCODE_COUNT, "one name each");
    return op < OPCODE_COUNT ? opcode_names[op] : names[op - OPCODE_COUNT];
}

static const char *type_name(u32 type)
{
    static const char *const names[] = { "none", "i32", "i64", "f32", "f64" };
    return names[type];
}

static bool is_shown(const struct ir_instruction *i)
{
    return i->op != IR_BLOCK && i->op != IR_PARAMETER && (i->uses != 0 || ir_acts(i));
}

/* The arguments for parameters that are needed. */
static void put_edge(struct page *page, const struct ir *ir, u32 edge)
{
    const struct ir_edge *way = &ir->edges[edge];
    const struct ir_block *to = &ir->blocks[way->to];
    bool any = false;
    put(page, " %u", way->to);
    for (u32 i = 0; i < to->parameter_count; i++) {
        if (ir->code[to->first + 1 + i].uses == 0)
            continue;
        put(page, "%sv%u", any ? " " : " (", ir->lists[way->arguments + i]);
        any = true;
    }
    if (any)
        put(page, ")");
}

static void put_end(struct page *page, const struct ir *ir, const struct ir_instruction *i)
{
    switch (i->op) {
    case IR_JUMP:
        put_edge(page, ir, i->b);
        break;
    case IR_BRANCH:
        put(page, " ?");
        put_edge(page, ir, i->b);
        put(page, " :");
        put_edge(page, ir, i->c);
        break;
    case IR_TABLE:
        for (u32 n = 0; n < i->c; n++)
            put_edge(page, ir, i->b + n);
        break;
    default:
        break;
    }
}

/* What is known of it besides its operands. */
static u64 bits_of(const struct ir *ir, const struct ir_instruction *i)
{
    if (ir_is_load(i) || ir_is_store(i))
        return (u64)i->memory << 32 | i->c;
    if (ir_behind_count(i) == 1)
        return (u64)*ir_behind(ir, i) << 32 | i->c;
    if (ir_behind_count(i) == 2)
        return i->c | (u64)ir_behind(ir, i)[0] << 8 | (u64)ir_behind(ir, i)[1] << 36;
    if (ir_has_list(i) || (ir_properties[i->op] & IR_MAY_TRAP) != 0)
        return i->c;
    return ir_operand_count(i) > 1 || i->op == IR_JUMP || i->op == IR_BRANCH ||
                   i->op == IR_TABLE
               ? 0
               : i->op == IR_CONSTANT ? ir_bits(i) : i->c;
}

static void put_instruction(struct page *page, const struct ir *ir, u32 number)
{
    const struct ir_instruction *i = &ir->code[number];
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(ir, i, small, &count);
    put(page, "  ");
    if (i->type != IR_NONE)
        put(page, "v%u %s = ", number, type_name(i->type));
    put(page, "%s", op_name(i->op));
    u64 bits = bits_of(ir, i);
    if (i->op == IR_CONSTANT || bits != 0)
        put(page, " 0x%llx", (unsigned long long)bits);
    for (u32 n = 0; n < count; n++)
        put(page, " v%u", operands[n]);
    put_end(page, ir, i);
    put(page, "\n");
}

/* The block that an edge leaves. */
static u32 block_before(const struct ir *ir, u32 edge)
{
    for (u32 block = 0; block < ir->block_count; block++) {
        const struct ir_instruction *last = &ir->code[ir->blocks[block].end - 1];
        for (u32 n = 0; n < ir_edge_count(last); n++)
            if (ir_edge_number(last, n) == edge)
                return block;
    }
    return UINT32_MAX;
}

static void put_block(struct page *page, const struct ir *ir, u32 number)
{
    const struct ir_block *block = &ir->blocks[number];
    put(page, "block %u", number);
    for (u32 i = 1; i <= block->parameter_count; i++) {
        const struct ir_instruction *parameter = &ir->code[block->first + i];
        if (parameter->uses != 0)
            put(page, " (v%u %s)", block->first + i, type_name(parameter->type));
    }
    for (u32 edge = ir->entries[number]; edge != IR_NO_EDGE; edge = ir->others[edge])
        put(page, "%s %u", edge == ir->entries[number] ? " from" : "", block_before(ir, edge));
    put(page, "%s%s\n", block->depth != 0 ? ", loop" : "", block->is_cold ? ", cold" : "");
}

void print_ir(const struct ir *ir, char *text, usize size)
{
    struct page page = { text, size };
    for (u32 b = 0; b < ir->block_count; b++) {
        put_block(&page, ir, b);
        for (u32 n = ir->blocks[b].first; n < ir->blocks[b].end; n++)
            if (is_shown(&ir->code[n]))
                put_instruction(&page, ir, n);
    }
}
