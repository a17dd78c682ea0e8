/* Runs a function on places that hold names of values. A block is run with what its places hold on
 * all ways to it; that can only become less, so running the blocks until nothing changes comes to
 * an end. Mistakes are looked for in one more round, when it is known what places hold. */
#include "engine/compile/verify.h"

#include "engine/stretch.h"

struct run {
    struct verifier *verifier;
    const struct ir *ir;
    const struct target *target;
    const struct allocation *out;
    u32 place_count;
    u32 *entries; /* of each block: what its places hold when it begins; IR_NO_VALUE: who knows */
    u32 entry_capacity;
    u32 *state; /* the same, now */
    u32 state_capacity;
    u32 *before; /* the same, where several things happen at once */
    u32 before_capacity;
    bool *reached; /* of each block: there is something in `entries` */
    u32 reached_capacity;
    u8 *wishes; /* the target asks for them; nobody reads them here */
    u32 wish_capacity;
    bool is_looking;
    bool is_changed;
};

static void expect(const struct run *run, bool holds, const char *mistake, u32 where)
{
    if (holds || !run->is_looking || run->verifier->mistake != NULL)
        return;
    run->verifier->mistake = mistake;
    run->verifier->where = where;
}

/* ---- Values in places ---- */

static bool is_needed(const struct ir_instruction *i)
{
    return i->uses != 0 || ir_acts(i);
}

static bool has_place(const struct ir_instruction *i)
{
    return i->type != IR_NONE && i->uses != 0 && !i->folded && i->op != IR_CONSTANT;
}

static bool is_register(u32 place)
{
    return place < REGISTER_COUNT;
}

/* Whether the place of a value is one that its type may have. */
static bool is_allowed(const struct run *run, u32 value)
{
    u32 place = run->out->places[value];
    if (!is_register(place))
        return place < run->place_count;
    bool is_float = ir_is_float(run->ir->code[value].type);
    register_set allowed = is_float ? run->target->floats : run->target->integers;
    return (allowed & run->out->used) >> place & 1;
}

/* A value comes to be: what held it before is of another time. */
static void give(struct run *run, u32 value)
{
    for (u32 place = 0; place < run->place_count; place++) {
        if (run->state[place] == value)
            run->state[place] = IR_NO_VALUE;
    }
    if (is_allowed(run, value))
        run->state[run->out->places[value]] = value;
}

/* Whether two values that come to be at once have one place. */
static void expect_apart(const struct run *run, u32 value, u32 other)
{
    expect(run, run->out->places[value] != run->out->places[other],
           "what comes to be at once has places of its own", value);
}

static bool is_held(const struct run *run, const u32 *state, u32 value)
{
    return is_allowed(run, value) && state[run->out->places[value]] == value;
}

/* Calls `check` for each value that is read where `value` is an operand: itself, or what it is
 * computed from there. Folded ones are nested no deeper than FOLD_DEPTH_MAX: live.c insists. */
typedef void use_check(const struct run *run, u32 value, u32 instruction);

static void each_use(const struct run *run, u32 value, u32 instruction, use_check *check)
{
    const struct ir_instruction *i = &run->ir->code[value];
    if (i->op == IR_CONSTANT)
        return;
    if (!i->folded) {
        check(run, value, instruction);
        return;
    }
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(run->ir, i, small, &count);
    for (u32 k = 0; k < count; k++)
        each_use(run, operands[k], instruction, check);
}

static void check_early(const struct run *run, u32 value, u32 instruction)
{
    expect(run, is_held(run, run->before, value), "an operand is in its place", instruction);
}

/* After what the instruction changes, before what it loads again. */
static void check_late(const struct run *run, u32 value, u32 instruction)
{
    expect(run, is_held(run, run->state, value), "a late operand is not changed", instruction);
    for (u32 n = instruction; n < run->ir->count; n++) {
        const struct ir_instruction *i = &run->ir->code[n];
        if (n != instruction && (i->op != IR_RESULT || i->a != instruction))
            return;
        if (has_place(i))
            expect(run, run->out->places[n] != run->out->places[value],
                   "a late operand is apart from the result", instruction);
    }
}

/* ---- Instructions ---- */

