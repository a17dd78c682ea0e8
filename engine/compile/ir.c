/* A function's arrays. */
#include "engine/compile/ir.h"

#include "engine/module.h"
#include "engine/stretch.h"

enum { LARGE_BYTES = 16 << 10 };

bool ir_is_large(const struct module *module, u32 function)
{
    return module->functions[function].body.size >= LARGE_BYTES;
}

u32 ir_site_of(const struct ir *ir, u32 instruction)
{
    u32 low = 0;
    u32 high = ir->site_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (ir->sites[middle].first <= instruction)
            low = middle + 1;
        else
            high = middle;
    }
    u32 site = low == 0 ? (u32)IR_NO_SITE : low - 1;
    while (site != IR_NO_SITE && instruction >= ir->sites[site].end)
        site = ir->sites[site].outer;
    return site;
}

/* ---- Lists ---- */

/* What stands in a list's first place while lists are moved: with the value that was there, that it
 * has been counted; with the number of its new place, that it has been moved. Values are smaller. */
enum { LIST_COUNTED = 1u << 30, LIST_MOVED = 1u << 29 };

_Static_assert(IR_COUNT_MAX < (int)LIST_MOVED, "in one word");

static u32 list_length(const struct ir_instruction *i)
{
    return ir_has_list(i) ? i->list_count + ir_behind_count(i) : 0;
}

/* What is read of all lists. Edges of a br_table share theirs. */
static u32 lists_count(const struct ir *ir)
{
    u32 count = 0;
    for (u32 n = 0; n < ir->count; n++)
        count += list_length(&ir->code[n]);
    for (u32 edge = 0; edge < ir->edge_count; edge++) {
        u32 length = ir->blocks[ir->edges[edge].to].parameter_count;
        u32 first = ir->edges[edge].arguments;
        if (length == 0 || (ir->lists[first] & LIST_COUNTED) != 0)
            continue;
        count += length;
        ir->lists[first] |= LIST_COUNTED;
    }
    return count;
}

static void instruction_lists_move(struct ir *ir, u32 *to, u32 *count)
{
    for (u32 n = 0; n < ir->count; n++) {
        struct ir_instruction *i = &ir->code[n];
        u32 length = list_length(i);
        if (length == 0)
            continue;
        __builtin_memcpy(to + *count, ir->lists + i->list, length * sizeof(*to));
        i->list = ir_number(*count);
        *count += length;
    }
}

static void edge_lists_move(const struct ir *ir, u32 *to, u32 *count)
{
    for (u32 edge = 0; edge < ir->edge_count; edge++) {
        u32 length = ir->blocks[ir->edges[edge].to].parameter_count;
        u32 *from = ir->lists + ir->edges[edge].arguments;
        u32 start = length == 0 ? 0 : *from & ~(u32)LIST_MOVED;
        if (length != 0 && (*from & LIST_MOVED) == 0) {
            start = *count;
            __builtin_memcpy(to + start, from, length * sizeof(*to));
            to[start] &= ~(u32)LIST_COUNTED;
            *from = start | LIST_MOVED;
            *count += length;
        }
        ir->edges[edge].arguments = start;
    }
}

/* Half of what edges bring their blocks do not ask for, as it is the same on all ways. Without memory lists
 * stay as they are. */
static void lists_compact(const struct source *source, struct ir *ir)
{
    u32 *lists = NULL;
    u32 capacity = 0;
    u32 count = 0;
    if (!stretch(source, (void **)&lists, &capacity, lists_count(ir) + (usize)1, sizeof(*lists))) {
        for (u32 n = 0; n < ir->list_count; n++)
            ir->lists[n] &= ~(u32)LIST_COUNTED;
        return;
    }
    instruction_lists_move(ir, lists, &count);
    edge_lists_move(ir, lists, &count);
    stretch_give(source, ir->lists, ir->list_capacity, sizeof(*ir->lists));
    ir->lists = lists;
    ir->list_count = count;
    ir->list_capacity = capacity;
}

/* ---- What is given back ---- */

static void entries_give(const struct source *source, struct ir *ir)
{
    stretch_clear(source, (void **)&ir->others, &ir->other_capacity, sizeof(*ir->others));
    stretch_clear(source, (void **)&ir->entries, &ir->entry_capacity, sizeof(*ir->entries));
}

void ir_trim(const struct source *source, struct ir *ir)
{
    entries_give(source, ir);
    stretch_trim(source, (void **)&ir->code, &ir->capacity, ir->count, sizeof(*ir->code));
    lists_compact(source, ir);
    stretch_trim(source, (void **)&ir->edges, &ir->edge_capacity, ir->edge_count,
                 sizeof(*ir->edges));
    stretch_trim(source, (void **)&ir->blocks, &ir->block_capacity, ir->block_count,
                 sizeof(*ir->blocks));
}

void ir_destroy(const struct source *source, struct ir *ir)
{
    entries_give(source, ir);
    stretch_give(source, ir->code, ir->capacity, sizeof(*ir->code));
    stretch_give(source, ir->blocks, ir->block_capacity, sizeof(*ir->blocks));
    stretch_give(source, ir->edges, ir->edge_capacity, sizeof(*ir->edges));
    stretch_give(source, ir->loops, ir->loop_capacity, sizeof(*ir->loops));
    stretch_give(source, ir->sites, ir->site_capacity, sizeof(*ir->sites));
    stretch_give(source, ir->lists, ir->list_capacity, sizeof(*ir->lists));
}
