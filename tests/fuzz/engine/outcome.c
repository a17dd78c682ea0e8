/* What is compared of two runs, and how the first difference is told. */
#include "tests/fuzz/engine/program.h"

#include <stdio.h>
#include <string.h>

u64 fuzz_canonical(u64 bits, value_type type)
{
    if (type == TYPE_I32)
        return (u32)bits;
    if (type == TYPE_F32)
        return (bits & 0x7FFFFFFF) > 0x7F800000 ? 0x7FC00000 : (u32)bits;
    if (type == TYPE_F64 && (bits & INT64_MAX) > 0x7FF0000000000000)
        return 0x7FF8000000000000;
    return bits;
}

/* Four lanes, as most of the time goes into memories. */
u64 fuzz_hash(u64 hash, const void *data, usize size)
{
    enum { LANES = 4 };
    const u64 factor = 0x9E3779B97F4A7C15u;
    u64 lanes[LANES] = { hash, hash + 1, hash + 2, hash + 3 };
    u64 words[LANES];
    const u8 *at = data;
    for (; size >= sizeof(words); size -= sizeof(words), at += sizeof(words)) {
        memcpy(words, at, sizeof(words));
        for (u32 i = 0; i < LANES; i++)
            lanes[i] = (lanes[i] << 7 ^ lanes[i] >> 57 ^ words[i]) * factor;
    }
    for (; size != 0; size--)
        lanes[0] = (lanes[0] ^ *at++) * factor;
    for (u32 i = 1; i < LANES; i++)
        lanes[0] = (lanes[0] << 9 ^ lanes[0] >> 31 ^ lanes[i]) * factor;
    return lanes[0];
}

static void tell_frames(const char *what, const struct fuzz_call_outcome *call)
{
    fprintf(stderr, "%s, %s: %u frames\n", what, trap_text(call->trap),
            call->frame_count + call->omitted_count);
    for (u32 i = 0; i < call->frame_count; i++)
        fprintf(stderr, "    module %u function %u offset 0x%x\n", call->frames[i].module,
                call->frames[i].function, call->frames[i].offset);
}

static bool same_call(const struct fuzz_program *program, u32 index,
                      const struct fuzz_call_outcome *a, const struct fuzz_call_outcome *b)
{
    const struct fuzz_call *call = &program->calls[index];
    if (memcmp(a, b, sizeof(*a)) == 0)
        return true;
    fprintf(stderr, "call %u, of function %u of module %u:\n", index, call->function, call->module);
    if (a->trap != b->trap)
        fprintf(stderr, "trap: %s and %s\n", trap_text(a->trap), trap_text(b->trap));
    for (u32 i = 0; i < FUZZ_RESULTS_MAX; i++)
        if (a->results[i] != b->results[i])
            fprintf(stderr, "result %u: 0x%lx and 0x%lx\n", i, a->results[i], b->results[i]);
    for (u32 i = 0; i < FUZZ_MODULES_MAX; i++)
        if (a->fuel_left[i] != b->fuel_left[i])
            fprintf(stderr, "fuel of module %u: %u and %u\n", i, a->fuel_left[i], b->fuel_left[i]);
    tell_frames("trap of the first", a);
    tell_frames("trap of the second", b);
    return false;
}

/* Lists are seen as words. */
static bool same_words(const char *what, const void *a, const void *b, usize size)
{
    const u64 *first = a;
    const u64 *second = b;
    for (usize i = 0; i < size / sizeof(u64); i++)
        if (first[i] != second[i]) {
            fprintf(stderr, "%s, number %zu: 0x%lx and 0x%lx\n", what, i, first[i], second[i]);
            return false;
        }
    return true;
}

#define SAME_WORDS(what, member) same_words(what, &a->member, &b->member, sizeof(a->member))

bool fuzz_outcome_same(const struct fuzz_program *program, const struct fuzz_outcome *a,
                       const struct fuzz_outcome *b)
{
    for (u32 i = 0; i < program->call_count; i++)
        if (!same_call(program, i, &a->calls[i], &b->calls[i]))
            return false;
    return SAME_WORDS("calls of the host", host_calls) && SAME_WORDS("trace of the host", trace) &&
           SAME_WORDS("globals", globals) && SAME_WORDS("sizes of memories", memory_sizes) &&
           SAME_WORDS("memories", memories) && SAME_WORDS("sizes of tables", table_sizes) &&
           SAME_WORDS("tables", tables);
}
