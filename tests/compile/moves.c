#include "engine/compile/moves.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

/* A machine of a few registers of each class and slots: numbers in places. Integers are in
 * registers below MACHINE_FLOATS. */
enum {
    MACHINE_FLOATS = 32,
    INTEGER_SCRATCH = 31,
    FLOAT_SCRATCH = 63,
    SLOTS = 4096,
    PLACES = PLACE_SLOT + SLOTS,
    MOVES_MAX = 6000,
};

static const u16 scratch[2] = { INTEGER_SCRATCH, FLOAT_SCRATCH };
static u32 machine[PLACES];
static u32 expected[PLACES];
static struct move ordered[2 * MOVES_MAX];

static bool is_register_of(u16 place, bool is_float)
{
    return place < REGISTER_COUNT && (place >= MACHINE_FLOATS) == is_float;
}

/* Does one move as an emitter would: from slot to slot through the scratch register of the other
 * class, whose contents are lost. False: no emitter could. */
static bool step(const struct move *move)
{
    bool is_float = ir_is_float(move->type);
    bool reads_register = move->from < REGISTER_COUNT;
    if ((reads_register && !is_register_of(move->from, is_float)) ||
        (move->to < REGISTER_COUNT && !is_register_of(move->to, is_float)))
        return false;
    u32 moved = move->from == PLACE_NONE ? move->value : machine[move->from];
    if (!reads_register && move->from != PLACE_NONE && move->to >= PLACE_SLOT)
        machine[scratch[!is_float]] = UINT32_MAX;
    machine[move->to] = moved;
    return true;
}

/* Whether the order has the effect of all at once. */
static bool is_right(const struct move *moves, u32 count)
{
    for (u32 n = 0; n < PLACES; n++)
        machine[n] = expected[n] = n + 1;
    for (u32 n = 0; n < count; n++)
        expected[moves[n].to] = moves[n].from == PLACE_NONE ? moves[n].value : moves[n].from + 1u;
    memset(ordered, 0xAA, sizeof(ordered));
    u32 steps = moves_order(moves, count, scratch, ordered);
    bool had_constant = false;
    for (u32 n = 0; n < steps; n++) {
        if (!step(&ordered[n]) || (had_constant && ordered[n].from != PLACE_NONE) ||
            ordered[n].from == ordered[n].to)
            return false;
        had_constant |= ordered[n].from == PLACE_NONE;
    }
    machine[INTEGER_SCRATCH] = expected[INTEGER_SCRATCH];
    machine[FLOAT_SCRATCH] = expected[FLOAT_SCRATCH];
    return steps <= count + count / 2 && memcmp(machine, expected, sizeof(machine)) == 0;
}

/* Every way in which `count` places, of which those in `slots` are slots, can take the contents of
 * each other, stay as they are, or take a constant: base count + 2 numbers. */
static bool all_are_right(u32 count, u32 slots)
{
    u32 ways = 1;
    for (u32 n = 0; n < count; n++)
        ways *= count + 2;
    for (u32 way = 0; way < ways; way++) {
        struct move moves[8];
        u32 move_count = 0;
        u32 rest = way;
        for (u32 n = 0; n < count; n++, rest /= count + 2) {
            u32 from = rest % (count + 2);
            u16 to = (u16)(slots >> n & 1 ? PLACE_SLOT + n : n);
            if (from == count)
                continue;
            u16 place = (u16)(slots >> from & 1 ? PLACE_SLOT + from : from);
            moves[move_count++] = (struct move){
                .value = 1000 + n, .from = from > count ? (u16)PLACE_NONE : place, .to = to,
                .type = IR_I32
            };
        }
        if (!is_right(moves, move_count))
            return false;
    }
    return true;
}

static void test_small(void)
{
    bool registers = true;
    bool mixed = true;
    for (u32 count = 0; count <= 5; count++) {
        registers = registers && all_are_right(count, 0);
        mixed = mixed && all_are_right(count, 0x0A) && all_are_right(count, 0x1F);
    }
    TAP_OK(registers, "all ways to move up to five registers are right");
    TAP_OK(mixed, "so are those with slots among them");
}

/* A cycle through registers of both classes and slots, which either class uses. */
static void test_classes(void)
{
    enum { A = 0, X = MACHINE_FLOATS, S = PLACE_SLOT };
    const struct move moves[] = {
        { .from = A, .to = S, .type = IR_I32 },
        { .from = S, .to = X, .type = IR_F64 },
        { .from = X, .to = S + 1, .type = IR_F32 },
        { .from = S + 1, .to = S + 2, .type = IR_F32 },
        { .from = S + 2, .to = S + 3, .type = IR_I64 },
        { .from = S + 3, .to = A, .type = IR_I32 },
    };
    bool passed = true;
    for (u32 turn = 0; turn < 6; turn++) {
        struct move turned[6];
        for (u32 n = 0; n < 6; n++)
            turned[n] = moves[(n + turn) % 6];
        passed = passed && is_right(turned, 6);
    }
    TAP_OK(passed, "a cycle of both classes keeps the scratch register that it uses");
}

static u32 random_below(u32 *state, u32 limit)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % limit;
}

static bool large_is_right(u32 count, u32 *state)
{
    static struct move moves[MOVES_MAX];
    static u16 places[SLOTS + 20];
    u32 place_count = count + 20 < SLOTS ? count + 20 : SLOTS;
    for (u32 n = 0; n < place_count; n++)
        places[n] = (u16)(n < 20 ? n : PLACE_SLOT + n - 20);
    for (u32 n = place_count; n > 1; n--) {
        u32 other = random_below(state, n);
        u16 place = places[n - 1];
        places[n - 1] = places[other];
        places[other] = place;
    }
    for (u32 n = 0; n < count; n++) {
        u32 from = random_below(state, 4) == 0 ? random_below(state, place_count)
                                               : (n + 1) % place_count;
        bool is_constant = random_below(state, 20) == 0;
        moves[n] = (struct move){ .value = 100000 + n, .to = places[n], .type = IR_I64,
                                  .from = is_constant ? (u16)PLACE_NONE : places[from] };
    }
    return is_right(moves, count);
}

static void test_large(void)
{
    u32 state = 1;
    bool passed = true;
    for (u32 n = 0; n < 300; n++)
        passed = passed && large_is_right(1 + random_below(&state, n < 250 ? 40 : 4000), &state);
    TAP_OK(passed, "random sets of thousands are right");
}

int main(void)
{
    test_small();
    test_classes();
    test_large();
    return tap_done();
}
