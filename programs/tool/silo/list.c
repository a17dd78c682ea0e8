/* The list of silos, and their limits. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "programs/tool/silo/silo.h"

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
    printf(" %6" PRIu32, silo->limits.weight);
    if (silo->limits.quota != 0)
        printf(" %5" PRIu32 "%%", silo->limits.quota);
    else
        printf(" %6s", "-");
    printf("  %*s", 2 * depth_of(list, silo), "");
    print_text(silo->name, 0);
    putchar('\n');
}

int silo_list(void)
{
    struct system_silo_status_list list;
    enum weft_status status = system_silos(system_client(), &list);
    if (status != WEFT_OK)
        return tell_status("silo", status);
    printf("%6s %16s %16s %16s %6s %6s  %s\n", "SILO", "PROCESSES", "MEMORY", "MESSAGES", "WEIGHT",
           "QUOTA", "NAME");
    for (uint32_t i = 0; i < list.count; i++)
        print_silo(&list, &list.data[i]);
    return 0;
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
        { "weight", &limits->weight },       { "quota", &limits->quota },
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

int silo_limit(const char *text, const char *name, const char *value)
{
    uint64_t number, value_number;
    struct system_silo_status_list list;
    struct system_none_error_result result = { .failed = true, .error = SYSTEM_ERROR_NOT_FOUND };
    if (!read_number(text, &number) || !read_number(value, &value_number))
        return silo_usage();
    enum weft_status status = system_silos(system_client(), &list);
    const struct system_silo_status *silo = status == WEFT_OK ? find(&list, number) : NULL;
    if (silo == NULL)
        return tell_result(text, status, &result);
    struct system_limits limits = silo->limits;
    if (!set_limit(&limits, name, value_number))
        return silo_usage();
    return tell_result(text, system_set_limits(system_client(), number, limits, &result), &result);
}
