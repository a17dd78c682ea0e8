/* The heap of programs for wasm_os, against a slow model: which bytes are whose, in random steps, and
 * where memory ends. */
#pragma clang diagnostic ignored "-Wunknown-attributes" /* of imports, which are WebAssembly's */

#include "programs/library/wasm_os/wasm_os.h"

#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

/* The code under test is compiled for WebAssembly elsewhere; here it is part of this program. */
#include "programs/library/wasm_os/heap.c"

enum { OWN_PAGES = 3, PAGES_MAX = 64, PIECES_MAX = 200, STEPS = 200000 };

/* ---- What the library asks of the world ------------------------------------------------------- */

static uint32_t pages = OWN_PAGES; /* of the program's memory; its own data is in the first */
static uint32_t pages_max = PAGES_MAX;

uint32_t weft_caller_pages(void)
{
    return pages;
}

int32_t weft_caller_grow(uint32_t count)
{
    uint32_t before = pages;
    if (count > pages_max - pages)
        return -1;
    pages += count;
    return (int32_t)before;
}

void *pages_take(size_t size)
{
    return calloc(1, size); /* stays until the end, as pages do */
}

/* ---- The model -------------------------------------------------------------------------------- */

struct piece {
    uint32_t address;
    uint32_t size;
};

static struct piece pieces[PIECES_MAX];
static uint32_t count;
static bool is_taken[PAGES_MAX * PAGE_SIZE]; /* by byte */

/* Whether the block is within the heap, aligned, and nobody else's; it is this one's then. */
static bool take_piece(struct piece piece)
{
    if (piece.address % 8 != 0 || piece.address < OWN_PAGES * PAGE_SIZE ||
        piece.size > pages * PAGE_SIZE - piece.address)
        return false;
    for (uint32_t i = 0; i < piece.size; i++)
        if (is_taken[piece.address + i])
            return false;
    memset(is_taken + piece.address, true, piece.size);
    pieces[count++] = piece;
    return true;
}

static void give_piece(uint32_t index)
{
    os_free(pieces[index].address);
    memset(is_taken + pieces[index].address, false, pieces[index].size);
    pieces[index] = pieces[--count];
}

static bool step(void)
{
    uint32_t wanted = (uint32_t)rand() % (rand() % 16 == 0 ? 2 * PAGE_SIZE : 300);
    if (count == PIECES_MAX || (count != 0 && rand() % 2 == 0)) {
        uint32_t index = (uint32_t)rand() % count;
        bool known = os_pointer_size(pieces[index].address) == (int32_t)pieces[index].size;
        give_piece(index);
        return known;
    }
    int32_t address = os_malloc(wanted);
    if (address == WASM_OS_FAILED)
        return pages + (wanted + PAGE_SIZE - 1) / PAGE_SIZE > PAGES_MAX - 4; /* it grows by four at least */
    return os_pointer_size((uint32_t)address) == (int32_t)wanted &&
           take_piece((struct piece){ (uint32_t)address, wanted });
}

static void give_all(void)
{
    while (count != 0)
        give_piece(count - 1);
}

static void test_random(void)
{
    bool all = true;
    srand(1);
    for (uint32_t i = 0; i < STEPS && all; i++)
        all = step();
    TAP_OK(all, "blocks are aligned, of the size that was asked for, and nobody else's");
    give_all();
    uint32_t before = pages;
    int32_t whole = os_malloc((pages - OWN_PAGES) * PAGE_SIZE);
    TAP_OK(whole == OWN_PAGES * PAGE_SIZE && pages == before, "what was given back is one block again");
    os_free((uint32_t)whole);
}

static void test_end(void)
{
    pages_max = pages;
    uint32_t all = (pages - OWN_PAGES) * PAGE_SIZE;
    TAP_OK(os_malloc(all + 1) == WASM_OS_FAILED, "one byte more than there is");
    int32_t whole = os_malloc(all);
    TAP_OK(whole != WASM_OS_FAILED && os_malloc(0) == WASM_OS_FAILED,
           "all that there is, and nothing more");
    os_free((uint32_t)whole);
    TAP_OK(os_malloc(UINT32_MAX) == WASM_OS_FAILED && os_malloc(INT32_MAX) == WASM_OS_FAILED &&
               os_malloc((uint32_t)INT32_MAX + 1) == WASM_OS_FAILED,
           "sizes that no memory has");
}

static void test_wrong(void)
{
    int32_t block = os_malloc(20);
    uint32_t address = (uint32_t)block;
    os_free(0);
    os_free(address + 8);
    os_free(UINT32_MAX);
    TAP_OK(os_pointer_size(address) == 20 && os_pointer_size(address + 8) == WASM_OS_FAILED &&
               os_pointer_size(0) == WASM_OS_FAILED,
           "what begins no block is given back by nobody");
    os_free(address);
    os_free(address);
    TAP_OK(os_pointer_size(address) == WASM_OS_FAILED && os_malloc(20) == block,
           "nor is one twice");
    int32_t empty = os_malloc(0), other = os_malloc(0);
    TAP_OK(empty != other && os_pointer_size((uint32_t)empty) == 0,
           "blocks of no bytes have places of their own");
}

int main(void)
{
    test_random();
    test_end();
    test_wrong();
    return tap_done();
}
