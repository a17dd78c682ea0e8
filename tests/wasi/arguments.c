/* Run with the arguments `a b`, ``, `é`, and the environment ONE=1, EMPTY=, EQUALS=x=y. */
#include "tests/wasi/support/case.h"

static uint32_t sizes[2];
static uint32_t pointers[16];
static char text[256];

static bool is_text(uint32_t index, const char *expected)
{
    return strcmp((const char *)(uintptr_t)pointers[index], expected) == 0;
}

static bool has_text(uint32_t count, const char *expected)
{
    for (uint32_t i = 0; i < count; i++)
        if (is_text(i, expected))
            return true;
    return false;
}

static void test_arguments(void)
{
    GIVES(SUCCESS, raw_args_sizes_get(at(&sizes[0]), at(&sizes[1])), "args_sizes_get");
    TAP_OK(sizes[0] == 4, "the program's name and three arguments");
    memset(text, 'x', sizeof(text));
    GIVES(SUCCESS, raw_args_get(at(pointers), at(text)), "args_get");
    TAP_OK(is_text(1, "a b") && is_text(2, "") && is_text(3, "\xC3\xA9"), "arguments as they are");
    uint32_t used = 0;
    for (uint32_t i = 0; i < 4; i++)
        used += size_of((const char *)(uintptr_t)pointers[i]) + 1;
    TAP_OK(used == sizes[1], "the size that was told is what they take");
    TAP_OK(text[sizes[1]] == 'x', "nothing is written behind it");
    TAP_OK(pointers[0] == at(text) && pointers[1] > pointers[0], "the texts lie in a row");
}

static void test_environment(void)
{
    GIVES(SUCCESS, raw_environ_sizes_get(at(&sizes[0]), at(&sizes[1])), "environ_sizes_get");
    TAP_OK(sizes[0] == 3, "the three variables that were given and no other");
    TAP_OK(sizes[1] == sizeof("ONE=1") + sizeof("EMPTY=") + sizeof("EQUALS=x=y"),
           "size of the environment");
    GIVES(SUCCESS, raw_environ_get(at(pointers), at(text)), "environ_get");
    TAP_OK(has_text(3, "ONE=1") && has_text(3, "EMPTY=") && has_text(3, "EQUALS=x=y"),
           "variables as they are");
}

static void test_bad_pointers(void)
{
    uint32_t before = sizes[0];
    GIVES(FAULT, raw_args_sizes_get(NOWHERE, at(&sizes[1])), "args_sizes_get: bad count");
    GIVES(FAULT, raw_args_sizes_get(at(&sizes[0]), NOWHERE), "args_sizes_get: bad size");
    TAP_OK(sizes[0] == before, "a call that fails writes nothing");
    GIVES(FAULT, raw_args_get(NOWHERE, at(text)), "args_get: bad pointers");
    GIVES(FAULT, raw_args_get(at(pointers), NOWHERE), "args_get: bad text");
    GIVES(FAULT, raw_environ_sizes_get(NOWHERE, at(&sizes[1])), "environ_sizes_get: bad count");
    GIVES(FAULT, raw_environ_get(at(pointers), 0xFFFFFFFF), "environ_get: bad text");
    GIVES(FAULT, raw_environ_get(0xFFFFFFFC, at(text)), "environ_get: pointers over the end");
}

int main(void)
{
    test_arguments();
    test_environment();
    test_bad_pointers();
    return tap_done();
}
