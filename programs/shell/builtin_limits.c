/* `ulimit`: what the shell's silo may have at the most. It is set by who made the silo. */
#include "interface/system_program.h"
#include "lib/start.h"
#include "programs/shell/shell.h"
#include "programs/tool/shared/system.h"
#include "programs/tool/shared/walk.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_KIB = 64 };

struct limit {
    char sign; /* as elsewhere, where there is one like it */
    const char *name;
    uint64_t value; /* 0: there is none */
};

enum { LIMITS = 5 };

static void list_limits(const struct system_limits *limits, struct limit list[LIMITS])
{
    /* What the system as a whole has is a bound of the kernel's own. */
    uint64_t kib = limits->memory_pages >= NO_LIMIT ? 0 : limits->memory_pages * PAGE_KIB;
    const struct limit all[LIMITS] = {
        { 'v', "memory, in KiB", kib },
        { 'u', "processes", limits->processes },
        { 'T', "threads", limits->threads },
        { 'n', "slots", limits->slots },
        { 'q', "messages under way", limits->messages },
    };
    memcpy(list, all, sizeof(all));
}

/* False: it is not known. */
static bool find_limits(struct limit list[LIMITS])
{
    struct system_silo_status silo;
    bool is_found = walk_find_silo(start_record()->silo, &silo);
    if (is_found)
        list_limits(&silo.limits, list);
    return is_found;
}

static void add_value(struct text *text, uint64_t value)
{
    if (value == 0)
        text_add_string(text, "unlimited");
    else
        text_add_number(text, (int64_t)value);
    text_add_char(text, '\n');
}

/* Of these letters; all of them with names. */
static bool show(const struct limit list[LIMITS], const char *letters)
{
    enum { NAME_WIDTH = 20 };
    struct text text = { 0 };
    bool all = strcmp(letters, "a") == 0;
    uint32_t shown = 0;
    for (int i = 0; i < LIMITS; i++) {
        size_t begin = text.size;
        if (!all && strchr(letters, list[i].sign) == NULL)
            continue;
        if (all) {
            text_add_string(&text, list[i].name);
            while (text.size - begin < NAME_WIDTH)
                text_add_char(&text, ' ');
            text_add(&text, (const char[]){ '-', list[i].sign, ' ' }, 3);
        }
        add_value(&text, list[i].value);
        shown++;
    }
    bool is_well = all || shown == strlen(letters);
    if (is_well)
        output_text(&text);
    text_free(&text);
    return is_well;
}

static int builtin_ulimit(struct words *words)
{
    struct limit list[LIMITS];
    const char *word = words->count > 1 ? words->data[1] : "-a";
    if (words->count > 2 || (word[0] >= '0' && word[0] <= '9')) {
        complain("ulimit", "a limit is its silo's, which who made that sets: silo limit SILO NAME "
                           "NUMBER");
        return STATUS_FAILED;
    }
    if (word[0] != '-' || word[1] == '\0')
        return builtin_misused("ulimit");
    if (!find_limits(list)) {
        complain("ulimit", "this silo's limits are not to be had");
        return STATUS_FAILED;
    }
    return show(list, word + 1) ? 0 : builtin_misused("ulimit");
}

const struct builtin builtins_limits[] = {
    { "ulimit", builtin_ulimit,
      "usage: ulimit [-a|-v|-u|-T|-n|-q]\n"
      "Tells what the shell's silo, and what is below it, may have at the most: all (-a) of memory\n"
      "in KiB (-v), processes (-u), threads (-T), slots (-n), messages under way (-q). They are set\n"
      "with `silo limit`.\n",
      false, false },
    { NULL, NULL, NULL, false, false },
};
