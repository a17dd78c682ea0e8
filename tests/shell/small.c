/* The language's smaller parts: patterns, arithmetic, printf, variables, quoting. */
#include "programs/shell/language/arithmetic.h"
#include "programs/shell/language/format.h"
#include "programs/shell/language/pattern.h"
#include "programs/shell/language/variables.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

static bool matches(const char *pattern, const char *text)
{
    return pattern_matches(pattern, text, strlen(text));
}

static void test_patterns(void)
{
    TAP_OK(matches("", "") && !matches("", "a") && matches("*", "") && matches("a*c", "abbc") &&
               !matches("a*c", "abb") && matches("*a*b*", "xaxbx"),
           "stars");
    TAP_OK(matches("?", "a") && !matches("?", "") && matches("a?", "aä") && !matches("??", "ä"),
           "a question mark is one character");
    TAP_OK(matches("[abc]", "b") && matches("[!abc]", "d") && matches("[a-c]x", "bx") &&
               matches("[]]", "]") && matches("[a-]", "-") && matches("[ä-ü]", "ö") &&
               !matches("[!ä]", "ä"),
           "brackets");
    TAP_OK(matches("[[:digit:]]*", "1a") && !matches("[[:alpha:]]", "1") &&
               matches("[^[:space:]]", "a") && !matches("[[:nonsense:]]", "a"),
           "classes");
    TAP_OK(matches("[", "[") && matches("[a", "[a") && matches("\\*", "*") && !matches("\\*", "a"),
           "what is no bracket, and what is escaped");
    char many[201], text[201];
    memset(text, 'a', 200);
    text[200] = '\0';
    for (int i = 0; i < 200; i++)
        many[i] = i % 2 == 0 ? '*' : 'a';
    many[199] = 'b';
    many[200] = '\0';
    TAP_OK(!matches(many, text), "many stars take no longer than they must");
    TAP_OK(
        pattern_prefix("*b", "abab", false, 9) == 2 && pattern_prefix("*b", "abab", true, 9) == 4 &&
            pattern_suffix("b*", "abab", false, 9) == 1 &&
            pattern_suffix("b*", "abab", true, 9) == 3 && pattern_prefix("x", "ab", true, 9) == 9,
        "parts");
    TAP_OK(pattern_longest("a*", "abc", 9) == 3 && pattern_longest("a*b", "abcbd", 9) == 4 &&
               pattern_longest("?", "äb", 9) == 2 && pattern_longest("x", "ab", 9) == 9 &&
               pattern_longest("", "ab", 9) == 0 && pattern_longest("[!b]*[b]", "äbab", 9) == 5 &&
               pattern_longest("*", "", 9) == 0 && pattern_longest("a", "", 9) == 9 &&
               pattern_longest("\\*", "*a", 9) == 1 && pattern_longest(many, text, 999) == 999,
           "the longest start that matches");
    char start[64];
    bool same = true;
    static const char *const patterns[] = {
        "*a*b", "a?*", "[ab]*", "b*a*b", "*", "?b", "a\\*", "ab"
    };
    static const char *const strings[] = { "aabbab", "ab", "", "bab", "ba*ab", "äbab", "abaä" };
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        for (size_t j = 0; j < sizeof(strings) / sizeof(strings[0]); j++) {
            strcpy(start, strings[j]);
            same &= pattern_longest(patterns[i], start, 99) ==
                    pattern_prefix(patterns[i], start, true, 99);
        }
    TAP_OK(same, "which is what trying all of them gives");
}

static const char *get(void *context, const char *name)
{
    return variables_get(context, name);
}

static void set(void *context, const char *name, int64_t value)
{
    struct text text = { 0 };
    text_add_number(&text, value);
    variables_set(context, name, text_string(&text), 0);
    text_free(&text);
}

static struct variables variables;

