#include "programs/shell/language/arithmetic.h"

#include "programs/shell/language/text.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 100 };

struct evaluation {
    struct arithmetic *arithmetic;
    const char *at;
    uint32_t depth;
    uint32_t skipped; /* above 0: what is read is not evaluated */
};

/* A value, and the variable that it is of, if it may be assigned to. */
struct operand {
    int64_t value;
    const char *name;
    size_t name_size;
};

static struct operand evaluate(struct evaluation *evaluation, uint32_t level);

static void fail(struct evaluation *evaluation, const char *mistake)
{
    if (evaluation->arithmetic->mistake == NULL)
        evaluation->arithmetic->mistake = mistake;
}

static void skip_blanks(struct evaluation *evaluation)
{
    while (is_blank(*evaluation->at) || *evaluation->at == '\n')
        evaluation->at++;
}

static bool take_sign(struct evaluation *evaluation, const char *sign)
{
    skip_blanks(evaluation);
    size_t size = strlen(sign);
    if (strncmp(evaluation->at, sign, size) != 0)
        return false;
    evaluation->at += size;
    return true;
}

/* ---- Operands -----------------------------------------------------------------------------------
 */

static uint32_t digit_of(char value)
{
    if (value >= '0' && value <= '9')
        return (uint32_t)(value - '0');
    if (value >= 'a' && value <= 'f')
        return (uint32_t)(value - 'a') + 10;
    return value >= 'A' && value <= 'F' ? (uint32_t)(value - 'A') + 10 : 99;
}

static int64_t number(struct evaluation *evaluation)
{
    const char *at = evaluation->at;
    uint32_t base = 10;
    uint64_t value = 0;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        base = 16;
        at += 2;
        if (digit_of(*at) >= base)
            fail(evaluation, "a number has no digits");
    } else if (at[0] == '0') {
        base = 8;
    }
    for (; digit_of(*at) < base; at++)
        if (__builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, digit_of(*at), &value) || value > INT64_MAX)
            fail(evaluation, "a number is too large");
    if (is_name_part(*at))
        fail(evaluation, "a digit does not belong to its number");
    evaluation->at = at;
    return (int64_t)value;
}

/* What a variable's text means: a number, with a sign or not. */
static int64_t value_of_text(struct evaluation *evaluation, const char *text)
{
    struct evaluation inner = { .arithmetic = evaluation->arithmetic, .at = text };
    skip_blanks(&inner);
    bool negative = *inner.at == '-';
    inner.at += *inner.at == '-' || *inner.at == '+';
    if (*inner.at == '\0' && !negative)
        return 0;
    int64_t value = 0;
    if (digit_of(*inner.at) < 10)
        value = number(&inner);
    else
        fail(evaluation, "the value of a variable is no number");
    skip_blanks(&inner);
    if (*inner.at != '\0')
        fail(evaluation, "the value of a variable is no number");
    return negative ? -value : value;
}

static struct operand variable(struct evaluation *evaluation)
{
    struct operand operand = { .name = evaluation->at, .name_size = name_size(evaluation->at) };
    evaluation->at += operand.name_size;
    if (evaluation->skipped != 0)
        return operand;
    char *name = take_copy(operand.name, operand.name_size);
    const char *text = evaluation->arithmetic->get(evaluation->arithmetic->context, name);
    if (text != NULL)
        operand.value = value_of_text(evaluation, text);
    free(name);
    return operand;
}

static struct operand primary(struct evaluation *evaluation)
{
    skip_blanks(evaluation);
    if (is_name_start(*evaluation->at))
        return variable(evaluation);
    if (digit_of(*evaluation->at) < 10)
        return (struct operand){ .value = number(evaluation) };
    if (take_sign(evaluation, "(")) {
        int64_t value = evaluate(evaluation, 0).value;
        if (!take_sign(evaluation, ")"))
            fail(evaluation, "a parenthesis is not closed");
        return (struct operand){ .value = value };
    }
    fail(evaluation, *evaluation->at == '\0' ? "an operand is missing" : "no operand is here");
    return (struct operand){ 0 };
}

