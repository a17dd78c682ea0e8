/* Each cell of a grid becomes a mean of its neighbours, of which some are walls: rows of floats. */
#include "bench/engine/programs/program.h"

enum { WIDTH = 514, HEIGHT = 514, STEPS = 700 };

static float grids[2][HEIGHT][WIDTH];
static uint8_t walls[HEIGHT][WIDTH];

static void step(float (*to)[WIDTH], float (*from)[WIDTH])
{
    for (int y = 1; y < HEIGHT - 1; y++)
        for (int x = 1; x < WIDTH - 1; x++) {
            float sum = from[y - 1][x] + from[y + 1][x] + from[y][x - 1] + from[y][x + 1];
            to[y][x] = walls[y][x] ? from[y][x] : 0.25f * sum + 0.001f * from[y][x];
        }
}

int main(void)
{
    uint64_t sum = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            walls[y][x] = random_next() % 11 == 0;
            grids[0][y][x] = (float)(random_next() >> 44) / 1024;
        }
    for (int i = 0; i < STEPS; i++)
        step(grids[(i + 1) % 2], grids[i % 2]);
    for (int y = 0; y < HEIGHT; y += 7)
        for (int x = 0; x < WIDTH; x += 5) {
            uint32_t bits;
            memcpy(&bits, &grids[0][y][x], sizeof(bits));
            sum = sum * 31 + bits;
        }
    return finish("stencil", sum);
}
