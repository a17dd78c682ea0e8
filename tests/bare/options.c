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
               options.memory_bytes == 0 && options.unknown.size == 0 && !options.interprets &&
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
            all && is(options.unknown, wrong[i]) && options.cpus == 0 && options.memory_bytes == 0;
    }
    TAP_OK(all, "a word or value without meaning is told, and changes nothing");
    char line[1024] = "--";
    for (u32 i = 0; i < OPTIONS_ARGUMENTS_MAX + 1; i++)
        __builtin_memcpy(line + 2 + 3 * i, " ab", 4);
    options_read(line);
    TAP_OK(options.argument_count == OPTIONS_ARGUMENTS_MAX && is(options.unknown, "ab"),
           "arguments have their bound");
    return tap_done();
}