static int64_t negated(int64_t value)
{
    return (int64_t)(0 - (uint64_t)value);
}

static struct operand unary(struct evaluation *evaluation)
{
    struct operand operand = { 0 };
    if (++evaluation->depth > DEPTH_MAX) {
        fail(evaluation, "the expression is nested too deeply");
    } else if (take_sign(evaluation, "-")) {
        operand.value = negated(unary(evaluation).value);
    } else if (take_sign(evaluation, "+")) {
        operand.value = unary(evaluation).value;
    } else if (take_sign(evaluation, "~")) {
        operand.value = ~unary(evaluation).value;
    } else if (strncmp(evaluation->at, "!=", 2) != 0 && take_sign(evaluation, "!")) {
        operand.value = unary(evaluation).value == 0;
    } else {
        operand = primary(evaluation);
    }
    evaluation->depth--;
    return operand;
}

/* ---- Operators ----------------------------------------------------------------------------------
 */

enum operation {
    MULTIPLY,
    DIVIDE,
    REMAINDER,
    ADD,
    SUBTRACT,
    LEFT,
    RIGHT,
    LESS_EQUAL,
    GREATER_EQUAL,
    LESS,
    GREATER,
    EQUAL,
    UNEQUAL,
    AND,
    XOR,
    OR,
    BOTH,
    EITHER,
};

/* Longer signs come first where one begins another. The higher the level, the closer it binds. */
static const struct {
    const char *sign;
    enum operation operation;
    uint32_t level;
    bool assigns; /* with = behind it, it is an assignment */
} operators[] = {
    { "||", EITHER, 3, false },  { "&&", BOTH, 4, false },       { "<<", LEFT, 10, true },
    { ">>", RIGHT, 10, true },   { "<=", LESS_EQUAL, 9, false }, { ">=", GREATER_EQUAL, 9, false },
    { "==", EQUAL, 8, false },   { "!=", UNEQUAL, 8, false },    { "|", OR, 5, true },
    { "^", XOR, 6, true },       { "&", AND, 7, true },          { "<", LESS, 9, false },
    { ">", GREATER, 9, false },  { "+", ADD, 11, true },         { "-", SUBTRACT, 11, true },
    { "*", MULTIPLY, 12, true }, { "/", DIVIDE, 12, true },      { "%", REMAINDER, 12, true },
};
enum {
    OPERATOR_COUNT = sizeof(operators) / sizeof(operators[0]),
    LEVEL_TERNARY = 2,
    LEVEL_ASSIGN = 1
};

static int64_t divide(struct evaluation *evaluation, enum operation operation, int64_t a, int64_t b)
{
    if (b == 0) {
        if (evaluation->skipped == 0)
            fail(evaluation, "division by zero");
        return 0;
    }
    if (b == -1)
        return operation == DIVIDE ? negated(a) : 0;
    return operation == DIVIDE ? a / b : a % b;
}

static int64_t apply(struct evaluation *evaluation, enum operation operation, int64_t a, int64_t b)
{
    switch (operation) {
    case MULTIPLY:
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case DIVIDE:
    case REMAINDER:
        return divide(evaluation, operation, a, b);
    case ADD:
        return (int64_t)((uint64_t)a + (uint64_t)b);
    case SUBTRACT:
        return (int64_t)((uint64_t)a - (uint64_t)b);
    case LEFT:
        return (int64_t)((uint64_t)a << (b & 63));
    case RIGHT:
        return a >> (b & 63);
    case LESS_EQUAL:
        return a <= b;
    case GREATER_EQUAL:
        return a >= b;
    case LESS:
        return a < b;
    case GREATER:
        return a > b;
    case EQUAL:
        return a == b;
    case UNEQUAL:
        return a != b;
    case AND:
        return a & b;
    case XOR:
        return a ^ b;
    case OR:
        return a | b;
    case BOTH:
        return a != 0 && b != 0;
    case EITHER:
        return a != 0 || b != 0;
    }
    return 0;
}