static bool is(const char *expression, int64_t expected)
{
    struct arithmetic arithmetic = { get, set, &variables, NULL };
    int64_t value = arithmetic_evaluate(&arithmetic, expression);
    bool good = arithmetic.mistake == NULL && value == expected;
    if (!good)
        printf("# %s is %lld, %s\n", expression, (long long)value, arithmetic.mistake);
    return good;
}

static bool is_wrong(const char *expression)
{
    struct arithmetic arithmetic = { get, set, &variables, NULL };
    arithmetic_evaluate(&arithmetic, expression);
    return arithmetic.mistake != NULL;
}

static void test_arithmetic(void)
{
    TAP_OK(is("", 0) && is("1+2*3-4/2%3", 5) && is("(1+2)*3", 9) && is("-3/2", -1) &&
               is("2-3-4", -5) && is("1<<2+1", 8),
           "precedence and order");
    TAP_OK(is("1<2==1", 1) && is("1|2^3&1", 3) && is("!0+!5", 1) && is("~0", -1) &&
               is("1&&0||1", 1),
           "comparisons and bits");
    TAP_OK(is("x=5", 5) && is("x+=2", 7) && is("y=x*=2", 14) && is("x==14&&y==14", 1) &&
               is("u", 0) && is("x<<=1", 28),
           "assignments");
    TAP_OK(is("1?2:3", 2) && is("0?2:0?3:4", 4) && is("0&&(z=1)", 0) && is("z", 0) &&
               is("1||1/0", 1) && is("1?2:1/0", 2),
           "what is not chosen is not evaluated");
    TAP_OK(is("1,2", 2) && is("(x=3,x+1)*2", 8) && is("1?2,3:4,5", 5) && is("0?1,2:3", 3),
           "commas");
    TAP_OK(is("x=5", 5) && is("x+++x", 11) && is("x--", 6) && is("++x", 6) && is("--x-1", 4) &&
               is("x", 5) && is("1++1", 2) && is("1--1", 2) && is("++7", 7) && is("- --x", -4),
           "one more and one less");
    variables_set(&variables, "e", "x + 2", 0);
    variables_set(&variables, "f", "e * e", 0);
    variables_set(&variables, "g", "g", 0);
    variables_set(&variables, "h", "k=7", 0);
    TAP_OK(is("x=1", 1) && is("f", 9) && is("e=1", 1) && is("f", 1) && is("h", 7) && is("k", 7) &&
               is("0?g:1", 1) && is("g=2", 2),
           "values that are expressions");
    variables_set(&variables, "g", "g+g", 0);
    variables_set(&variables, "many", "m1+m1", 0);
    char name[4] = "m1", next[8] = "m2+m2";
    for (char digit = '1'; digit < '9'; name[1] = ++digit, next[1] = next[4] = (char)(digit + 1))
        variables_set(&variables, name, next, 0);
    TAP_OK(is("many", 0) && is_wrong("g"), "they lead to others, but not without an end");
    TAP_OK(is("2**10", 1024) && is("2**3**2", 512) && is("-2**2", 4) && is("2*3**2", 18) &&
               is("2**0", 1) && is_wrong("2**-1"),
           "powers");
    TAP_OK(is("16#ff", 255) && is("2#101", 5) && is("36#Zz", 35 * 36 + 35) && is("64#_", 63) &&
               is("64#@", 62) && is("37#A", 36) && is("0xffffffffffffffff", -1) &&
               is_wrong("2#2") && is_wrong("65#1") && is_wrong("1#0") && is_wrong("16#") &&
               is_wrong("0x10000000000000000") && is_wrong("9223372036854775808") &&
               is_wrong("010#1"),
           "bases up to 64, numbers up to 64 bits");
    TAP_OK(is_wrong("x++=7") && is_wrong("--x=7") && is_wrong("7--") && is_wrong("1,") &&
               is_wrong(",1") && is_wrong("1?20:x=2"),
           "what cannot be assigned to");
    TAP_OK(is("0x10+010", 24) && is("9223372036854775807+1", INT64_MIN) &&
               is("-9223372036854775807-1", INT64_MIN) &&
               is("(-9223372036854775807-1)/-1", INT64_MIN) &&
               is("(-9223372036854775807-1)%-1", 0) && is("1<<65", 2),
           "the edges");
    TAP_OK(is_wrong("1+") && is_wrong("1/0") && is_wrong("1%0") && is_wrong("(1") &&
               is_wrong("1 2") && is_wrong("5=x") && is_wrong("08") && is_wrong("0x") &&
               is_wrong("99999999999999999999") && is_wrong("1?2") && is_wrong("@"),
           "what is wrong");
    char deep[2001];
    memset(deep, '(', 2000);
    deep[2000] = '\0';
    bool parenthesis = is_wrong(deep);
    memset(deep, '-', 2000);
    TAP_OK(parenthesis && is_wrong(deep), "nesting is bounded");
}

