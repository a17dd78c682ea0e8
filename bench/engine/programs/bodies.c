/* Bodies that pull each other: arithmetic of doubles, with square roots and divisions. */
#include "bench/engine/programs/program.h"

#include <math.h>

enum { BODIES = 24, STEPS = 180000 };

struct body {
    double x, y, z, vx, vy, vz, mass;
};

static struct body bodies[BODIES];

static void step(double dt)
{
    for (int i = 0; i < BODIES; i++) {
        struct body *a = &bodies[i];
        for (int k = i + 1; k < BODIES; k++) {
            struct body *b = &bodies[k];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz + 0.01;
            double pull = dt / (square * sqrt(square));
            a->vx -= dx * b->mass * pull, a->vy -= dy * b->mass * pull, a->vz -= dz * b->mass * pull;
            b->vx += dx * a->mass * pull, b->vy += dy * a->mass * pull, b->vz += dz * a->mass * pull;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

int main(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < BODIES; i++) {
        double *fields = &bodies[i].x;
        for (int k = 0; k < 7; k++)
            fields[k] = (double)(random_next() >> 40) / (double)(1 << 24) + (k == 6);
    }
    for (int i = 0; i < STEPS; i++)
        step(0.0005);
    for (int i = 0; i < BODIES; i++) {
        uint64_t bits;
        memcpy(&bits, &bodies[i].x, sizeof(bits));
        sum = sum * 31 + bits;
    }
    return finish("bodies", sum);
}
