/* One pass over the instructions. It goes forwards, so the end of an interval is its last use, and
 * a loop needs to be looked at only by the first use in it. */
#include "engine/compile/live.h"

#include "engine/stretch.h"

struct pass {
    struct live *live;
    const struct ir *ir;
    const struct target *target;
    struct interval *intervals;
    u8 *wishes;
    u32 block;
    u32 loop;       /* the innermost loop here, or IR_NO_LOOP */
    u32 loop_start; /* its first instruction; 0: in no loop */
    u32 frequency;  /* of the block */
    u8 *numbers;
    u8 number; /* as live->numbers has that of the next interval */
    bool is_late_in_call;
    bool is_failed; /* no memory */
};

/* ---- Uses ---- */

u16 weight_add_scaled(u32 weight, u32 frequency)
{
    u32 scale = weight & WEIGHT_SCALE_MAX;
    u64 number = (weight >> WEIGHT_SCALE_BITS) + (frequency >> 3 * scale);
    for (; number > UINT16_MAX >> WEIGHT_SCALE_BITS && scale < WEIGHT_SCALE_MAX; scale++)
        number >>= 3;
    return (u16)(u64_min(number, UINT16_MAX >> WEIGHT_SCALE_BITS) << WEIGHT_SCALE_BITS | scale);
}

/* Behind the outermost loop here that a value from before `start` lives through. */
static BASE_RARE u32 loop_end(const struct pass *pass, u32 start)
{
    const struct ir *ir = pass->ir;
    u32 loop = pass->loop;
    for (;;) {
        u32 outer = ir->loops[loop].outer;
        if (outer == IR_NO_LOOP || ir->blocks[ir->loops[outer].header].first <= start)
            return ir->blocks[ir->loops[loop].end - 1].end;
        loop = outer;
    }
}

static BASE_WITHIN void interval_use(struct pass *pass, u32 number, u32 end)
{
    struct interval *interval = &pass->intervals[number];
    interval->weight = weight_add(interval->weight, pass->frequency);
    interval->is_late_in_call |= pass->is_late_in_call;
    if (end > interval->end)
        interval->end = ir_number(interval->start < pass->loop_start
                                            ? loop_end(pass, interval->start) : end);
}

static BASE_APART void folded_use(struct pass *pass, u32 value, u32 end, u32 depth);

static BASE_WITHIN void operand_use(struct pass *pass, u32 value, u32 end, u32 depth)
{
    if (live_is_somewhere(pass->live, value))
        interval_use(pass, live_interval(pass->live, value), end);
    else if (pass->ir->code[value].folded)
        folded_use(pass, value, end, depth);
}

/* Computed by its user, so its operands are read there. */
static BASE_APART void folded_use(struct pass *pass, u32 value, u32 end, u32 depth)
{
    BASE_ASSERT(depth < FOLD_DEPTH_MAX);
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(pass->ir, &pass->ir->code[value], small, &count);
    for (u32 n = 0; n < count; n++)
        operand_use(pass, operands[n], end, depth + 1);
}

static void edge_use(struct pass *pass, u32 edge, u32 instruction)
{
    const struct ir *ir = pass->ir;
    const struct ir_block *to = &ir->blocks[ir->edges[edge].to];
    const u32 *arguments = ir->lists + ir->edges[edge].arguments;
    for (u32 n = 0; n < to->parameter_count; n++) {
        u32 parameter = to->first + 1 + n;
        if (ir->code[parameter].uses == 0)
            continue;
        pass->live->copy_count += live_is_somewhere(pass->live, arguments[n]);
        operand_use(pass, arguments[n], instruction, 0);
    }
}

static void edges_use(struct pass *pass, const struct ir_instruction *i, u32 instruction)
{
    for (u32 n = 0; n < ir_edge_count(i); n++)
        edge_use(pass, ir_edge_number(i, n), instruction);
}

/* ---- Instructions ---- */

static BASE_RARE void intervals_stretch(struct pass *pass)
{
    struct live *live = pass->live;
    if (!stretch(live->source, (void **)&live->intervals, &live->interval_capacity,
                 (usize)live->interval_count + 3, sizeof(*live->intervals)))
        pass->is_failed = true;
    pass->intervals = live->intervals;
}

