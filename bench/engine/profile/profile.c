/* Counts how often each instruction of the lowered code runs, and how often it is reached from the one
 * before it. At exit writes them to the file that PROFILE names, in the order of the code:
 *
 *   KIND NAME RUNS REACHED    kind as in engine/interpret.h; an empty line is a gap in the code */
#include "engine/interpret.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 1 << 22 };

struct count {
    const union word *pc;
    u64 runs;
    u64 reached;
    u32 id;
};

static struct count counts[PLACES];
static const union word *expected;

static const char *const names[INSTRUCTION_COUNT] = {
#define STRAIGHT(name, words) [I_##name] = "S " #name,
#define BRANCH(name, words) [I_##name] = "B " #name,
#define BRANCH_BACK(name, words) [I_##name] = "K " #name,
#define BRANCH_NEAR(name, words) [I_##name] = "N " #name,
#define SPECIAL(name, words) [I_##name] = "E " #name,
#include "engine/instruction_list.def"
};

void profile_note(u32 id, const union word *pc)
{
    u64 place = (u64)(uintptr_t)pc * 0x9E3779B97F4A7C15ull >> 42;
    while (counts[place].pc != NULL && counts[place].pc != pc)
        place = (place + 1) % PLACES;
    struct count *count = &counts[place];
    count->pc = pc;
    count->id = id;
    count->runs++;
    count->reached += pc == expected;
    expected = pc + 1 + instruction_words[id];
}

static int by_address(const void *a, const void *b)
{
    const struct count *first = a;
    const struct count *second = b;
    return first->pc < second->pc ? -1 : first->pc > second->pc;
}

__attribute__((destructor)) static void profile_write(void)
{
    const char *path = getenv("PROFILE");
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    if (file == NULL)
        return;
    qsort(counts, PLACES, sizeof(*counts), by_address);
    const union word *next = NULL;
    for (usize i = 0; i < PLACES; i++) {
        const struct count *count = &counts[i];
        if (count->pc == NULL)
            continue;
        if (count->pc != next)
            fputc('\n', file);
        fprintf(file, "%s %llu %llu\n", names[count->id], (unsigned long long)count->runs,
                (unsigned long long)count->reached);
        next = count->pc + 1 + instruction_words[count->id];
    }
    fclose(file);
}
