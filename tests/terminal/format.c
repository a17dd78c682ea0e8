/* The part of printf that libvterm needs, against the C library's own. */
#include "programs/terminal/format.h"
#include "tests/tap.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 1, 2))) static bool same(const char *format, ...)
{
    bool all = true;
    for (size_t capacity = 0; capacity < 40; capacity++) {
        char ours[40], theirs[40];
        va_list arguments;
        memset(ours, 'x', sizeof(ours));
        memset(theirs, 'x', sizeof(theirs));
        va_start(arguments, format);
        int our_size = format_write(ours, capacity, format, arguments);
        va_end(arguments);
        va_start(arguments, format);
        int their_size = vsnprintf(theirs, capacity, format, arguments);
        va_end(arguments);
        all = all && our_size == their_size && memcmp(ours, theirs, sizeof(ours)) == 0;
    }
    return all;
}

int main(void)
{
    TAP_OK(same("?%d;%d$y", 0, 25) && same("%d %d", INT_MIN, INT_MAX), "decimal numbers");
    TAP_OK(same("%02x:%x:%04x", 7, 0xabcdefu, 0), "hexadecimal numbers");
    TAP_OK(same("\x1B%c%s0n%s", 'A', "", "text"), "characters and texts");
    TAP_OK(same("%.*s|", 4, "longer") && same("%.*s|", 4, "a"), "a part of a text");
    TAP_OK(same("plain"), "nothing to put in");
    return tap_done();
}