static bool prints(const char *expected, const char *format, size_t count, char **arguments)
{
    struct text text = { 0 };
    struct text mistake = { 0 };
    bool good = format_print(format, arguments, count, &text, &mistake) &&
                strcmp(text_string(&text), expected) == 0;
    if (!good)
        printf("# %s %s\n", text_string(&text), text_string(&mistake));
    text_free(&text);
    text_free(&mistake);
    return good;
}

static void test_format(void)
{
    char *words[] = { "a", "b", "c" };
    char *numbers[] = { "42", "-7", "0x1f" };
    TAP_OK(prints("a-b\nc-\n", "%s-%s\\n", 3, words), "the format again for what is left");
    TAP_OK(prints("[   42][-7   ][031]", "[%5d][%-5d][%03d]", 3, numbers), "widths");
    TAP_OK(prints("a%\tA", "%c%%\\t\\101", 1, words), "escapes");
    TAP_OK(prints("no", "no", 3, words), "a format that takes nothing ends");
    TAP_OK(!prints("", "%q", 1, words) && !prints("0", "%d", 1, words), "what is wrong is told");
}

static void test_variables(void)
{
    struct words names = { 0 };
    variables_set(&variables, "l", "outer", VARIABLE_EXPORTED);
    variables_enter(&variables);
    variables_make_local(&variables, "l");
    variables_make_local(&variables, "m");
    variables_set(&variables, "l", "inner", 0);
    variables_set(&variables, "m", "inner", 0);
    TAP_OK(strcmp(variables_get(&variables, "l"), "inner") == 0, "a local variable");
    variables_leave(&variables);
    TAP_OK(strcmp(variables_get(&variables, "l"), "outer") == 0 &&
               variables_get(&variables, "m") == NULL,
           "is gone with its function");
    variables_flag(&variables, "l", VARIABLE_READONLY);
    TAP_OK(!variables_set(&variables, "l", "x", 0) && !variables_unset(&variables, "l"),
           "a read-only one stays");
    variables_list(&variables, VARIABLE_EXPORTED, &names);
    TAP_OK(names.count == 1 && strcmp(names.data[0], "l") == 0, "the exported ones");
    words_free(&names);
    for (size_t i = 0; i < VARIABLES_BUCKETS; i++)
        while (variables.buckets[i] != NULL) {
            variables.buckets[i]->flags = 0;
            variables_unset(&variables, variables.buckets[i]->name);
        }
}

static void test_quoted(void)
{
    struct text text = { 0 };
    text_add_quoted(&text, "plain");
    text_add_quoted(&text, "");
    text_add_quoted(&text, "it's");
    text_add_quoted(&text, "\x01\xff");
    TAP_OK(strcmp(text_string(&text), "plain'''it'\\''s'$'\\001\\377'") == 0,
           "any bytes as a word that means them");
    text_free(&text);
}

int main(void)
{
    test_patterns();
    test_arithmetic();
    test_format();
    test_variables();
    test_quoted();
    return tap_done();
}
