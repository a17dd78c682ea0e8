/* 64-bit arithmetic with rotates, population counts, zeroes counted, and products of 128 bits: moves
 * on a board, kept as sets of bits, and a hash of them. */
#include "bench/engine/programs/program.h"

enum { BOARDS = 1 << 12, ROUNDS = 1800 };

static uint64_t boards[BOARDS];

static uint64_t flood(uint64_t seed, uint64_t free_cells)
{
    for (int i = 0; i < 8; i++) {
        seed |= free_cells & (seed << 1 & ~0x0101010101010101u);
        seed |= free_cells & (seed >> 1 & ~0x8080808080808080u);
        seed |= free_cells & (seed << 8 | seed >> 8);
    }
    return seed;
}

static uint64_t product(uint64_t a, uint64_t b)
{
    unsigned __int128 wide = (unsigned __int128)a * b;
    return (uint64_t)wide ^ (uint64_t)(wide >> 64);
}

int main(void)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < BOARDS; i++)
        boards[i] = random_next() | random_next();
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < BOARDS; i++) {
            uint64_t board = boards[i] ^ sum;
            uint64_t first = board & -board;
            uint64_t reached = flood(first, board);
            unsigned by = (unsigned)__builtin_popcountll(reached);
            sum = (sum << (by & 63) | sum >> (-by & 63)) + reached;
            sum += product(sum, board | 1);
            sum ^= (uint64_t)__builtin_clzll(board | 1) << 32 | (uint64_t)__builtin_ctzll(first | 1u << 31);
        }
    return finish("bits", sum);
}
