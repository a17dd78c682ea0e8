/* What is written to a serial line, and when its writers are told. */
#include "programs/driver/serial/output.h"
#include "tests/tap.h"

#include <string.h>

static struct output output;
static uint8_t bytes[OUTPUT_BYTES];
static uint8_t line[OUTPUT_BYTES];

static bool put(int64_t id, uint32_t size)
{
    return output_put(&output, id, (struct weft_bytes){ bytes, size });
}

/* The oldest write that is done; 0: none. */
static int64_t done(void)
{
    struct output_write write = { 0 };
    return output_next_done(&output, &write) ? write.id : 0;
}

static void test_little(void)
{
    memcpy(bytes, "hello", 5);
    TAP_OK(put(1, 5) && done() == 1 && done() == 0, "who writes little is told at once");
    TAP_OK(put(0, 5) && done() == 0, "and who does not ask is not");
    TAP_OK(output_take(&output, line, 7) == 7 && memcmp(line, "hellohe", 7) == 0 &&
               output_take(&output, line, 100) == 3 && output_take(&output, line, 100) == 0,
           "bytes go in their order");
}

static void test_much(void)
{
    for (uint32_t i = 0; i < OUTPUT_BYTES; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    TAP_OK(put(2, OUTPUT_BYTES - 10) && !put(3, 11) && put(3, 10), "as much as there is room for");
    TAP_OK(done() == 0, "who writes much waits");
    output_take(&output, line, OUTPUT_BYTES - OUTPUT_LOW_BYTES - 10);
    TAP_OK(done() == 2 && done() == 0, "until little is left before the line");
    output_take(&output, line + OUTPUT_BYTES - OUTPUT_LOW_BYTES - 10, OUTPUT_BYTES);
    TAP_OK(memcmp(bytes, line, OUTPUT_BYTES - 10) == 0 &&
               memcmp(bytes, line + OUTPUT_BYTES - 10, 10) == 0 && done() == 3,
           "and all arrives, around the end of the ring");
}

static void test_many(void)
{
    put(4, OUTPUT_LOW_BYTES);
    for (int64_t id = 5; id < 5 + OUTPUT_WRITES_MAX - 1; id++)
        put(id, 1);
    TAP_OK(!put(100, 1) && output.write_count == OUTPUT_WRITES_MAX, "as many as there is room for");
    output_forget(&output, 6);
    output_forget(&output, 1000);
    output_take(&output, line, OUTPUT_BYTES);
    TAP_OK(output.write_count == OUTPUT_WRITES_MAX - 1 && done() == 4 && done() == 5 && done() == 7,
           "one that was taken back is not told");
}

int main(void)
{
    test_little();
    test_much();
    test_many();
    return tap_done();
}
