/* `test` and `[`: what a number of arguments means is POSIX's; more than four are read as an
 * expression of -o, -a, ! and parentheses. */
#include "programs/shell/builtin.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

struct testing {
    char **words;
    size_t count, at;
    bool failed;
};

static bool test_or(struct testing *testing, uint32_t depth);

static bool fail(struct testing *testing, const char *about, const char *message)
{
    if (!testing->failed)
        complain(about, message);
    testing->failed = true;
    return false;
}

/* ---- Primaries ----------------------------------------------------------------------------------
 */

static bool is_unary(const char *word)
{
    return word[0] == '-' && word[1] != '\0' && word[2] == '\0' &&
           strchr("bcdefghLknprstuwxz", word[1]) != NULL;
}

static bool unary(struct testing *testing, char sign, const char *word)
{
    struct place place = { 0 };
    if (sign == 'n' || sign == 'z')
        return (word[0] == '\0') == (sign == 'z');
    if (sign == 't') {
        bool is_digit = word[0] >= '0' && word[0] <= '9' && word[1] == '\0';
        return is_digit ? stream_is_terminal(descriptors[word[0] - '0'])
                        : fail(testing, word, "is no descriptor");
    }
    place = place_look(word, sign != 'h' && sign != 'L');
    switch (sign) {
    case 'd':
        return place.kind == PLACE_DIRECTORY;
    case 'f':
        return place.kind == PLACE_FILE;
    case 'h':
    case 'L':
        return place.kind == PLACE_LINK;
    case 's':
        return place.kind != PLACE_NOTHING && place.size > 0;
    case 'e':
    case 'r':
    case 'w':
    case 'x':
        return place.kind != PLACE_NOTHING;
    default:
        return false; /* there are no devices, owners or special bits */
    }
}

static int64_t number(struct testing *testing, const char *word)
{
    char *end;
    int64_t value = strtoll(word, &end, 10);
    while (is_blank(*end))
        end++;
    if (*end != '\0' || end == word)
        fail(testing, word, "is no number");
    return value;
}

static const char *const binaries[] = { "=",   "!=",  "-eq", "-ne", "-gt", "-ge", "-lt",
                                        "-le", "-nt", "-ot", "-ef", "<",   ">",   "==" };
enum { BINARIES = sizeof(binaries) / sizeof(binaries[0]) };

static size_t find_binary(const char *word)
{
    size_t i = 0;
    while (i < BINARIES && strcmp(binaries[i], word) != 0)
        i++;
    return i;
}

static bool compare_files(size_t which, const char *left, const char *right)
{
    struct place a = place_look(left, true), b = place_look(right, true);
    if (strcmp(binaries[which], "-ef") == 0)
        return a.kind != PLACE_NOTHING && a.device == b.device && a.inode == b.inode;
    if (strcmp(binaries[which], "-nt") == 0)
        return a.kind != PLACE_NOTHING && (b.kind == PLACE_NOTHING || a.modified > b.modified);
    return b.kind != PLACE_NOTHING && (a.kind == PLACE_NOTHING || a.modified < b.modified);
}

static bool binary(struct testing *testing, const char *left, size_t which, const char *right)
{
    enum { NUMBERS = 2, FILES = 8, TEXTS = 11 };
    if (which >= FILES && which < TEXTS)
        return compare_files(which, left, right);
    if (which < NUMBERS || which >= TEXTS) {
        int order = strcmp(left, right);
        const char *sign = binaries[which];
        return sign[0] == '!'   ? order != 0
               : sign[0] == '<' ? order < 0
               : sign[0] == '>' ? order > 0
                                : order == 0;
    }
    int64_t a = number(testing, left), b = number(testing, right);
    const bool of[] = { a == b, a != b, a > b, a >= b, a < b, a <= b };
    return !testing->failed && of[which - NUMBERS];
}

/* ---- Expressions --------------------------------------------------------------------------------
 */

static size_t left_of(const struct testing *testing)
{
    return testing->count - testing->at;
}

static bool primary(struct testing *testing, uint32_t depth)
{
    enum { DEPTH_MAX = 50 };
    char **words = testing->words + testing->at;
    size_t left = left_of(testing);
    if (left == 0 || depth > DEPTH_MAX)
        return fail(testing, "test", left == 0 ? "an argument is missing" : "nested too deeply");
    if (left >= 3 && find_binary(words[1]) < BINARIES) {
        testing->at += 3;
        return binary(testing, words[0], find_binary(words[1]), words[2]);
    }
    if (left >= 2 && strcmp(words[0], "!") == 0) {
        testing->at++;
        return !primary(testing, depth + 1);
    }
    if (left >= 2 && is_unary(words[0])) {
        testing->at += 2;
        return unary(testing, words[0][1], words[1]);
    }
    if (left >= 3 && strcmp(words[0], "(") == 0) {
        testing->at++;
        bool value = test_or(testing, depth + 1);
        if (left_of(testing) == 0 || strcmp(testing->words[testing->at], ")") != 0)
            return fail(testing, "test", "a parenthesis is not closed");
        testing->at++;
        return value;
    }
    testing->at++;
    return words[0][0] != '\0';
}

static bool takes(struct testing *testing, const char *word)
{
    if (left_of(testing) == 0 || strcmp(testing->words[testing->at], word) != 0)
        return false;
    testing->at++;
    return true;
}

static bool test_and(struct testing *testing, uint32_t depth)
{
    bool value = primary(testing, depth);
    while (!testing->failed && takes(testing, "-a"))
        value = primary(testing, depth) && value;
    return value;
}

static bool test_or(struct testing *testing, uint32_t depth)
{
    bool value = test_and(testing, depth);
    while (!testing->failed && takes(testing, "-o"))
        value = test_and(testing, depth) || value;
    return value;
}

/* Two arguments are never a comparison, and three with an operator in the middle always. */
static bool evaluate(struct testing *testing)
{
    char **words = testing->words;
    if (testing->count == 0)
        return false;
    if (testing->count == 1 || (testing->count == 2 && strcmp(words[0], "!") == 0)) {
        testing->at = testing->count;
        return (words[testing->count - 1][0] != '\0') == (testing->count == 1);
    }
    if (testing->count == 3 && strcmp(words[0], "(") == 0 && strcmp(words[2], ")") == 0 &&
        find_binary(words[1]) == BINARIES) {
        testing->at = 3;
        return words[1][0] != '\0';
    }
    return test_or(testing, 0);
}

int builtin_test(struct words *words)
{
    struct testing testing = { .words = words->data + 1, .count = words->count - 1 };
    if (words->data[0][0] == '[') {
        if (testing.count == 0 || strcmp(testing.words[testing.count - 1], "]") != 0) {
            complain("[", "] is missing at the end");
            return STATUS_MISUSED;
        }
        testing.count--;
    }
    bool value = evaluate(&testing);
    if (!testing.failed && testing.at < testing.count && testing.count > 0)
        fail(&testing, testing.words[testing.at], "is not expected here");
    return testing.failed ? STATUS_MISUSED : !value;
}
