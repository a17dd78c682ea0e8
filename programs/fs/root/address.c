#include "programs/fs/root/address.h"

/* A number without a sign; false: it is none, or above the largest. */
static bool take_number(struct weft_bytes text, uint32_t max, uint32_t *number)
{
    *number = 0;
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *number = *number * 10 + (text.data[i] - '0');
        if (*number > max)
            return false;
    }
    return text.size != 0;
}

bool address_divide(struct weft_bytes where, struct weft_bytes *host, uint16_t *port)
{
    uint32_t end = where.size, number;
    while (end > 0 && where.data[end - 1] != ':')
        end--;
    struct weft_bytes behind = { where.data + end, where.size - end };
    if (end < 2 || !take_number(behind, UINT16_MAX, &number) || number == 0)
        return false;
    *host = (struct weft_bytes){ where.data, end - 1 };
    *port = (uint16_t)number;
    return true;
}

bool address_read(struct weft_bytes text, uint8_t parts[static 4])
{
    for (uint32_t i = 0, at = 0; i < 4; i++) {
        uint32_t size = 0, number;
        while (at + size < text.size && text.data[at + size] != '.')
            size++;
        bool is_last = at + size == text.size;
        struct weft_bytes part = { text.data + at, size };
        if (is_last != (i == 3) || !take_number(part, 255, &number))
            return false;
        parts[i] = (uint8_t)number;
        at += size + 1;
    }
    return true;
}
