/* A row of objects, each asked through its own table of operations: indirect calls. */
#include "bench/engine/programs/program.h"

enum { OBJECTS = 1000, ROUNDS = 75000, KINDS = 5 };

struct object;

struct operations {
    uint32_t (*step)(struct object *object, uint32_t value);
    uint32_t (*weigh)(const struct object *object);
};

struct object {
    const struct operations *operations;
    uint32_t a, b;
};

static uint32_t add_step(struct object *o, uint32_t value) { return value + o->a; }
static uint32_t add_weigh(const struct object *o) { return o->a; }
static uint32_t mix_step(struct object *o, uint32_t value) { return (value ^ o->b) * 0x9E3779B1u; }
static uint32_t mix_weigh(const struct object *o) { return o->a ^ o->b; }
static uint32_t count_step(struct object *o, uint32_t value) { o->a++; return value - o->a; }
static uint32_t count_weigh(const struct object *o) { return o->a & 0xFF; }
static uint32_t swap_step(struct object *o, uint32_t value) { uint32_t was = o->b; o->b = value; return was; }
static uint32_t swap_weigh(const struct object *o) { return o->b >> 3; }
static uint32_t turn_step(struct object *o, uint32_t value) { return value << (o->a & 31) | value >> (-o->a & 31); }
static uint32_t turn_weigh(const struct object *o) { return o->a | 1; }

static const struct operations kinds[KINDS] = {
    { add_step, add_weigh },   { mix_step, mix_weigh },   { count_step, count_weigh },
    { swap_step, swap_weigh }, { turn_step, turn_weigh },
};

static struct object objects[OBJECTS];

int main(void)
{
    uint32_t value = 1, weight = 0;
    for (size_t i = 0; i < OBJECTS; i++)
        objects[i] = (struct object){ &kinds[random_next() % KINDS], (uint32_t)random_next(), 7 };
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < OBJECTS; i++) {
            struct object *o = &objects[i];
            value = o->operations->step(o, value);
            if ((i & 3) == 0)
                weight += o->operations->weigh(o);
        }
    return finish("dispatch", (uint64_t)value << 32 | weight);
}
