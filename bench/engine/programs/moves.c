/* Small pieces of memory copied, moved, filled and compared, of sizes that are not known before. */
#include "bench/engine/programs/program.h"

enum { ARENA_BYTES = 1 << 16, PIECES = 4096, ROUNDS = 6600 };

static uint8_t arena[ARENA_BYTES];
static struct {
    uint16_t to, from;
    uint8_t size, kind;
} pieces[PIECES];

int main(void)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < ARENA_BYTES; i++)
        arena[i] = (uint8_t)random_next();
    for (size_t i = 0; i < PIECES; i++) {
        uint64_t r = random_next();
        pieces[i].to = (uint16_t)(r % (ARENA_BYTES - 128));
        pieces[i].from = (uint16_t)((r >> 16) % (ARENA_BYTES - 128));
        pieces[i].size = (uint8_t)(1 + (r >> 40) % ((r >> 50) % 4 == 0 ? 100 : 24));
        pieces[i].kind = (uint8_t)((r >> 60) % 4);
    }
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < PIECES; i++) {
            uint8_t *to = arena + pieces[i].to, *from = arena + pieces[i].from;
            size_t size = pieces[i].size;
            if (pieces[i].kind == 0 && to + size <= from)
                memcpy(to, from, size);
            else if (pieces[i].kind < 2)
                memmove(to, from, size);
            else if (pieces[i].kind == 2)
                memset(to, (int)(sum & 0xFF), size);
            else
                sum += (uint64_t)(memcmp(to, from, size) > 0);
            sum = (sum << 7 | sum >> 57) + to[0];
        }
    return finish("moves", sum);
}