/* The first entry of out->saved for this call; entries of the others are elsewhere. */
static u32 saved_first(const struct run *run, u32 call)
{
    u32 low = 0;
    u32 high = run->out->saved_count;
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (run->out->saved[middle].call < call)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_saved_at(const struct run *run, u32 n, u32 call)
{
    return n < run->out->saved_count && run->out->saved[n].call == call;
}

/* A value may be saved where it is not there yet: its interval has no holes. Then nothing is what
 * the slot holds, and what is loaded again. */
static void saves_run(struct run *run, u32 call)
{
    for (u32 n = saved_first(run, call); is_saved_at(run, n, call); n++) {
        const struct saved *saved = &run->out->saved[n];
        bool is_sound = saved->value < run->ir->count && saved->slot < run->out->slot_count &&
                        has_place(&run->ir->code[saved->value]) &&
                        is_register(run->out->places[saved->value]);
        expect(run, is_sound, "what is saved has a register, and a slot to be saved in", call);
        if (is_sound)
            run->state[PLACE_SLOT + saved->slot] = run->before[run->out->places[saved->value]];
    }
}

static void restores_run(struct run *run, u32 call)
{
    for (u32 n = saved_first(run, call); is_saved_at(run, n, call); n++) {
        const struct saved *saved = &run->out->saved[n];
        if (saved->value < run->ir->count && saved->slot < run->out->slot_count &&
            is_register(run->out->places[saved->value]))
            run->state[run->out->places[saved->value]] = run->state[PLACE_SLOT + saved->slot];
    }
}

/* What a call gives comes to be at once, so its further results do not wait for their turn. */
static void results_run(struct run *run, u32 n)
{
    const struct ir *ir = run->ir;
    u32 end = n + 1;
    while (end < ir->count && ir->code[end].op == IR_RESULT && ir->code[end].a == n)
        end++;
    for (u32 value = n; value < end; value++) {
        if (!has_place(&ir->code[value]))
            continue;
        expect(run, is_allowed(run, value), "a value has a place of its class", value);
        give(run, value);
        for (u32 other = n; other < value; other++) {
            if (has_place(&ir->code[other]))
                expect_apart(run, value, other);
        }
    }
}

static void copy_state(u32 *to, const u32 *from, u32 count)
{
    __builtin_memcpy(to, from, count * sizeof(*to));
}

static void instruction_run(struct run *run, u32 n)
{
    struct constraint constraint = { 0 };
    run->target->constrain(run->ir, n, &constraint, run->wishes);
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(run->ir, &run->ir->code[n], small, &count);
    copy_state(run->before, run->state, run->place_count);
    for (u32 k = 0; k < count; k++)
        each_use(run, operands[k], n, check_early);
    if (constraint.saves)
        saves_run(run, n);
    for (u32 place = 0; place < REGISTER_COUNT; place++) {
        if ((constraint.clobbers >> place & 1) != 0)
            run->state[place] = IR_NO_VALUE;
    }
    for (u32 k = 0; k < count && k < 8; k++) {
        if ((constraint.late >> k & 1) != 0)
            each_use(run, operands[k], n, check_late);
    }
    if (constraint.saves)
        restores_run(run, n);
    results_run(run, n);
}

/* ---- Edges ---- */

/* Parameters take their arguments' places all at once, at `end`: `before` is what was there. */
static void edge_run(struct run *run, u32 number, u32 end)
{
    const struct ir *ir = run->ir;
    const struct ir_edge *edge = &ir->edges[number];
    const struct ir_block *to = &ir->blocks[edge->to];
    copy_state(run->state, run->before, run->place_count);
    for (u32 n = 0; n < to->parameter_count; n++) {
        u32 parameter = to->first + 1 + n;
        if (ir->code[parameter].uses == 0)
            continue;
        each_use(run, ir->lists[edge->arguments + n], end, check_early);
        expect(run, is_allowed(run, parameter), "a parameter has a place of its class", parameter);
        for (u32 k = to->first + 1; k < parameter; k++) {
            if (has_place(&ir->code[k]))
                expect_apart(run, parameter, k);
        }
        give(run, parameter);
    }
    u32 *entry = run->entries + (usize)edge->to * run->place_count;
    bool is_first = !run->reached[edge->to];
    for (u32 place = 0; place < run->place_count; place++) {
        if (!is_first && (entry[place] == run->state[place] || entry[place] == IR_NO_VALUE))
            continue;
        entry[place] = is_first ? run->state[place] : (u32)IR_NO_VALUE;
        run->is_changed = true;
    }
    run->reached[edge->to] = true;
}

static void edges_run(struct run *run, u32 end)
{
    const struct ir_instruction *last = &run->ir->code[end];
    copy_state(run->before, run->state, run->place_count);
    for (u32 n = 0; n < ir_edge_count(last); n++)
        edge_run(run, ir_edge_number(last, n), end);
}

/* ---- The whole ---- */

static void argument_run(struct run *run, u32 n)
{
    expect(run, is_allowed(run, n), "an argument has a place of its class", n);
    for (u32 other = 1; other < n; other++) {
        if (has_place(&run->ir->code[other]))
            expect_apart(run, n, other);
    }
    give(run, n);
}

static void block_run(struct run *run, u32 number)
{
    const struct ir *ir = run->ir;
    const struct ir_block *block = &ir->blocks[number];
    copy_state(run->state, run->entries + (usize)number * run->place_count, run->place_count);
    for (u32 n = block->first; n < block->end; n++) {
        const struct ir_instruction *i = &ir->code[n];
        if (!is_needed(i) || i->folded || i->op == IR_PARAMETER || i->op == IR_RESULT ||
            i->op == IR_CONSTANT)
            continue;
        if (i->op == IR_ARGUMENT)
            argument_run(run, n);
        else
            instruction_run(run, n);
    }
    edges_run(run, block->end - 1);
}

static void blocks_run(struct run *run)
{
    run->is_changed = false;
    for (u32 block = 0; block < run->ir->block_count; block++) {
        if (run->reached[block])
            block_run(run, block);
    }
}

/* That each entry is for a call, in order, and that nothing has a place that needs none. */
static void check_lists(const struct run *run)
{
    const struct allocation *out = run->out;
    for (u32 n = 0; n < out->saved_count; n++) {
        expect(run, out->saved[n].call < run->ir->count, "what is saved is saved for a call", n);
        expect(run, n == 0 || out->saved[n - 1].call <= out->saved[n].call,
               "what is saved is in the order of calls", n);
    }
    for (u32 n = 0; n < run->ir->count; n++)
        expect(run, has_place(&run->ir->code[n]) || out->places[n] == PLACE_NONE,
               "what is not needed has no place", n);
}

static bool run_begin(struct run *run)
{
    const struct source *source = run->verifier->source;
    usize blocks = run->ir->block_count;
    return stretch(source, (void **)&run->entries, &run->entry_capacity, blocks * run->place_count,
                   sizeof(*run->entries)) &&
           stretch(source, (void **)&run->state, &run->state_capacity, run->place_count,
                   sizeof(*run->state)) &&
           stretch(source, (void **)&run->before, &run->before_capacity, run->place_count,
                   sizeof(*run->before)) &&
           stretch(source, (void **)&run->reached, &run->reached_capacity, blocks,
                   sizeof(*run->reached)) &&
           stretch(source, (void **)&run->wishes, &run->wish_capacity, run->ir->count,
                   sizeof(*run->wishes));
}

static void run_deinit(struct run *run)
{
    const struct source *source = run->verifier->source;
    stretch_give(source, run->entries, run->entry_capacity, sizeof(*run->entries));
    stretch_give(source, run->state, run->state_capacity, sizeof(*run->state));
    stretch_give(source, run->before, run->before_capacity, sizeof(*run->before));
    stretch_give(source, run->reached, run->reached_capacity, sizeof(*run->reached));
    stretch_give(source, run->wishes, run->wish_capacity, sizeof(*run->wishes));
}

bool verify_allocation(struct verifier *verifier, const struct ir *ir, const struct target *target,
                       const struct allocation *allocation)
{
    struct run run = {
        .verifier = verifier,
        .ir = ir,
        .target = target,
        .out = allocation,
        .place_count = PLACE_SLOT + allocation->slot_count,
    };
    verifier->mistake = NULL;
    if (run_begin(&run)) {
        run.reached[0] = true;
        do {
            blocks_run(&run);
        } while (run.is_changed);
        run.is_looking = true;
        check_lists(&run);
        blocks_run(&run);
    } else {
        run.is_looking = true;
        expect(&run, false, "there is memory", 0);
    }
    run_deinit(&run);
    return verifier->mistake == NULL;
}