static inline void value_give(struct pass *pass, u32 value, u32 start, u8 note)
{
    struct live *live = pass->live;
    u32 type = pass->ir->code[value].type;
    if (__builtin_expect(live->interval_count + 2 >= live->interval_capacity, 0)) {
        intervals_stretch(pass);
        if (pass->is_failed)
            return;
    }
    pass->intervals[++live->interval_count] = (struct interval){
        .start = ir_number(start),
        .end = ir_number(start + 1),
        .weight = weight_add(0, pass->frequency),
        .type = (u8)type,
        .note = note,
    };
    pass->numbers[value] |= LIVE_IS_VALUE;
    pass->number = (u8)(pass->number + 2);
    live->types |= 1u << type;
}

static void call_add(struct pass *pass, u32 instruction, register_set clobbers)
{
    struct live *live = pass->live;
    if (!stretch(live->source, (void **)&live->calls, &live->call_capacity, live->call_count + 2,
                 sizeof(*live->calls))) {
        pass->is_failed = true;
        return;
    }
    struct live_call *call = &live->calls[live->call_count++];
    call->clobbers = clobbers;
    call->instruction = instruction;
    call[1].frequency_before = call->frequency_before + pass->frequency;
    live->called |= clobbers;
}

static void clobber_add(struct pass *pass, u32 instruction, register_set clobbers)
{
    struct live *live = pass->live;
    if (!stretch(live->source, (void **)&live->clobbers, &live->clobber_capacity,
                 live->clobber_count + 1, sizeof(*live->clobbers)))
        pass->is_failed = true;
    else
        live->clobbers[live->clobber_count++] = (struct live_clobber){ clobbers, instruction };
}

/* For the interval that begins now. */
static u8 note_of(const struct live *live, u32 operand, u32 number)
{
    u32 preferred = live_interval(live, operand);
    u32 distance = live->interval_count + 1 - preferred;
    BASE_ASSERT(number <= 2);
    if (preferred == 0)
        return 0;
    return distance < NOTE_FIRST ? (u8)distance : (u8)(NOTE_FIRST + number - 1);
}

/* An instruction that is computed where it stands. */
static void instruction_pass(struct pass *pass, u32 n)
{
    const struct ir_instruction *i = &pass->ir->code[n];
    struct constraint constraint = { 0 };
    pass->target->constrain(pass->ir, n, &constraint, pass->wishes);
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(pass->ir, i, small, &count);
    u32 late = constraint.late;
    for (u32 k = 0; k < count; k++, late >>= 1) {
        if (constraint.saves)
            pass->is_late_in_call = (late & 1) != 0;
        operand_use(pass, operands[k], n + (late & 1), 0);
    }
    pass->is_late_in_call = false;
    if (ir_is_end(i)) {
        u32 copies = pass->live->copy_count;
        edges_use(pass, i, n);
        if (pass->live->copy_count != copies)
            pass->live->joining[pass->block / 64] |= (u64)1 << pass->block % 64;
    }
    if (constraint.clobbers != 0 && constraint.saves)
        call_add(pass, n, constraint.clobbers);
    else if (constraint.clobbers != 0)
        clobber_add(pass, n, constraint.clobbers);
    if (i->type == IR_NONE || i->uses == 0)
        return;
    u8 note = 0;
    if (constraint.prefer != 0)
        note = note_of(pass->live, operands[constraint.prefer - 1], constraint.prefer);
    pass->live->copy_count += note != 0;
    value_give(pass, n, n, note);
}

static inline bool is_early(const struct ir_instruction *i)
{
    return i->op == IR_PARAMETER || i->op == IR_ARGUMENT || i->op == IR_RESULT;
}

/* Where a value comes to be that is there before its own instruction. */
static u32 early_start(const struct ir_block *block, const struct ir_instruction *i)
{
    return i->op == IR_PARAMETER ? block->first : i->op == IR_RESULT ? i->a : 0;
}

/* Before what is at that instruction. */
static inline void number_begin(struct pass *pass, u32 instruction)
{
    struct live *live = pass->live;
    if (instruction % LIVE_STRIDE == 0) {
        live->counts[instruction / LIVE_STRIDE].first = live->interval_count + 1;
        pass->number = 0;
    }
    pass->numbers[instruction] = pass->number;
}

static void block_pass(struct pass *pass, const struct ir_block *block)
{
    const struct ir_instruction *i = &pass->ir->code[block->first];
    for (u32 n = block->first, end = block->end; n < end; n++, i++) {
        number_begin(pass, n);
        if (ir_is_computed(i))
            instruction_pass(pass, n);
        else if (is_early(i) && i->uses != 0)
            value_give(pass, n, early_start(block, i), 0);
    }
}

