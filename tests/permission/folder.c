/* Folders as rules name them. */
#include "programs/permission/folder.h"
#include "tests/tap.h"

#include <string.h>

static bool take(const char *text, struct folder *folder)
{
    return folder_take((struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) },
                       folder);
}

static bool becomes(const char *text, const char *expected)
{
    struct folder folder;
    return take(text, &folder) && folder.size == strlen(expected) &&
           memcmp(folder.text, expected, folder.size) == 0;
}

static void test_reading(void)
{
    struct folder folder;
    TAP_OK(becomes("/data", "/data") && becomes("/data:ro", "/data:ro"), "a folder is what it is");
    TAP_OK(becomes("//data/./games///", "/data/games") && becomes("/data/.:ro", "/data:ro"),
           "without what says nothing");
    TAP_OK(becomes("/a\nb", "/a\nb") && becomes("/.../x", "/.../x") && becomes("/a:rw", "/a:rw"),
           "names may be strange");
    TAP_OK(take("", &folder) && folder.size == 0, "nothing is no folder");
    TAP_OK(take("/a:ro", &folder) && folder_is_read_only(&folder) && folder.path_size == 2 &&
               take("/a", &folder) && !folder_is_read_only(&folder),
           "which is only to be read is known");
}

static void test_refusing(void)
{
    static const char *const bad[] = { "data",   "/",    ":ro",     "/:ro",   "//./",  "/..",
                                       "/a/..",  ".",    "/a/../b", "/..:ro", "a:ro",  "/a:ro/",
                                       "/a:ro/.", "../a", "~" };
    struct folder folder;
    bool all = true;
    for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        all &= !take(bad[i], &folder);
    TAP_OK(all, "what is not absolute, leads up or is all of them is refused");
    TAP_OK(!folder_take((struct weft_bytes){ (const uint8_t *)"/a\0b", 4 }, &folder),
           "so is a zero in a name");
}

static void test_limit(void)
{
    char text[FOLDER_PATH_MAX + 8];
    struct folder folder;
    memset(text, 'x', sizeof(text));
    text[0] = '/';
    strcpy(text + FOLDER_PATH_MAX, ":ro");
    TAP_OK(take(text, &folder) && folder.path_size == FOLDER_PATH_MAX &&
               folder.size == FOLDER_TEXT_MAX,
           "a path may be so long");
    text[FOLDER_PATH_MAX] = 'x';
    strcpy(text + FOLDER_PATH_MAX + 1, ":ro");
    TAP_OK(!take(text, &folder), "and not longer");
}

static bool overlap(const char *one, const char *two)
{
    struct folder a, b;
    bool taken = take(one, &a) && take(two, &b);
    bool result = folder_overlaps(&a, &b);
    return taken && result && folder_overlaps(&b, &a);
}

static void test_overlap(void)
{
    struct folder a, b;
    TAP_OK(overlap("/a", "/a/b") && overlap("/a:ro", "/a") && overlap("/a/b/c:ro", "/a"),
           "a folder overlaps those in it");
    TAP_OK(!overlap("/a", "/ab") && !overlap("/a/b", "/a/c"), "and not those beside it");
    TAP_OK(take("/a", &a) && take("/a:ro", &b) && folder_equal(&a, &b) && take("/ab", &b) &&
               !folder_equal(&a, &b),
           "it is the same by its path");
}

int main(void)
{
    test_reading();
    test_refusing();
    test_limit();
    test_overlap();
    return tap_done();
}
