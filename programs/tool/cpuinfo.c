/* What CPUs there are, what of theirs is made use of, and how busy each was. */
#include "programs/tool/shared/usage.h"

#include "interface/machine_program.h"

#include <inttypes.h>
#include <stdio.h>

static const char help[] =
    "usage: cpuinfo\n"
    "Tells what the CPUs are that the system runs on: what their makers call them, which of their\n"
    "features are turned on or made use of, which are there and off, which are not there; and of "
    "each\n"
    "how busy it was since the system began. On the hosted kernel those are the CPUs that it was "
    "given,\n"
    "and features that only the host's system deals with are not listed.\n";

static int tell_machine(enum weft_status status)
{
    fputs(status == WEFT_DENIED ? "cpuinfo: this program may not use `machine` (--allow machine; "
                                  "in a session you are asked)\n"
                                : "cpuinfo: the machine does not answer\n",
          stderr);
    return EXIT_FAILED;
}

static void print_features(const char *title, const struct machine_feature_list *list, bool offered,
                           bool enabled)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct machine_feature *feature = &list->data[i];
        if (feature->offered != offered || feature->enabled != enabled)
            continue;
        if (count++ == 0)
            printf("%-9s", title);
        putchar(' ');
        print_text(feature->name, 0);
    }
    if (count != 0)
        putchar('\n');
}

static void print_busy(uint64_t time, const struct machine_cpu *cpu)
{
    double busy = time == 0 ? 0 : (double)(time - cpu->idle) / (double)time;
    printf("%6" PRIu32 " %6.1f%% %10.2fs %10.2fs\n", cpu->number, 100 * busy,
           (double)(time - cpu->idle) / 1e9, (double)cpu->idle / 1e9);
}

int main(int count, char **arguments)
{
    struct machine_feature_list features;
    struct machine_u64_cpu_list_tuple cpus;
    struct weft_bytes model;
    take_no_arguments(count, arguments, help);
    enum weft_status status = machine_model(system_client_of(machine_slot()), &model);
    if (status != WEFT_OK)
        return tell_machine(status);
    printf("%-9s ", "CPU");
    print_text(model.size == 0 ? WEFT_BYTES("of a make that does not tell its name") : model, 0);
    putchar('\n');
    status = machine_features(system_client_of(machine_slot()), &features);
    if (status != WEFT_OK)
        return tell_machine(status);
    print_features("on", &features, true, true);
    print_features("off", &features, true, false);
    print_features("missing", &features, false, false);
    status = machine_cpus(system_client_of(machine_slot()), &cpus);
    if (status != WEFT_OK)
        return tell_machine(status);
    printf("\n%6s %7s %11s %11s\n", "NUMBER", "BUSY", "TIME BUSY", "IDLE");
    for (uint32_t i = 0; i < cpus.f1.count; i++)
        print_busy(cpus.f0, &cpus.f1.data[i]);
    return 0;
}
