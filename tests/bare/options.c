/* The kernel's command line. */
#include "platform/bare/options.h"
#include "tests/tap.h"

static bool is(struct bytes value, const char *expected)
{
    return bytes_equal(value, bytes_from_text(expected));
}

int main(void)
{
    options_read("");
    TAP_OK(options.init.size == 0 && options.log == LOG_INFO && options.cpus == 0 &&
               options.memory_bytes == 0 && options.unknown_count == 0 && !options.interprets &&
               !options.debug_exit,
           "an empty line leaves all as usual");
    options_read("  init=a/b manifest=my.toml log=debug cpus=3   memory=64M engine=interpreter panic=reboot "
                 "debug-exit -- x  init=y ");
    TAP_OK(is(options.init, "a/b") && is(options.manifest, "my.toml") && options.log == LOG_DEBUG && options.cpus == 3 &&
               options.memory_bytes == 64 << 20 && options.interprets &&
               options.panic == PANIC_REBOOT && options.debug_exit,
           "each word sets what it says");
    TAP_OK(options.argument_count == 2 && is(options.arguments[0], "x") &&
               is(options.arguments[1], "init=y"),
           "what comes after -- is the program's");
    options_read("memory=3 memory=2G log=none");
    TAP_OK(options.memory_bytes == (u64)2 << 30 && options.log == LOG_NONE, "the last one counts");
    static const char *const wrong[] = { "cpus=0",       "cpus=",    "cpus=x",   "memory=M",
                                         "memory=1T",    "log=loud", "engine=x", "panic=x",
                                         "other",        "init=",    "=",  "manifest=",         "cpus=99999999999",
                                         "debug-exit=1", "memory=0" };
    bool all = true;
    for (usize i = 0; i < BASE_ARRAY_COUNT(wrong); i++) {
        options_read(wrong[i]);
        all =
            all && options.unknown_count == 1 && is(options.unknown[0], wrong[i]) && options.cpus == 0 && options.memory_bytes == 0;
    }
    TAP_OK(all, "a word or value without meaning is told, and changes nothing");
    options_read("engine=interpreter interrupts=lines engine=x interrupts=x");
    TAP_OK(options.interprets && options.only_lines && options.unknown_count == 2 &&
               is(options.unknown[0], "engine=x") && is(options.unknown[1], "interrupts=x"),
           "each wrong word is told, and what a right one said stays");
    char words[64];
    for (u32 i = 0; i < OPTIONS_UNKNOWN_MAX + 1; i++)
        __builtin_memcpy(words + 2 * i, "a ", 3);
    words[2 * OPTIONS_UNKNOWN_MAX] = 'b';
    options_read(words);
    TAP_OK(options.unknown_count == OPTIONS_UNKNOWN_MAX + 1 &&
               is(options.unknown[OPTIONS_UNKNOWN_MAX - 1], "a"),
           "wrong words have their bound, and all are counted");
    options_read("memory=17179869183G");
    bool fits = options.memory_bytes == (u64)17179869183 << 30;
    options_read("memory=17179869184G");
    TAP_OK(fits && options.memory_bytes == UINT64_MAX, "more memory than there can be is no limit");
    char line[1024] = "--";
    for (u32 i = 0; i < OPTIONS_ARGUMENTS_MAX + 1; i++)
        __builtin_memcpy(line + 2 + 3 * i, " ab", 4);
    options_read(line);
    TAP_OK(options.argument_count == OPTIONS_ARGUMENTS_MAX && options.unknown_count == 1 &&
               is(options.unknown[0], "ab"),
           "arguments have their bound");
    return tap_done();
}
