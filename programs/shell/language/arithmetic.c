#include "programs/shell/language/arithmetic.h"

#include "programs/shell/language/text.h"

#include <stdlib.h>
#include <string.h>

/* VALUES_MAX: of variables whose values are expressions, as those may name one another. */
enum { DEPTH_MAX = 100, VALUES_MAX = 10000, NAME_MAX_SHORT = 64 };

struct evaluation {
    struct arithmetic *arithmetic;
    const char *at;
    uint32_t depth;
    uint32_t skipped; /* above 0: what is read is not evaluated */
    uint32_t *values; /* how many values were read as expressions */
};

/* A value, and the variable that it is of, if it may be assigned to. */
struct operand {
    int64_t value;
    const char *name;
    size_t name_size;
};

enum level { LEVEL_COMMA, LEVEL_ASSIGN, LEVEL_TERNARY, LEVEL_OPERATORS };

static struct operand evaluate(struct evaluation *evaluation, uint32_t level);
static int64_t evaluate_all(struct evaluation *evaluation);

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

/* 0-9, a-z, A-Z, @, _; up to base 36 the case does not matter. 99: it is no digit. */
static uint32_t digit_of(char value, uint32_t base)
{
    if (value >= '0' && value <= '9')
        return (uint32_t)(value - '0');
    if (value >= 'a' && value <= 'z')
        return (uint32_t)(value - 'a') + 10;
    if (value >= 'A' && value <= 'Z')
        return (uint32_t)(value - 'A') + (base <= 36 ? 10 : 36);
    return base < 63 ? 99 : value == '@' ? 62 : value == '_' && base == 64 ? 63 : 99;
}

static bool is_digit(char value)
{
    return value >= '0' && value <= '9';
}

static uint64_t digits(struct evaluation *evaluation, uint32_t base)
{
    uint64_t value = 0;
    /* Hexadecimal and the like name bits: they may fill all 64. */
    uint64_t max = base == 10 || base == 8 ? INT64_MAX : UINT64_MAX;
    const char *at = evaluation->at;
    for (; digit_of(*at, base) < base; at++)
        if (__builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, digit_of(*at, base), &value) || value > max)
            fail(evaluation, "a number is too large");
    if (at == evaluation->at)
        fail(evaluation, "a number has no digits");
    evaluation->at = at;
    return value;
}

/* N, 0N, 0xN, BASE#N. */
static int64_t number(struct evaluation *evaluation)
{
    const char *at = evaluation->at;
    uint32_t base = at[0] == '0' ? 8 : 10;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        base = 16;
        evaluation->at += 2;
    }
    uint64_t value = digits(evaluation, base);
    if (*evaluation->at == '#') {
        evaluation->at++;
        if (base != 10 || value < 2 || value > 64)
            fail(evaluation, "the base of a number is 2 to 64");
        else
            value = digits(evaluation, (uint32_t)value);
    }
    if (is_name_part(*evaluation->at))
        fail(evaluation, "a digit does not belong to its number");
    return (int64_t)value;
}

/* A value that is just a number, as nearly all are. */
static bool is_number(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    text += negative;
    size_t size = 0;
    *value = 0;
    for (; size < 18 && is_digit(text[size]); size++)
        *value = *value * 10 + (text[size] - '0');
    *value = negative ? -*value : *value;
    return size != 0 && text[size] == '\0' && (text[0] != '0' || size == 1);
}

/* What a variable's text means: it is an expression of its own. */
static int64_t value_of_text(struct evaluation *evaluation, const char *text)
{
    int64_t value;
    if (is_number(text, &value))
        return value;
    struct evaluation inner = { .arithmetic = evaluation->arithmetic,
                                .depth = evaluation->depth,
                                .values = evaluation->values };
    if (++*evaluation->values > VALUES_MAX) {
        fail(evaluation, "values of variables lead from one to another too often");
        return 0;
    }
    char *copy = take_copy(text, strlen(text));
    inner.at = copy;
    value = evaluate_all(&inner);
    free(copy);
    return value;
}

/* The name as a string: in `small` if there is room. */
static char *name_of(const struct operand *operand, char *small)
{
    if (operand->name_size >= NAME_MAX_SHORT)
        return take_copy(operand->name, operand->name_size);
    memcpy(small, operand->name, operand->name_size);
    small[operand->name_size] = '\0';
    return small;
}

static struct operand assign(struct evaluation *evaluation, struct operand to, int64_t value)
{
    char small[NAME_MAX_SHORT];
    if (to.name == NULL) {
        fail(evaluation, "this cannot be assigned to");
    } else if (evaluation->skipped == 0 && evaluation->arithmetic->mistake == NULL) {
        char *name = name_of(&to, small);
        evaluation->arithmetic->set(evaluation->arithmetic->context, name, value);
        if (name != small)
            free(name);
    }
    return (struct operand){ .value = value };
}

static struct operand variable(struct evaluation *evaluation)
{
    char small[NAME_MAX_SHORT];
    struct operand operand = { .name = evaluation->at, .name_size = name_size(evaluation->at) };
    evaluation->at += operand.name_size;
    skip_blanks(evaluation);
    bool is_assigned = evaluation->at[0] == '=' && evaluation->at[1] != '=';
    if (evaluation->skipped != 0 || is_assigned)
        return operand;
    char *name = name_of(&operand, small);
    const char *text = evaluation->arithmetic->get(evaluation->arithmetic->context, name);
    if (text != NULL)
        operand.value = value_of_text(evaluation, text);
    if (name != small)
        free(name);
    return operand;
}

