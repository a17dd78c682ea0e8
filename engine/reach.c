/* Which functions a function could ever call.
 *
 * An indirect call may meet any function of its type whose address is taken: by an element
 * segment, a global, a table's initial value, or a ref.func anywhere; and exported ones if other
 * modules can reach a table, as they could put them there. */
#include "engine/const_expression.h"
#include "engine/sort.h"
#include "engine/types.h"
#include "engine/walk.h"

struct reach {
    const struct module *module;
    bool *reached;
    bool *taken;      /* by function: its address is */
    u32 *by_type;     /* the taken ones, in the order of their types' ids */
    u32 taken_count;  /* of by_type */
    bool *met;        /* by place in by_type, at the first of each type: all of it is reached */
    u32 *pending;     /* own functions that are reached and not walked yet */
    u32 pending_count;
};

static void take_expression(struct reach *reach, const struct const_expression *expression)
{
    u32 function = expression->bytes.size == 0 ? UINT32_MAX : const_expression_function(expression);
    if (function != UINT32_MAX)
        reach->taken[function] = true;
}

static void take_elements(struct reach *reach, const struct element_segment *segment)
{
    for (u32 i = 0; i < segment->count; i++)
        if (segment->expressions != NULL)
            take_expression(reach, &segment->expressions[i]);
        else
            reach->taken[segment->functions[i]] = true;
}

static void take_in_body(struct reach *reach, const struct module_function *function)
{
    struct walk walk;
    walk_init(&walk, function);
    while (walk_next(&walk))
        if (walk.opcode == OPCODE_REF_FUNC)
            reach->taken[walk.index] = true;
}

static bool tables_are_shared(const struct module *module)
{
    bool shared = module->imported_table_count != 0;
    for (u32 i = 0; i < module->export_count; i++)
        shared = shared || module->exports[i].kind == EXTERN_TABLE;
    return shared;
}

static void take_all(struct reach *reach)
{
    const struct module *module = reach->module;
    bool shared = tables_are_shared(module);
    for (u32 i = 0; i < module->element_count; i++)
        take_elements(reach, &module->elements[i]);
    for (u32 i = module->imported_global_count; i < module->global_count; i++)
        take_expression(reach, &module->globals[i].initial);
    for (u32 i = module->imported_table_count; i < module->table_count; i++)
        take_expression(reach, &module->tables[i].initial);
    for (u32 i = module->imported_function_count; i < module->function_count; i++)
        take_in_body(reach, &module->functions[i]);
    for (u32 i = 0; i < module->export_count && shared; i++)
        if (module->exports[i].kind == EXTERN_FUNCTION)
            reach->taken[module->exports[i].index] = true;
}

static int type_order(const void *context, u32 a, u32 b)
{
    const struct module *module = context;
    u32 type_a = module->functions[a].type->id;
    u32 type_b = module->functions[b].type->id;
    return type_a < type_b ? -1 : type_a > type_b;
}

static void sort_taken(struct reach *reach)
{
    for (u32 i = 0; i < reach->module->function_count; i++)
        if (reach->taken[i])
            reach->by_type[reach->taken_count++] = i;
    sort_indices(reach->by_type, reach->taken_count, type_order, reach->module);
}

static void reach_mark(struct reach *reach, u32 function)
{
    if (reach->reached[function])
        return;
    reach->reached[function] = true;
    if (function >= reach->module->imported_function_count)
        reach->pending[reach->pending_count++] = function;
}

static u32 taken_type(const struct reach *reach, u32 place)
{
    return reach->module->functions[reach->by_type[place]].type->id;
}

static void reach_indirect(struct reach *reach, u32 type)
{
    u32 low = 0;
    u32 high = reach->taken_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (taken_type(reach, middle) < type)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == reach->taken_count || reach->met[low])
        return;
    reach->met[low] = true;
    for (u32 i = low; i < reach->taken_count && taken_type(reach, i) == type; i++)
        reach_mark(reach, reach->by_type[i]);
}

static void reach_body(struct reach *reach, u32 function)
{
    struct walk walk;
    walk_init(&walk, &reach->module->functions[function]);
    while (walk_next(&walk)) {
        switch (walk.opcode) {
        case OPCODE_CALL:
        case OPCODE_RETURN_CALL:
            reach_mark(reach, walk.index);
            break;
        case OPCODE_CALL_INDIRECT:
        case OPCODE_RETURN_CALL_INDIRECT:
            reach_indirect(reach, reach->module->types[walk.index]->id);
            break;
        default:
            break;
        }
    }
}

static bool reach_take_memory(struct reach *reach, struct arena *arena)
{
    u32 count = reach->module->function_count;
    reach->taken = arena_take(arena, count, sizeof(*reach->taken));
    reach->by_type = arena_take(arena, count, sizeof(*reach->by_type));
    reach->met = arena_take(arena, count, sizeof(*reach->met));
    reach->pending = arena_take(arena, count, sizeof(*reach->pending));
    return reach->taken != NULL && reach->by_type != NULL && reach->met != NULL &&
           reach->pending != NULL;
}

enum status module_reach(const struct module *module, u32 function, bool *reached)
{
    struct arena arena;
    struct reach reach = { .module = module, .reached = reached };
    BASE_ASSERT(function < module->function_count);
    arena_init(&arena, &module->engine->place->source, 0);
    if (!reach_take_memory(&reach, &arena)) {
        arena_deinit(&arena);
        return STATUS_NO_MEMORY;
    }
    take_all(&reach);
    sort_taken(&reach);
    reach_mark(&reach, function);
    while (reach.pending_count != 0)
        reach_body(&reach, reach.pending[--reach.pending_count]);
    arena_deinit(&arena);
    return STATUS_OK;
}
