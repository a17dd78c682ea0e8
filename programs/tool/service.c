/* Lists the services of the system, and changes how they fare. */
#include "programs/tool/shared/program.h"
#include "programs/tool/shared/usage.h"
#include "programs/tool/shared/walk.h"

#include "interface/clock_program.h"
#include "interface/log_program.h"
#include "interface/services_program.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: service [list]\n"
    "       service start|stop|restart NAME\n"
    "       service replace NAME|INTERFACE [PROGRAM|FILE.wasm]\n"
    "       service log NAME\n"
    "Services are what the manifest of the system names (docs/manifest.md). `stop` lets one finish what it\n"
    "has taken, `restart` does not; `replace` has a new process take its place while messages come, of\n"
    "another program if one is named: in the boot bundle, by CID, or in a file; the service may be\n"
    "told by an interface that it handles. `log` shows what one has\n"
    "told, and what was told of it.\n"
    "In the list FAILURES are ends one behind the other, each soon after a start.\n";

/* What was typed: `silo replace` is this program, too. */
static const char *typed = "service";

/* `services` and `log`, by the same buffer as `system`: one answer at a time. */
static struct weft_client *client_of_services(void)
{
    return system_client_of(services_slot());
}

static int tell_no_services(enum weft_status status)
{
    fprintf(stderr, "%s: %s\n", typed,
            status == WEFT_DENIED ? "this program may not use `services`, or the system has none"
                                  : "the services cannot be asked");
    return EXIT_FAILED;
}

/* ---- List ---- */

static uint64_t now(void)
{
    uint64_t time = 0;
    clock_monotonic(system_client_of(clock_slot()), &time);
    return time;
}

/* How long, in the largest unit that says something. */
static void print_age(uint64_t ns)
{
    static const struct {
        uint64_t seconds;
        char letter;
    } units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
    uint64_t seconds = ns / 1000000000;
    size_t unit = 0;
    while (unit < 3 && seconds < units[unit].seconds)
        unit++;
    printf(" %5" PRIu64 "%c", seconds / units[unit].seconds, units[unit].letter);
}

static void print_service(const struct services_service *service, uint64_t now_ns)
{
    static const char *const states[] = { "running", "waiting",  "given up", "listening",
                                          "stopped", "ending", "replacing" };
    print_text(service->name, 16);
    printf(" %-10s", states[service->state]);
    if (service->process != 0)
        printf(" %8" PRIu64, service->process);
    else
        printf(" %8s", "-");
    printf(" %6" PRIu32 " %8" PRIu32, service->starts, service->failures);
    print_age(now_ns > service->since ? now_ns - service->since : 0);
    fputs("  ", stdout);
    print_text(service->program, 18);
    putchar(' ');
    if (service->last_end.size != 0)
        print_text(service->last_end, 0);
    else
        putchar('-');
    putchar('\n');
}

static int list_services(void)
{
    struct services_service_list list;
    uint64_t now_ns = now();
    enum weft_status status = services_services(client_of_services(), &list);
    if (status != WEFT_OK)
        return tell_no_services(status);
    printf("%-16s %-10s %8s %6s %8s %6s  %-18s %s\n", "SERVICE", "STATE", "PROCESS", "STARTS",
           "FAILURES", "FOR", "PROGRAM", "LAST END");
    for (uint32_t i = 0; i < list.count; i++)
        print_service(&list.data[i], now_ns);
    return 0;
}

/* ---- Changing ---- */

static struct weft_bytes text_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

static int end_with(const char *name, enum weft_status status,
                    const struct services_none_error_result *result)
{
    static const char *const reasons[] = {
        [SERVICES_ERROR_NOT_FOUND] = "there is no such service",
        [SERVICES_ERROR_BUSY] = "it is being ended or replaced just now",
        [SERVICES_ERROR_NO_PROGRAM] = "there is no such program in the boot bundle",
        [SERVICES_ERROR_FAILED] = "that did not work",
        [SERVICES_ERROR_NEEDED] = "nothing here could start it again; `service restart` can",
    };
    if (status != WEFT_OK)
        return tell_no_services(status);
    if (!result->failed)
        return 0;
    fprintf(stderr, "%s: %s: %s", typed, name, reasons[result->error]);
    if (result->error == SERVICES_ERROR_FAILED)
        fprintf(stderr, "; `service log %s` says more", name);
    fputs(result->error == SERVICES_ERROR_NOT_FOUND ? "; `service list` shows which there are\n" : "\n",
          stderr);
    return EXIT_FAILED;
}

static int change(int count, char **arguments)
{
    const char *what = arguments[1], *name = arguments[2];
    struct services_none_error_result result;
    struct weft_bytes text = text_of(name);
    struct weft_client *client = client_of_services();
    if (strcmp(what, "start") == 0)
        return end_with(name, services_start(client, text, &result), &result);
    if (strcmp(what, "stop") == 0)
        return end_with(name, services_stop(client, text, &result), &result);
    if (strcmp(what, "restart") == 0)
        return end_with(name, services_restart(client, text, &result), &result);
    return tell_misuse(help, count, arguments);
}

