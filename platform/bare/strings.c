/* What compilers and the libraries linked in call by name, where there is no C library. Eight bytes
 * at a time: as fast as the string instructions on small pieces, and several times faster where
 * those are emulated. */
#include "base/base.h"

/* Any eight bytes, whatever their type and address. */
typedef u64 __attribute__((may_alias, aligned(1))) loose_u64;

void *memcpy(void *restrict to, const void *restrict from, usize size);
void *memmove(void *to, const void *from, usize size);
void *memset(void *to, int value, usize size);
int memcmp(const void *a, const void *b, usize size);
usize strlen(const char *text);
void *__memcpy_chk(void *to, const void *from, usize size, usize room);
_Noreturn void __stack_chk_fail(void);

static void copy_up(u8 *to, const u8 *from, usize size)
{
    for (; size >= 32; size -= 32, to += 32, from += 32) {
        loose_u64 *wide_to = (void *)to;
        const loose_u64 *wide_from = (const void *)from;
        u64 a = wide_from[0], b = wide_from[1], c = wide_from[2], d = wide_from[3];
        wide_to[0] = a;
        wide_to[1] = b;
        wide_to[2] = c;
        wide_to[3] = d;
    }
    for (; size >= 8; size -= 8, to += 8, from += 8)
        *(loose_u64 *)(void *)to = *(const loose_u64 *)(const void *)from;
    for (; size > 0; size--)
        *to++ = *from++;
}

static void copy_down(u8 *to, const u8 *from, usize size)
{
    for (; size >= 8; size -= 8)
        *(loose_u64 *)(void *)(to + size - 8) = *(const loose_u64 *)(const void *)(from + size - 8);
    for (; size > 0; size--)
        to[size - 1] = from[size - 1];
}

void *memcpy(void *restrict to, const void *restrict from, usize size)
{
    copy_up(to, from, size);
    return to;
}

void *memmove(void *to, const void *from, usize size)
{
    if ((usize)to - (usize)from >= size)
        copy_up(to, from, size);
    else
        copy_down(to, from, size);
    return to;
}

void *memset(void *to, int value, usize size)
{
    u8 *at = to;
    u64 wide = (u8)value * 0x0101010101010101u;
    for (; size >= 8; size -= 8, at += 8)
        *(loose_u64 *)(void *)at = wide;
    for (; size > 0; size--)
        *at++ = (u8)value;
    return to;
}

int memcmp(const void *a, const void *b, usize size)
{
    const u8 *left = a;
    const u8 *right = b;
    for (; size >= 8; size -= 8, left += 8, right += 8)
        if (*(const loose_u64 *)(const void *)left != *(const loose_u64 *)(const void *)right)
            break;
    for (; size > 0; size--, left++, right++)
        if (*left != *right)
            return *left - *right;
    return 0;
}

usize strlen(const char *text)
{
    return text_size(text);
}

/* ---- What Debian's build of BearSSL calls to check itself ---- */

void *__memcpy_chk(void *to, const void *from, usize size, usize room)
{
    BASE_ASSERT(size <= room);
    return memcpy(to, from, size);
}

void __stack_chk_fail(void)
{
    base_fail("a stack frame is whole", __FILE_NAME__, __LINE__);
}
