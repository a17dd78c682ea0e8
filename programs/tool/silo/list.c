/* The list of silos, and their limits. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs/tool/shared/figures.h"
#include "programs/tool/shared/walk.h"
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
static const char *state_of(uint64_t silo)
{
    struct statistics_silo_figures_list list;
    struct weft_client client = figures_client();
    if (statistics_silos(&client, silo, 1, &list) != WEFT_OK || list.count == 0 ||
        list.data[0].silo != silo)
        return "-";
    return list.data[0].suspended ? "suspended" : list.data[0].exhausted ? "quota" : "running";
}

static void print_silo(const struct system_silo_status *silo, int depth)
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
    printf(" %-9s  %*s", state_of(silo->silo), 2 * depth, "");
    print_text(silo->name, 0);
    putchar('\n');
}

/* With those in it behind it: no deeper than silos can be in each other. One that has gone meanwhile is
 * not told. */
static void print_with_children(const struct silo_places *places, uint64_t number, int depth)
{
    struct system_silo_status silo;
    if (walk_find_silo(number, &silo))
        print_silo(&silo, depth);
    for (uint32_t i = 0; i < places->count; i++)
        if (places->data[i].parent == number)
            print_with_children(places, places->data[i].silo, depth + 1);
}

int silo_list(void)
{
    struct silo_places places = { 0 };
    enum weft_status status = walk_places(&places);
    if (status != WEFT_OK)
        return tell_status("silo", status);
    printf("%6s %16s %16s %16s %6s %6s %-9s  %s\n", "SILO", "PROCESSES", "MEMORY", "MESSAGES",
           "WEIGHT", "QUOTA", "STATE", "NAME");
    if (places.count != 0)
        print_with_children(&places, places.data[0].silo, 0);
    free(places.data);
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
    struct system_silo_status silo;
    struct system_none_error_result result = { .failed = true, .error = SYSTEM_ERROR_NOT_FOUND };
    int failed = read_silo(silo_help, text, &number);
    if (failed != 0)
        return failed;
    if (!read_number(value, &value_number))
        return tell_wrong(silo_help, value, "a limit is a number; 0 is what the silo above allows");
    if (!walk_find_silo(number, &silo))
        return tell_result(text, WEFT_OK, &result);
    struct system_limits limits = silo.limits;
    const char *mistake = set_limit(&limits, name, value_number);
    if (mistake != NULL)
        return tell_wrong(silo_help, name, mistake);
    return tell_result(text, system_set_limits(system_client(), number, limits, &result), &result);
}