/* ---- Another program ---- */

static bool is_text(struct weft_bytes bytes, const char *text)
{
    return bytes.size == strlen(text) && memcmp(bytes.data, text, bytes.size) == 0;
}

/* The process that handles an interface here; 0: none does. */
static uint64_t handler_of(const char *interface)
{
    struct system_binding_list_error_result rows;
    if (system_bindings(system_client(), walk_top(), &rows) != WEFT_OK || rows.failed)
        return 0;
    for (uint32_t i = 0; i < rows.value.count; i++)
        if (rows.value.data[i].handler != 0 && rows.value.data[i].tag.size == 0 &&
            is_text(rows.value.data[i].name, interface))
            return rows.value.data[i].handler;
    return 0;
}

/* A service by its name, or by that of an interface that it handles; as it is if it is neither. */
static const char *service_of(const char *name)
{
    static char found[64];
    struct services_service_list list;
    uint64_t handler = handler_of(name);
    if (services_services(client_of_services(), &list) != WEFT_OK)
        return name;
    found[0] = '\0';
    for (uint32_t i = 0; i < list.count; i++) {
        if (is_text(list.data[i].name, name))
            return name;
        if (handler != 0 && list.data[i].process == handler)
            snprintf(found, sizeof(found), "%.*s", (int)list.data[i].name.size,
                     (const char *)list.data[i].name.data);
    }
    return found[0] != '\0' ? found : name;
}

static int replace(const char *name, const char *program)
{
    static const char suffix[] = ".wasm";
    struct program added;
    struct services_none_error_result result;
    size_t size = strlen(program);
    bool is_file = strchr(program, '/') != NULL && size >= sizeof(suffix) &&
                   strcmp(program + size - sizeof(suffix) + 1, suffix) == 0;
    go_where_called();
    int failed = is_file ? program_add(program, &added) : 0;
    if (failed != 0)
        return failed;
    name = service_of(name);
    return end_with(name,
                    services_replace(client_of_services(), text_of(name),
                                     text_of(is_file ? added.text : program), &result),
                    &result);
}

/* ---- Log ---- */

/* A service, as far as its lines need it. */
struct author {
    const char *name;
    uint64_t processes[64];
    uint32_t count;
};

static int find_author(const char *name, struct author *author)
{
    struct services_service_list list;
    enum weft_status status = services_services(client_of_services(), &list);
    struct services_none_error_result none = { .failed = true, .error = SERVICES_ERROR_NOT_FOUND };
    author->name = name;
    for (uint32_t i = 0; status == WEFT_OK && i < list.count; i++) {
        const struct services_service *service = &list.data[i];
        if (service->name.size != strlen(name) || memcmp(service->name.data, name, service->name.size) != 0)
            continue;
        if (service->process != 0)
            author->processes[author->count++] = service->process;
        for (uint32_t k = 0; k < service->earlier.count && author->count < 64; k++)
            author->processes[author->count++] = service->earlier.data[k];
        return 0;
    }
    return end_with(name, status, &none);
}

/* Its own, or init's of it. */
static bool is_of(const struct log_entry *entry, const struct author *author)
{
    size_t size = strlen(author->name);
    for (uint32_t i = 0; i < author->count; i++)
        if (entry->process == author->processes[i])
            return true;
    return entry->text.size > size && memcmp(entry->text.data, author->name, size) == 0 &&
           entry->text.data[size] == ':';
}

static int print_log(const char *name)
{
    enum { AT_ONCE = 64 };
    struct author author = { 0 };
    struct log_entry_list list = { .count = 1 };
    int failed = find_author(name, &author);
    for (uint64_t sequence = 0; failed == 0 && list.count != 0;) {
        enum weft_status status =
            log_read(system_client_of(log_slot()), sequence, AT_ONCE, &list);
        if (status != WEFT_OK)
            return tell_status("log", status);
        for (uint32_t i = 0; i < list.count; i++) {
            const struct log_entry *entry = &list.data[i];
            sequence = entry->sequence + 1;
            if (!is_of(entry, &author))
                continue;
            printf("[%12.6f] ", (double)entry->time / 1e9);
            print_text(entry->text, 0);
            putchar('\n');
        }
    }
    return failed;
}

int main(int count, char **arguments)
{
    if (asks_for_help(count, arguments, help))
        return 0;
    if (strcmp(arguments[0], "silo") == 0)
        typed = arguments[0];
    if (count == 1 || (count == 2 && strcmp(arguments[1], "list") == 0))
        return list_services();
    if ((count == 3 || count == 4) && strcmp(arguments[1], "replace") == 0)
        return replace(arguments[2], count == 4 ? arguments[3] : "");
    if (count == 3 && strcmp(arguments[1], "log") == 0)
        return print_log(arguments[2]);
    return count == 3 ? change(count, arguments) : tell_misuse(help, count, arguments);
}
