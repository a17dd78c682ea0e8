/* What passes to a terminal, of any bytes: the same however they are cut, the same when filtered
 * once more, and so is what puts the screen right. */
#include "abi/screen_text.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 1 << 13, OUT_MAX = BYTES_MAX + SCREEN_TEXT_HELD_MAX };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t whole[OUT_MAX];
static uint8_t pieces[OUT_MAX];
static uint8_t again[OUT_MAX + SCREEN_TEXT_HELD_MAX];

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_pass(const uint8_t *bytes, size_t size)
{
    struct screen_text text = { 0 };
    must(screen_text_filter(&text, bytes, size, again) == size && memcmp(bytes, again, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct screen_text text = { 0 };
    struct screen_text cut = { 0 };
    uint8_t restore[SCREEN_TEXT_RESTORE_MAX];
    if (size == 0 || size > BYTES_MAX)
        return 0;
    size_t piece = 1 + data[0] % 7;
    size_t passed = screen_text_filter(&text, data, size, whole);
    size_t count = 0;
    must(passed <= size);
    for (size_t i = 0; i < size; i += piece)
        count +=
            screen_text_filter(&cut, data + i, size - i < piece ? size - i : piece, pieces + count);
    must(count == passed && memcmp(whole, pieces, passed) == 0);
    must_pass(whole, passed);
    must(screen_text_return(&text, restore) <= sizeof(restore));
    must(screen_text_leave(&text, restore) <= sizeof(restore));
    must_pass(restore, screen_text_restore(&text, restore));
    return 0;
}
