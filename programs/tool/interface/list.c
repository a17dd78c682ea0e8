/* Who handles what in a silo. */
#include "programs/tool/interface/interface.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interface/services_program.h"
#include "programs/tool/shared/definitions.h"
#include "programs/tool/shared/figures.h"
#include "programs/tool/shared/walk.h"

/* A handler in the kernel or the platform, by the interface that somebody uses it by. */
struct part {
    uint64_t interface;
    char name[24];
};

enum { PARTS_MAX = 256 };

static struct {
    struct services_service_list services;
    struct part parts[PARTS_MAX];
    uint32_t part_count;
} known;

static void know(const struct statistics_link *link)
{
    if (link->route != STATISTICS_ROUTE_HANDLED || link->handler != 0 || link->name.size == 0 ||
        known.part_count == PARTS_MAX)
        return;
    for (uint32_t i = 0; i < known.part_count; i++)
        if (known.parts[i].interface == link->interface)
            return;
    struct part *part = &known.parts[known.part_count++];
    part->interface = link->interface;
    snprintf(part->name, sizeof(part->name), "%.*s", (int)link->name.size,
             (const char *)link->name.data);
}

/* What cannot be asked is not known. */
static void know_all(bool may_ask_services)
{
    struct weft_client links = figures_client();
    struct process_walk walk = { 0 };
    const struct system_process_status *process;
    while ((process = walk_process(&walk)) != NULL) {
        struct statistics_link_list_error_result result;
        if (statistics_links(&links, process->process, &result) != WEFT_OK)
            return;
        for (uint32_t k = 0; !result.failed && k < result.value.count; k++)
            know(&result.value.data[k]);
    }
    if (may_ask_services && services_services(system_client_of(services_slot()), &known.services) != WEFT_OK)
        known.services.count = 0;
}

/* A slot for each row that no process handles: so it is told which part of the kernel does. */
static void turn_to_all(const struct system_binding_list *rows)
{
    struct system_any_error_result slot;
    for (uint32_t i = 0; i < rows->count; i++)
        if (rows->data[i].handler == 0)
            (void)system_resolve(system_client(), rows->data[i].interface, rows->data[i].tag, &slot);
}

static uint64_t id_of(struct weft_bytes hash)
{
    uint64_t id = 0;
    memcpy(&id, hash.data, hash.size < sizeof(id) ? hash.size : sizeof(id));
    return id;
}

static bool is_allowed(const struct system_binding_list *rows, const char *name)
{
    for (uint32_t i = 0; i < rows->count; i++)
        if (rows->data[i].verdict == SYSTEM_VERDICT_ALLOW && rows->data[i].name.size == strlen(name) &&
            memcmp(rows->data[i].name.data, name, strlen(name)) == 0)
            return true;
    return false;
}

static void print_process(uint64_t handler)
{
    printf("%" PRIu64 " ", handler);
    struct system_process_status process;
    if (walk_find_process(handler, &process)) {
        print_text(process.name.size != 0 ? process.name : process.program, 0);
        return;
    }
    for (uint32_t i = 0; i < known.services.count; i++)
        if (known.services.data[i].process == handler) {
            print_text(known.services.data[i].name, 0);
            return;
        }
    fputs("above", stdout);
}

static void print_handler(const struct system_binding *binding)
{
    if (binding->handler != 0) {
        print_process(binding->handler);
        return;
    }
    for (uint32_t i = 0; i < known.part_count; i++)
        if (binding->verdict != SYSTEM_VERDICT_DENY &&
            known.parts[i].interface == id_of(binding->interface)) {
            printf("kernel: %s", known.parts[i].name);
            return;
        }
    putchar('-');
}

static void print_binding(const struct system_binding *binding)
{
    static const char *const verdicts[] = { "allow", "deny", "ask", "hold" };
    enum { HASH_SHOWN = 6 };
    struct weft_bytes name = binding->name;
    if (name.size == 0 && definition_of(id_of(binding->interface)) != NULL) {
        const char *text = interface_name(id_of(binding->interface));
        name = (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
    }
    if (name.size == 0)
        name = (struct weft_bytes){ (const uint8_t *)"(of a program)", 14 };
    print_text(name, 20);
    putchar(' ');
    print_text(binding->tag, 12);
    putchar(' ');
    for (uint32_t i = 0; i < HASH_SHOWN && i < binding->interface.size; i++)
        printf("%02x", binding->interface.data[i]);
    printf("  %-7s ", verdicts[binding->verdict]);
    print_handler(binding);
    putchar('\n');
}

int interface_list(uint64_t silo)
{
    struct system_binding_list_error_result result;
    static _Alignas(8) uint8_t buffer[1 << 20];
    struct weft_client client = { .slot = system_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
    uint64_t shown = silo != 0 ? silo : walk_top();
    enum weft_status status = system_bindings(&client, shown, &result);
    if (status != WEFT_OK)
        return tell_status("interface", status);
    if (result.failed) {
        fprintf(stderr, "interface: %" PRIu64 ": there is no such silo, or it is not this program's to "
                        "see; `silo list` shows which are\n", shown);
        return EXIT_FAILED;
    }
    turn_to_all(&result.value);
    know_all(is_allowed(&result.value, "services"));
    printf("%-20s %-12s %-12s  %-7s %s\n", "INTERFACE", "TAG", "HASH", "VERDICT", "HANDLER");
    for (uint32_t i = 0; i < result.value.count; i++)
        print_binding(&result.value.data[i]);
    return 0;
}
