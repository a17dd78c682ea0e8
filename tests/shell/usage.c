/* What commands say of themselves: found, and as a page. */
#include "programs/shell/edit/usage.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

static const char silo[] = "no usage: of it\0usage: silo [list]\n"
                           "Silos are groups of processes,\n"
                           "in a tree.\n"
                           "\0usage: silos\nOthers.\n";

/* ---- Pages --------------------------------------------------------------------------------------
 */

static bool page_is(const char *told, const char *expected)
{
    struct usage usage;
    struct text page = { 0 };
    if (usage_find(told, strlen(told), NULL, &usage))
        usage_page(&usage, "a", &page);
    bool same = strcmp(text_string(&page), expected) == 0;
    if (!same)
        printf("# %s", text_string(&page));
    text_free(&page);
    return same;
}

static void test_finding(void)
{
    struct usage usage;
    TAP_OK(usage_find(silo, sizeof(silo), "silo", &usage) &&
               strncmp(usage.text, "Silos are", 9) == 0 &&
               usage.text_size == strlen(usage.text),
           "the usage of a name, up to a zero");
    TAP_OK(usage_find(silo, sizeof(silo), "silos", &usage) &&
               strncmp(usage.text, "Others.\n", usage.text_size) == 0,
           "of one whose name begins so");
    TAP_OK(!usage_find(silo, sizeof(silo), "sil", &usage) &&
               !usage_find("a usage: b", 10, NULL, &usage) &&
               usage_find("/usage: b", 9, "b", &usage) &&
               !usage_find("", 0, NULL, &usage) && !usage_find("usage", 5, NULL, &usage),
           "none; one with a name may be behind anything");
    TAP_OK(usage_is_told("\0Usage: %s", 10) && usage_is_told("try --help", 10) &&
               !usage_is_told("try --help", 9) && !usage_is_told("usage", 5) && !usage_is_told("", 0),
           "who has a usage in it, or speaks of --help, tells it; a part of that is none");
    char *longest = take(USAGE_MAX + 1);
    memset(longest, 'a', USAGE_MAX + 1);
    memcpy(longest, "usage: a\n", 9);
    TAP_OK(usage_find(longest, USAGE_MAX, "a", &usage) && usage.text_size == USAGE_MAX - 9 &&
               usage_find(longest, USAGE_MAX + 1, "a", &usage) && usage.text_size == USAGE_MAX - 9,
           "as much as there may be, and one byte more, which is left out");
    free(longest);
}

static void test_pages(void)
{
    TAP_OK(page_is("usage: a [-b]\n       a c\nDoes this. And that.\n",
                   "NAME\n    a - does this\n\nSYNOPSIS\n    a [-b]\n    a c\n\n"
                   "DESCRIPTION\n    Does this. And that.\n"),
           "forms, the first sentence, and all of it");
    TAP_OK(page_is("Version 1\nUsage: a\nusage: a b\n\nWASI and\nmore\n-o option\n",
                   "NAME\n    a - WASI and more\n\nSYNOPSIS\n    a\n    a b\n\n"
                   "DESCRIPTION\n    WASI and\n    more\n    -o option\n"),
           "what is before it is left out; names stay as they are");
    TAP_OK(page_is("usage: a", "NAME\n    a\n\nSYNOPSIS\n    a\n"), "a usage and nothing else");
}

int main(void)
{
    test_finding();
    test_pages();
    return tap_done();
}