static void block_enter(struct pass *pass, const struct ir_block *block)
{
    const struct ir *ir = pass->ir;
    u32 rank = live_rank(block);
    pass->live->ranks |= 1u << rank;
    pass->frequency = rank == 0 ? 1 : (u32)FREQUENCY_ONCE << (3 * (rank - 1));
    pass->loop = block->loop;
    pass->loop_start =
        block->loop == IR_NO_LOOP ? 0 : ir->blocks[ir->loops[block->loop].header].first;
}

/* ---- The whole ---- */

/* How many intervals there will be, at most: so that the array of a large function need not grow. */
static u32 intervals_count(const struct ir *ir)
{
    u32 count = 0;
    for (u32 n = 0; n < ir->count; n++) {
        const struct ir_instruction *i = &ir->code[n];
        count += i->type != IR_NONE && i->op != IR_CONSTANT && !i->folded && i->uses != 0;
    }
    return count;
}

static bool live_begin(struct live *live, const struct ir *ir)
{
    const struct source *source = live->source;
    u32 count = ir->count;
    u32 intervals = 2 + (ir->is_large ? intervals_count(ir) : 0);
    live->interval_count = 0;
    live->clobber_count = 0;
    live->call_count = 0;
    live->called = 0;
    live->copy_count = 0;
    live->ranks = 0;
    live->types = 0;
    BASE_ASSERT(count + 1 < 1u << IR_COUNT_BITS);
    if (!stretch(source, (void **)&live->numbers, &live->number_capacity, (usize)count + 1,
                 sizeof(*live->numbers)) ||
        !stretch(source, (void **)&live->intervals, &live->interval_capacity, intervals,
                 sizeof(*live->intervals)) ||
        !stretch(source, (void **)&live->counts, &live->count_capacity,
                 (usize)count / LIVE_STRIDE + 1, sizeof(*live->counts)) ||
        !stretch(source, (void **)&live->calls, &live->call_capacity, 1, sizeof(*live->calls)) ||
        !stretch(source, (void **)&live->joining, &live->joining_capacity,
                 ir->block_count / 64 + (usize)1, sizeof(*live->joining)))
        return false;
    __builtin_memset(live->joining, 0, (ir->block_count / 64 + 1) * sizeof(*live->joining));
    live->calls[0].frequency_before = 0;
    return true;
}

/* When all calls and clobbers are known. */
static void counts_fill(struct live *live, u32 count)
{
    struct live_count at = { 0 };
    for (u32 n = 0; n <= count / LIVE_STRIDE; n++) {
        while (at.clobbers < live->clobber_count &&
               live->clobbers[at.clobbers].instruction < n * LIVE_STRIDE)
            at.clobbers++;
        while (at.calls < live->call_count &&
               live->calls[at.calls].instruction < n * LIVE_STRIDE)
            at.calls++;
        live->counts[n].clobbers = at.clobbers;
        live->counts[n].calls = at.calls;
    }
}

bool live_run(struct live *live, const struct ir *ir, const struct target *target, u8 *wishes)
{
    if (!live_begin(live, ir))
        return false;
    struct pass pass = {
        .live = live,
        .ir = ir,
        .target = target,
        .intervals = live->intervals,
        .numbers = live->numbers,
        .wishes = wishes,
    };
    struct constraint none = { 0 };
    target->constrain(ir, 0, &none, wishes);
    for (u32 block = 0; block < ir->block_count && !pass.is_failed; block++) {
        BASE_ASSERT(ir->blocks[block].first == (block == 0 ? 0 : ir->blocks[block - 1].end));
        pass.block = block;
        block_enter(&pass, &ir->blocks[block]);
        block_pass(&pass, &ir->blocks[block]);
    }
    number_begin(&pass, ir->count);
    counts_fill(live, ir->count);
    return !pass.is_failed;
}

void live_deinit(struct live *live)
{
    const struct source *source = live->source;
    stretch_give(source, live->intervals, live->interval_capacity, sizeof(*live->intervals));
    stretch_give(source, live->numbers, live->number_capacity, sizeof(*live->numbers));
    stretch_give(source, live->counts, live->count_capacity, sizeof(*live->counts));
    stretch_give(source, live->clobbers, live->clobber_capacity, sizeof(*live->clobbers));
    stretch_give(source, live->calls, live->call_capacity, sizeof(*live->calls));
    stretch_give(source, live->joining, live->joining_capacity, sizeof(*live->joining));
}
