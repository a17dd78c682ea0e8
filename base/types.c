#include "base/base.h"

usize text_size(const char *text)
{
    usize size = 0;
    while (text[size] != 0)
        size++;
    return size;
}

struct bytes bytes_from_text(const char *text)
{
    return (struct bytes){ (const u8 *)text, text_size(text) };
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || __builtin_memcmp(a.data, b.data, a.size) == 0);
}

bool bytes_start_with(struct bytes whole, struct bytes start)
{
    return whole.size >= start.size && bytes_equal((struct bytes){ whole.data, start.size }, start);
}

int bytes_compare(struct bytes a, struct bytes b)
{
    usize common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : __builtin_memcmp(a.data, b.data, common);
    if (order != 0)
        return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

/* How many bytes the well-formed sequence at `text` takes; 0 if it is ill-formed. */
static usize utf8_sequence_size(const u8 *text, usize size)
{
    u8 lead = text[0];
    if (lead < 0x80)
        return 1;
    usize need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || size < need)
        return 0;
    for (usize i = 1; i < need; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (lead == 0xE0 && text[1] < 0xA0) || (lead == 0xF0 && text[1] < 0x90);
    bool surrogate = lead == 0xED && text[1] > 0x9F;
    bool beyond = lead == 0xF4 && text[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : need;
}

bool bytes_are_utf8(struct bytes text)
{
    for (usize at = 0; at < text.size;) {
        usize step = utf8_sequence_size(text.data + at, text.size - at);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}