/* The operator at hand; OPERATOR_COUNT: there is none. */
static uint32_t find_operator(struct evaluation *evaluation, bool *assigns)
{
    skip_blanks(evaluation);
    uint32_t i = 0;
    while (i < OPERATOR_COUNT &&
           strncmp(evaluation->at, operators[i].sign, strlen(operators[i].sign)) != 0)
        i++;
    *assigns = i < OPERATOR_COUNT && operators[i].assigns &&
               evaluation->at[strlen(operators[i].sign)] == '=';
    return i;
}

static struct operand assign(struct evaluation *evaluation, struct operand to, int64_t value)
{
    if (to.name == NULL) {
        fail(evaluation, "this cannot be assigned to");
    } else if (evaluation->skipped == 0 && evaluation->arithmetic->mistake == NULL) {
        char *name = take_copy(to.name, to.name_size);
        evaluation->arithmetic->set(evaluation->arithmetic->context, name, value);
        free(name);
    }
    return (struct operand){ .value = value };
}

static struct operand ternary(struct evaluation *evaluation, int64_t condition)
{
    evaluation->skipped += condition == 0;
    int64_t yes = evaluate(evaluation, 0).value;
    evaluation->skipped -= condition == 0;
    if (!take_sign(evaluation, ":"))
        fail(evaluation, "a colon is missing");
    evaluation->skipped += condition != 0;
    int64_t no = evaluate(evaluation, LEVEL_TERNARY).value;
    evaluation->skipped -= condition != 0;
    return (struct operand){ .value = condition != 0 ? yes : no };
}

/* An operator of two operands, the first of which was read. */
static struct operand binary(struct evaluation *evaluation, struct operand left, uint32_t found)
{
    enum operation operation = operators[found].operation;
    evaluation->at += strlen(operators[found].sign);
    bool is_decided =
        (operation == BOTH && left.value == 0) || (operation == EITHER && left.value != 0);
    evaluation->skipped += is_decided;
    int64_t right = evaluate(evaluation, operators[found].level + 1).value;
    evaluation->skipped -= is_decided;
    return (struct operand){ .value = apply(evaluation, operation, left.value, right) };
}

static struct operand rest(struct evaluation *evaluation, struct operand left, uint32_t level)
{
    while (evaluation->arithmetic->mistake == NULL) {
        bool assigns;
        uint32_t found = find_operator(evaluation, &assigns);
        if (assigns && level <= LEVEL_ASSIGN) {
            evaluation->at += strlen(operators[found].sign) + 1;
            int64_t right = evaluate(evaluation, LEVEL_ASSIGN).value;
            left = assign(evaluation, left,
                          apply(evaluation, operators[found].operation, left.value, right));
        } else if (found < OPERATOR_COUNT && !assigns && operators[found].level >= level) {
            left = binary(evaluation, left, found);
        } else if (found == OPERATOR_COUNT && level <= LEVEL_ASSIGN && take_sign(evaluation, "=")) {
            left = assign(evaluation, left, evaluate(evaluation, LEVEL_ASSIGN).value);
        } else if (found == OPERATOR_COUNT && level <= LEVEL_TERNARY &&
                   take_sign(evaluation, "?")) {
            left = ternary(evaluation, left.value);
        } else {
            break;
        }
    }
    return left;
}

/* An expression of operators of this level and above. */
static struct operand evaluate(struct evaluation *evaluation, uint32_t level)
{
    struct operand operand = { 0 };
    if (++evaluation->depth > DEPTH_MAX)
        fail(evaluation, "the expression is nested too deeply");
    else
        operand = rest(evaluation, unary(evaluation), level);
    evaluation->depth--;
    return operand;
}

int64_t arithmetic_evaluate(struct arithmetic *arithmetic, const char *expression)
{
    struct evaluation evaluation = { .arithmetic = arithmetic, .at = expression };
    arithmetic->mistake = NULL;
    skip_blanks(&evaluation);
    if (*evaluation.at == '\0')
        return 0;
    int64_t value = evaluate(&evaluation, 0).value;
    skip_blanks(&evaluation);
    if (*evaluation.at != '\0')
        fail(&evaluation, "an operator is missing, or not known");
    return value;
}
