/* Names that somebody may have meant. */
#include "programs/shell/edit/near.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

static bool meant(const char *typed, const char *expected)
{
    static char *all[] = { "cat", "echo", "grep", "ls", "sh", "sqlite3", "wc" };
    struct words names = { .data = all, .count = sizeof(all) / sizeof(all[0]) };
    const char *found = near_name(&names, typed);
    return expected == NULL ? found == NULL : found != NULL && strcmp(found, expected) == 0;
}

static void test_near(void)
{
    TAP_OK(meant("ehco", "echo") && meant("sl", "ls"), "two letters the wrong way round");
    TAP_OK(meant("ech", "echo") && meant("echoo", "echo") && meant("gerp", "grep") &&
               meant("cap", "cat") && meant("sqlit", "sqlite3"),
           "a letter too few, too many, another; of long names two");
    TAP_OK(meant("xy", NULL) && meant("l", NULL) && meant("", NULL) && meant("gxxp", NULL) &&
               meant("nothere", NULL) && meant("sqlxxx3", NULL),
           "what is not near");
}

static void test_limits(void)
{
    char name[NEAR_NAME_MAX + 2], typed[NEAR_NAME_MAX + 2];
    char *longest[] = { name };
    struct words one = { .data = longest, .count = 1 };
    memset(name, 'a', sizeof(name));
    memset(typed, 'a', sizeof(typed));
    name[NEAR_NAME_MAX] = typed[NEAR_NAME_MAX] = '\0';
    typed[0] = 'b';
    TAP_OK(near_name(&one, typed) == name, "the longest names");
    name[NEAR_NAME_MAX] = 'a';
    name[NEAR_NAME_MAX + 1] = '\0';
    bool long_name = near_name(&one, typed) != NULL;
    typed[NEAR_NAME_MAX] = 'a';
    typed[NEAR_NAME_MAX + 1] = '\0';
    TAP_OK(!long_name && near_name(&one, typed) == NULL, "and those one longer");
    struct words many = { 0 };
    for (size_t i = 1; i < NEAR_LOOKED_AT_MAX; i++)
        words_add_copy(&many, "other");
    words_add_copy(&many, "nearby");
    bool last = near_name(&many, "naerby") != NULL;
    struct words more = { 0 };
    for (size_t i = 0; i < NEAR_LOOKED_AT_MAX; i++)
        words_add_copy(&more, "other");
    words_add_copy(&more, "nearby");
    TAP_OK(last && near_name(&more, "naerby") == NULL, "as many as are looked at, and one more");
    words_free(&many);
    words_free(&more);
}

int main(void)
{
    test_near();
    test_limits();
    return tap_done();
}
