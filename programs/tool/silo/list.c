/* The list of silos, and their limits. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "programs/tool/shared/figures.h"
#include "programs/tool/silo/silo.h"

static void print_used(uint64_t used, uint64_t limit)
{
    char text[48];
    if (limit == 0 || limit >= NO_LIMIT)
        snprintf(text, sizeof(text), "%" PRIu64 "/none", used);
    else
        snprintf(text, sizeof(text), "%" PRIu64 "/%" PRIu64, used, limit);
    printf(" %16s", text);
}

/* How a silo fares; what cannot be told is not. */
static const char *state_of(const struct statistics_silo_figures_list *figures, uint64_t silo)
{
    for (uint32_t i = 0; i < figures->count; i++)
        if (figures->data[i].silo == silo)
            return figures->data[i].suspended   ? "suspended"
                   : figures->data[i].exhausted ? "quota"
                                                : "running";
    return "-";
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
                       const struct system_silo_status *silo, const char *state)
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
    printf(" %-9s  %*s", state, 2 * depth_of(list, silo), "");
    print_text(silo->name, 0);
    putchar('\n');
}

int silo_list(void)
{
    struct system_silo_status_list list;
    struct weft_client client = figures_client();
    struct statistics_silo_figures_list figures = { 0 };
    enum weft_status status = system_silos(system_client(), &list);
    if (status != WEFT_OK)
        return tell_status("silo", status);
    if (statistics_silos(&client, &figures) != WEFT_OK)
        figures.count = 0;
    printf("%6s %16s %16s %16s %6s %6s %-9s  %s\n", "SILO", "PROCESSES", "MEMORY", "MESSAGES",
           "WEIGHT", "QUOTA", "STATE", "NAME");
    for (uint32_t i = 0; i < list.count; i++)
        print_silo(&list, &list.data[i], state_of(&figures, list.data[i].silo));
    return 0;
}

/* What is wrong with it; NULL: nothing is, and it is set. */
static const char *set_limit(struct system_limits *limits, const char *name, uint64_t number)
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
        return NULL;
    }
    for (uint32_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(name, rows[i].name) != 0)
            continue;
        *rows[i].small = (uint32_t)number;
        return number <= UINT32_MAX ? NULL : "such a limit is 4294967295 at the most";
    }
    return "there is no such limit; there are memory, processes, threads, messages, slots, weight, "
           "quota";
}

int silo_limit(const char *text, const char *name, const char *value)
{
    uint64_t number, value_number;
    struct system_silo_status_list list;
    struct system_none_error_result result = { .failed = true, .error = SYSTEM_ERROR_NOT_FOUND };
    int failed = read_silo(silo_help, text, &number);
    if (failed != 0)
        return failed;
    if (!read_number(value, &value_number))
        return tell_wrong(silo_help, value, "a limit is a number; 0 is what the silo above allows");
    enum weft_status status = system_silos(system_client(), &list);
    const struct system_silo_status *silo = status == WEFT_OK ? find(&list, number) : NULL;
    if (silo == NULL)
        return tell_result(text, status, &result);
    struct system_limits limits = silo->limits;
    const char *mistake = set_limit(&limits, name, value_number);
    if (mistake != NULL)
        return tell_wrong(silo_help, name, mistake);
    return tell_result(text, system_set_limits(system_client(), number, limits, &result), &result);
}
