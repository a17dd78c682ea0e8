/* Memory is taken, written, made larger and given back. */
#include "programs/showcase/showcase.h"

static int fill(int *numbers, int from, int to)
{
    for (int i = from; i < to; i++)
        numbers[i] = i;
    for (int i = 0; i < to; i++)
        show("%d%s", numbers[i], i + 1 == to ? "\n" : " ");
    return numbers[to - 1];
}

int showcase(int count, char **arguments)
{
    enum { FEW = 5, MANY = 10, ROUNDS = 1000 };
    (void)count;
    (void)arguments;
    int *numbers = block_take(FEW * sizeof(*numbers));
    fill(numbers, 0, FEW);
    numbers = block_resize(numbers, FEW * sizeof(*numbers), MANY * sizeof(*numbers));
    fill(numbers, FEW, MANY);
    block_give(numbers);
    for (int i = 0; i < ROUNDS; i++) {
        char *block = block_take((size_t)i * 10 + 1);
        block[i * 10] = (char)i;
        block_give(block);
    }
    show("%d blocks more were taken and given back\n", ROUNDS);
    return 0;
}
