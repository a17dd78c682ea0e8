/* Whether programs are interesting: what they end in, how long they run, what they are made of. */
#include "tests/fuzz/engine/program.h"

#include <stdio.h>

struct fuzz_statistics fuzz_statistics;

static const char *const opcode_names[OPCODE_COUNT] = {
#define OPCODE(name, prefix, code, text, immediate, signature, feature) \
    [PREFIX_##prefix + code] = text,
#include "engine/opcode.def"
#undef OPCODE
};

static bool is_out_of_fuel(const struct fuzz_program *program, const struct fuzz_call_outcome *call)
{
    bool is_out = false;
    for (u32 i = 0; i < program->module_count; i++)
        is_out = is_out || (i32)call->fuel_left[i] <= 0;
    return is_out && call->trap == TRAP_UNREACHABLE;
}

void fuzz_statistics_add(const struct fuzz_program *program, const struct fuzz_outcome *outcome)
{
    struct fuzz_statistics *all = &fuzz_statistics;
    all->modules += program->module_count;
    all->calls += program->call_count;
    all->host_calls += outcome->host_calls;
    for (u32 i = 0; i < program->call_count; i++) {
        all->traps[outcome->calls[i].trap]++;
        if (all->frames_max < outcome->calls[i].frame_count + outcome->calls[i].omitted_count)
            all->frames_max = outcome->calls[i].frame_count + outcome->calls[i].omitted_count;
        all->out_of_fuel += is_out_of_fuel(program, &outcome->calls[i]);
        for (u32 k = 0; k < program->module_count; k++)
            all->fuel += (u32)FUZZ_FUEL - outcome->calls[i].fuel_left[k];
    }
    for (u32 i = 0; i < program->module_count; i++)
        all->bytes += program->modules[i].code.size;
    for (u32 i = 0; i < OPCODE_COUNT; i++)
        all->generated[i] += program->generated[i];
}

static bool is_missing(u32 opcode)
{
    const struct opcode_info *info = &opcode_infos[opcode];
    return info->signature != 0 && info->feature == FEATURE_CORE &&
           fuzz_statistics.generated[opcode] == 0;
}

bool fuzz_statistics_complete(void)
{
    u32 count = 0;
    for (u32 i = 0; i < OPCODE_COUNT; i++)
        count += is_missing(i);
    return count == 0;
}

void fuzz_statistics_print(void)
{
    const struct fuzz_statistics *all = &fuzz_statistics;
    f64 calls = (f64)all->calls;
    printf("# %.0f bytes of code a module; a call uses %.1f of fuel, has %.2f calls of the host\n",
           (f64)all->bytes / (f64)all->modules, (f64)all->fuel / calls,
           (f64)all->host_calls / calls);
    printf("# it runs %.0f instructions; %.1f %% of all instructions run at least once\n",
           (f64)all->instructions_run / calls,
           100 * (f64)all->instructions_seen / (f64)all->instructions);
    printf("# the deepest backtrace has %u frames\n", all->frames_max);
    printf("# %5.2f %% of calls: unreachable, for want of fuel\n",
           100 * (f64)all->out_of_fuel / calls);
    for (u32 i = 0; i < TRAP_COUNT; i++)
        if (all->traps[i] != 0)
            printf("# %5.2f %% of calls: %s\n", 100 * (f64)all->traps[i] / calls,
                   i == TRAP_NONE ? "return" : trap_text((enum trap)i));
    for (u32 i = 0; i < OPCODE_COUNT; i++)
        if (is_missing(i))
            printf("# never generated: %s\n", opcode_names[i]);
}
