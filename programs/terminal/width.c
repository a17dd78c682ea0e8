#include "programs/terminal/width.h"

/* libvterm's own (src/vterm_internal.h), which its interface lacks. */
int vterm_unicode_width(uint32_t codepoint);
int vterm_unicode_is_combining(uint32_t codepoint);

uint32_t width_of(uint32_t code_point)
{
    if (code_point < 0x300)
        return code_point < 0x80 || code_point >= 0xA0;
    if (vterm_unicode_is_combining(code_point))
        return 0;
    int width = vterm_unicode_width(code_point);
    return width < 0 ? 1 : (uint32_t)width;
}