/* x++ and x--: the value is that of before. */
static struct operand postfix(struct evaluation *evaluation, struct operand operand)
{
    int64_t change = take_sign(evaluation, "++") ? 1 : take_sign(evaluation, "--") ? -1 : 0;
    if (change == 0)
        return operand;
    assign(evaluation, operand, (int64_t)((uint64_t)operand.value + (uint64_t)change));
    return (struct operand){ .value = operand.value };
}

static struct operand primary(struct evaluation *evaluation)
{
    skip_blanks(evaluation);
    if (is_name_start(*evaluation->at))
        return postfix(evaluation, variable(evaluation));
    if (is_digit(*evaluation->at))
        return (struct operand){ .value = number(evaluation) };
    if (take_sign(evaluation, "(")) {
        int64_t value = evaluate(evaluation, LEVEL_COMMA).value;
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

/* ++x and --x; in front of anything else these are two signs. */
static bool prefix(struct evaluation *evaluation, struct operand *operand)
{
    const char *at = evaluation->at;
    int64_t change = take_sign(evaluation, "++") ? 1 : take_sign(evaluation, "--") ? -1 : 0;
    skip_blanks(evaluation);
    if (change == 0 || !is_name_start(*evaluation->at)) {
        evaluation->at = at;
        return false;
    }
    *operand = variable(evaluation);
    *operand = assign(evaluation, *operand, (int64_t)((uint64_t)operand->value + (uint64_t)change));
    return true;
}

static struct operand unary(struct evaluation *evaluation)
{
    struct operand operand = { 0 };
    skip_blanks(evaluation);
    if (++evaluation->depth > DEPTH_MAX) {
        fail(evaluation, "the expression is nested too deeply");
    } else if (is_name_part(*evaluation->at)) {
        operand = primary(evaluation);
    } else if (prefix(evaluation, &operand)) {
        /* It was read. */
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
    POWER,
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
    { "**", POWER, 13, false },
    { "||", EITHER, 3, false },
    { "&&", BOTH, 4, false },
    { "<<", LEFT, 10, true },
    { ">>", RIGHT, 10, true },
    { "<=", LESS_EQUAL, 9, false },
    { ">=", GREATER_EQUAL, 9, false },
    { "==", EQUAL, 8, false },
    { "!=", UNEQUAL, 8, false },
    { "|", OR, 5, true },
    { "^", XOR, 6, true },
    { "&", AND, 7, true },
    { "<", LESS, 9, false },
    { ">", GREATER, 9, false },
    { "+", ADD, 11, true },
    { "-", SUBTRACT, 11, true },
    { "*", MULTIPLY, 12, true },
    { "/", DIVIDE, 12, true },
    { "%", REMAINDER, 12, true },
};
enum { OPERATOR_COUNT = sizeof(operators) / sizeof(operators[0]) };

static int64_t power(struct evaluation *evaluation, int64_t a, int64_t b)
{
    uint64_t result = 1, base = (uint64_t)a;
    if (b < 0 && evaluation->skipped == 0)
        fail(evaluation, "the exponent is below zero");
    for (; b > 0; b >>= 1) {
        result *= (b & 1) != 0 ? base : 1;
        base *= base;
    }
    return (int64_t)result;
}

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
    case POWER:
        return power(evaluation, a, b);
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
    uint32_t i = *evaluation->at == '\0' || *evaluation->at == ')' ? OPERATOR_COUNT : 0;
    while (i < OPERATOR_COUNT &&
           (evaluation->at[0] != operators[i].sign[0] ||
            strncmp(evaluation->at, operators[i].sign, strlen(operators[i].sign)) != 0))
        i++;
    *assigns = i < OPERATOR_COUNT && operators[i].assigns &&
               evaluation->at[strlen(operators[i].sign)] == '=';
    return i;
}

static struct operand ternary(struct evaluation *evaluation, int64_t condition)
{
    evaluation->skipped += condition == 0;
    int64_t yes = evaluate(evaluation, LEVEL_COMMA).value;
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
    /* Of the same level the left one comes first, except for powers. */
    int64_t right = evaluate(evaluation, operators[found].level + (operation != POWER)).value;
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
        } else if (found == OPERATOR_COUNT && level == LEVEL_COMMA && take_sign(evaluation, ",")) {
            left = (struct operand){ .value = evaluate(evaluation, LEVEL_ASSIGN).value };
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

/* Of an empty one the value is 0. */
static int64_t evaluate_all(struct evaluation *evaluation)
{
    skip_blanks(evaluation);
    if (*evaluation->at == '\0')
        return 0;
    int64_t value = evaluate(evaluation, LEVEL_COMMA).value;
    skip_blanks(evaluation);
    if (*evaluation->at != '\0')
        fail(evaluation, "an operator is missing, or not known");
    return value;
}

int64_t arithmetic_evaluate(struct arithmetic *arithmetic, const char *expression)
{
    uint32_t values = 0;
    struct evaluation evaluation = { .arithmetic = arithmetic,
                                     .at = expression,
                                     .values = &values };
    arithmetic->mistake = NULL;
    return evaluate_all(&evaluation);
}
