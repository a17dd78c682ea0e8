/* What may follow the words of a command. */
#include "programs/shell/edit/follow.h"
#include "tests/tap.h"

#include <string.h>

static const char silo[] = "usage: silo [list]\n"
                           "       silo create NAME [PARENT]\n"
                           "       silo start [-t] [-n NAME] PROGRAM [ARGUMENT...]\n"
                           "       silo attach|log SILO\n"
                           "       silo limit SILO memory|processes NUMBER\n";

static void add_all(const struct words *words, struct text *text)
{
    for (size_t i = 0; i < words->count; i++) {
        text_add_string(text, text->size == 0 ? "" : " ");
        text_add_string(text, words->data[i]);
    }
}

/* `typed` with blanks between; words as they are typed, then places. */
static bool follows(const char *told, const char *typed, const char *expected)
{
    struct usage usage;
    struct words words = { 0 };
    struct following following = { 0 };
    struct text found = { 0 };
    while (*typed != '\0') {
        size_t size = strcspn(typed, " ");
        words_add(&words, take_copy(typed, size));
        typed += size + (typed[size] == ' ');
    }
    if (usage_find(told, strlen(told), NULL, &usage))
        follow_find(&usage, &words, &following);
    add_all(&following.words, &found);
    add_all(&following.places, &found);
    bool same = strcmp(text_string(&found), expected) == 0;
    if (!same)
        printf("# found: %s\n", text_string(&found));
    words_free(&words);
    following_free(&following);
    text_free(&found);
    return same;
}

static void test_following(void)
{
    TAP_OK(follows(silo, "silo", "list create start attach log limit"), "the words of a command");
    TAP_OK(follows(silo, "silo log", "SILO") && follows(silo, "silo create a", "PARENT") &&
               follows(silo, "silo limit 3", "memory processes") &&
               follows(silo, "silo limit 3 memory", "NUMBER"),
           "what follows them");
    TAP_OK(follows(silo, "silo nothing", "") && follows(silo, "silo log 3", "") &&
               follows(silo, "silo limit 3 no", ""),
           "nothing, where no form goes on");
    TAP_OK(follows(silo, "silo start -t", "PROGRAM") && follows(silo, "silo start -n", "NAME") &&
               follows(silo, "silo start -n x", "PROGRAM") &&
               follows(silo, "silo start -n x p a b", "ARGUMENT"),
           "options and what they take are anywhere; dots repeat");
    const char *kill = "usage: kill [-s SIGNAL|-SIGNAL] %JOB|PROCESS...\n"
                       "       kill -l [STATUS...]\n";
    TAP_OK(follows(kill, "kill", "JOB PROCESS") && follows(kill, "kill -s", "SIGNAL") &&
               follows(kill, "kill -s HUP %1", "JOB PROCESS") &&
               follows(kill, "kill -l", "JOB PROCESS STATUS"),
           "several places; a form with an option that was typed");
    TAP_OK(follows("usage: a [b|C] [D] [if|of=FILE]\n", "a", "b C D") &&
               follows("usage: a [file...] file ... x:/FOLDER[:ro] [{B...]]]\n", "a", "") &&
               follows("usage: a [B [C]\n", "a x", "C"),
           "what is neither word nor place, and brackets that do not match");
}

static void test_bounds(void)
{
    struct text many = { 0 };
    text_add_string(&many, "usage: a ");
    for (int i = 0; i < 5000; i++)
        text_add_string(&many, "[B ");
    struct text typed = { 0 };
    text_add_string(&typed, "a");
    for (int i = 0; i < 40; i++)
        text_add_string(&typed, " x");
    TAP_OK(follows(text_string(&many), text_string(&typed), ""), "thousands of groups come to an end");
    text_clear(&many);
    text_add_string(&many, "usage: a ");
    for (int i = 0; i < 32; i++)
        text_add_string(&many, "[");
    text_add_string(&many, "IN");
    TAP_OK(follows(text_string(&many), "a", "IN"), "as many groups in one another as there may be");
    text_clear(&many);
    text_add_string(&many, "usage: a ");
    for (int i = 0; i < 33; i++)
        text_add_string(&many, "[");
    text_add_string(&many, "IN");
    TAP_OK(follows(text_string(&many), "a", ""), "and one more");
    text_free(&many);
    text_free(&typed);
}

static void test_options(void)
{
    struct usage usage;
    struct words options = { 0 };
    struct text found = { 0 };
    const char *told = "usage: a [--one[=X]] [-t|--two]\n-x, --three: so --; a--b --one --X\n";
    if (usage_find(told, strlen(told), NULL, &usage))
        follow_options(&usage, &options);
    add_all(&options, &found);
    TAP_OK(strcmp(text_string(&found), "--one --two --three") == 0,
           "options of several letters, once each");
    words_free(&options);
    text_free(&found);
}

int main(void)
{
    test_following();
    test_bounds();
    test_options();
    return tap_done();
}
