/* Tells what the machine is: its CPUs, its memory, and what of the CPU's is made use of. Needs the
 * interface `machine`: `--allow machine` on the hosted kernel. */
#include "interface/machine_program.h"
#include "lib/main.h"
#include "lib/print.h"

static _Alignas(8) uint8_t buffer[4096];

static void print_cpus(struct weft_client *client)
{
    struct machine_u64_cpu_list_tuple result;
    if (machine_cpus(client, &result) != WEFT_OK)
        return;
    for (uint32_t i = 0; i < result.f1.count; i++) {
        const struct machine_cpu *cpu = &result.f1.data[i];
        uint64_t percent = result.f0 == 0 ? 0 : cpu->idle / (result.f0 / 100 + 1);
        print("cpu ");
        print_number(cpu->number);
        print(": idle for ");
        print_number(percent);
        print("%\n");
    }
}

static void print_memory(struct weft_client *client)
{
    struct machine_memory memory;
    if (machine_memory(client, &memory) != WEFT_OK)
        return;
    print("memory: ");
    print_number(memory.free >> 20);
    print(" of ");
    print_number(memory.total >> 20);
    print(" MiB are free\n");
}

/* Those that are made use of, those that are there, those that are not. */
static void print_feature(const struct machine_feature *feature)
{
    print(feature->enabled ? " +" : feature->offered ? " " : " -");
    print_bytes(feature->name);
}

int weft_main(void)
{
    struct weft_client client = { .slot = machine_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct machine_feature_list features;
    enum weft_status status = machine_features(&client, &features);
    if (status != WEFT_OK) {
        print(status == WEFT_DENIED ? "machine is denied\n" : "nobody answers\n");
        return 3;
    }
    print("features:");
    for (uint32_t i = 0; i < features.count; i++)
        print_feature(&features.data[i]);
    print("\n");
    print_cpus(&client);
    print_memory(&client);
    return 0;
}
