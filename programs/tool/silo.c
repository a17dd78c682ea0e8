/* Lists silos and their limits, makes and destroys them. */
#include "programs/tool/shared/system.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: silo [list]\n"
    "       silo create NAME [PARENT]\n"
    "       silo destroy SILO\n"
    "       silo limit SILO memory|processes|threads|messages|slots|weight NUMBER\n"
    "Silos are groups of processes with one table of rights and one set of limits, in a tree. What\n"
    "is shown and changed is this program's own silo, and those below. Memory is in pages of 64\n"
    "KiB; a limit of 0 is the parent's. USED counts what is below, too.\n";

static int usage(void)
{
    fputs(help, stderr);
    return EXIT_USAGE;
}

/* ---- List ---- */

static void print_used(uint64_t used, uint64_t limit)
{
    char text[48];
    if (limit == 0)
        snprintf(text, sizeof(text), "%" PRIu64, used);
    else
        snprintf(text, sizeof(text), "%" PRIu64 "/%" PRIu64, used, limit);
    printf(" %16s", text);
}

/* NULL: it is not listed, as the parent of the first is not. */
static const struct system_silo_status *find(const struct system_silo_status_list *list,
                                             uint64_t silo)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->data[i].silo == silo)
            return &list->data[i];
    return NULL;
}

static int depth_of(const struct system_silo_status_list *list,
                    const struct system_silo_status *silo)
{
    int depth = 0;
    while ((silo = find(list, silo->parent)) != NULL)
        depth++;
    return depth;
}

static void print_silo(const struct system_silo_status_list *list,
                       const struct system_silo_status *silo)
{
    printf("%6" PRIu64, silo->silo);
    print_used(silo->processes, silo->limits.processes);
    print_used(silo->memory_pages, silo->limits.memory_pages);
    print_used(silo->messages, silo->limits.messages);
    printf(" %6" PRIu32 "  %*s", silo->limits.weight, 2 * depth_of(list, silo), "");
    print_text(silo->name, 0);
    putchar('\n');
}

static int list_silos(void)
{
    struct system_silo_status_list list;
    enum weft_status status = system_silos(system_client(), &list);
    if (status != WEFT_OK)
        return tell_status("silo", status);
    printf("%6s %16s %16s %16s %6s  %s\n", "SILO", "PROCESSES", "MEMORY", "MESSAGES", "WEIGHT", "NAME");
    for (uint32_t i = 0; i < list.count; i++)
        print_silo(&list, &list.data[i]);
    return 0;
}

/* ---- Changing ---- */

static int create_silo(const char *name, uint64_t parent)
{
    static const struct system_limits none;
    struct system_u64_error_result result;
    struct weft_bytes text = { (const uint8_t *)name, (uint32_t)strlen(name) };
    enum weft_status status = system_create_silo(system_client(), parent, text, none, &result);
    if (status != WEFT_OK)
        return tell_status(name, status);
    if (result.failed)
        return tell_error(name, result.error);
    printf("%" PRIu64 "\n", result.value);
    return 0;
}

static int end_with(const char *what, enum weft_status status,
                    const struct system_none_error_result *result)
{
    if (status != WEFT_OK)
        return tell_status(what, status);
    return result->failed ? tell_error(what, result->error) : 0;
}

static int destroy_silo(const char *text)
{
    uint64_t silo;
    struct system_none_error_result result;
    if (!read_number(text, &silo))
        return usage();
    enum weft_status status = system_destroy_silo(system_client(), silo, &result);
    return end_with(text, status, &result);
}

/* False: there is no such limit, or it is no such number. */
static bool set_limit(struct system_limits *limits, const char *name, uint64_t number)
{
    const struct {
        const char *name;
        uint32_t *small;
    } rows[] = {
        { "processes", &limits->processes }, { "threads", &limits->threads },
        { "messages", &limits->messages },   { "slots", &limits->slots },
        { "weight", &limits->weight },
    };
    if (strcmp(name, "memory") == 0) {
        limits->memory_pages = number;
        return true;
    }
    for (uint32_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(name, rows[i].name) == 0 && number <= UINT32_MAX) {
            *rows[i].small = (uint32_t)number;
            return true;
        }
    return false;
}

static int limit_silo(const char *text, const char *name, const char *value)
{
    uint64_t number, value_number;
    struct system_silo_status_list list;
    struct system_none_error_result result = { .failed = true, .error = SYSTEM_ERROR_NOT_FOUND };
    if (!read_number(text, &number) || !read_number(value, &value_number))
        return usage();
    enum weft_status status = system_silos(system_client(), &list);
    const struct system_silo_status *silo = status == WEFT_OK ? find(&list, number) : NULL;
    if (silo == NULL)
        return end_with(text, status, &result);
    struct system_limits limits = silo->limits;
    if (!set_limit(&limits, name, value_number))
        return usage();
    return end_with(text, system_set_limits(system_client(), number, limits, &result), &result);
}

int main(int count, char **arguments)
{
    uint64_t parent = 0;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count == 1 || (count == 2 && strcmp(arguments[1], "list") == 0))
        return list_silos();
    if ((count == 3 || count == 4) && strcmp(arguments[1], "create") == 0)
        return count == 3 || read_number(arguments[3], &parent) ? create_silo(arguments[2], parent)
                                                                : usage();
    if (count == 3 && strcmp(arguments[1], "destroy") == 0)
        return destroy_silo(arguments[2]);
    if (count == 5 && strcmp(arguments[1], "limit") == 0)
        return limit_silo(arguments[2], arguments[3], arguments[4]);
    return usage();
}
