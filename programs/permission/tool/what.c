/* Tells what a program could ever ask for, before it runs. */
#include "programs/permission/tool/program.h"

#include "interface/system_program.h"
#include "programs/permission/known.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: what PROGRAM...\n"
    "Tells what each program could ever ask for, itself or by the libraries that it uses, and what\n"
    "would be answered today. PROGRAM is a command, a path or a CID.\n";

enum { BUFFER = 1 << 18 };

static struct weft_client client_of_system(void)
{
    return (struct weft_client){ .slot = system_slot(),
                                 .buffer = malloc(BUFFER),
                                 .capacity = BUFFER };
}

/* ---- What would be answered -------------------------------------------------------------------- */

/* What this program's own silo says of the interface: a program that the shell starts now would find
 * the same. */
static bool find_row(const struct system_binding_list *rows, struct weft_bytes interface,
                     enum system_verdict *verdict)
{
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct system_binding *row = &rows->data[i];
        if (row->tag.size == 0 && row->interface.size == interface.size &&
            memcmp(row->interface.data, interface.data, interface.size) == 0) {
            *verdict = row->verdict;
            return true;
        }
    }
    return false;
}

static bool is_about(const struct permissions_subject *subject, struct weft_bytes program,
                     struct weft_bytes interface)
{
    return subject->program.size == program.size &&
           memcmp(subject->program.data, program.data, program.size) == 0 &&
           memcmp(subject->interface.data, interface.data, interface.size) == 0;
}

/* Whose word it is: a person's goes before the manifest's, unless that denies. */
enum origin { ORIGIN_NOBODY, ORIGIN_MANIFEST, ORIGIN_PERSON, ORIGINS };

static enum origin origin_of(const struct permissions_rule_list *rules, struct weft_bytes program,
                             struct weft_bytes interface)
{
    enum origin origin = ORIGIN_NOBODY;
    for (uint32_t i = 0; i < rules->count; i++) {
        const struct permissions_rule *rule = &rules->data[i];
        if (!is_about(&rule->subject, program, interface))
            continue;
        if (rule->is_of_manifest && rule->choice == PERMISSIONS_CHOICE_DENY)
            return ORIGIN_MANIFEST;
        if (origin != ORIGIN_PERSON)
            origin = rule->is_of_manifest ? ORIGIN_MANIFEST : ORIGIN_PERSON;
    }
    return origin;
}

static const char *foreseen(struct weft_bytes program, struct weft_bytes interface,
                            const struct permissions_rule_list *rules)
{
    static const char *const words[ORIGINS][4] = {
        { "allowed", "denied: the manifest allows it no more than it says", "substituted",
          "asked about" },
        { "allowed by the manifest", "denied by the manifest", "substituted by the manifest",
          "asked about, as the manifest says" },
        { "allowed, as you said", "denied, as you said", "substituted, as you said",
          "asked about, as you said" },
    };
    uint8_t buffer[512];
    struct weft_client client = { .slot = permissions_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    enum permissions_choice choice;
    if (permissions_foresee(&client, program, interface, &choice) != WEFT_OK)
        return "asked about";
    return words[origin_of(rules, program, interface)][choice];
}

static const char *answer_to(struct weft_bytes program, const struct system_reached *reached,
                             const struct system_binding_list *rows,
                             const struct permissions_rule_list *rules)
{
    enum system_verdict verdict;
    if (!find_row(rows, reached->interface, &verdict))
        return "denied: nobody answers it here";
    if (verdict == SYSTEM_VERDICT_DENY)
        return "denied here";
    return verdict == SYSTEM_VERDICT_ALLOW ? "allowed"
                                           : foreseen(program, reached->interface, rules);
}

/* ---- Telling ----------------------------------------------------------------------------------- */

static void print_wish(const struct system_reached *reached)
{
    const struct known *known = known_by_hash(reached->interface);
    printf("  ");
    print_harmless(reached->name, 12);
    if (known != NULL)
        printf(" to %s\n", known->wants);
    else
        printf(" (none of the system's own interfaces)\n");
    if (reached->through.size != 0) {
        printf("  %-12s by what it calls in ", "");
        print_harmless(reached->through, 0);
        putchar('\n');
    }
}

static void print_all(const struct program_id *program, const struct system_reached_list *list)
{
    struct weft_client client = client_of_system();
    struct weft_client asking = decisions_client();
    struct system_binding_list_error_result rows = { .failed = true };
    struct permissions_rule_list rules = { 0 };
    if (client.buffer != NULL && system_bindings(&client, 0, &rows) != WEFT_OK)
        rows.failed = true;
    if (asking.buffer == NULL || permissions_rules(&asking, &rules) != WEFT_OK)
        rules.count = 0;
    for (uint32_t i = 0; i < list->count && !rows.failed; i++) {
        print_wish(&list->data[i]);
        printf("  %-12s today: %s\n", "",
               answer_to(program_cid_of(program), &list->data[i], &rows.value, &rules));
    }
    free(client.buffer);
    free(asking.buffer);
}

struct limit {
    uint64_t most;
    const char *unit;
};

/* What the manifest says of all that a process of it may take. */
static void print_limits(const struct program_id *program)
{
    uint8_t buffer[512];
    struct weft_client client = { .slot = permissions_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct permissions_terms_option terms;
    if (permissions_terms(&client, program_cid_of(program), &terms) != WEFT_OK || !terms.present)
        return;
    const struct permissions_limits *limits = &terms.value.limits;
    const struct limit list[] = {
        { limits->memory_pages * 64, "KiB of memory" },
        { limits->processes, "processes" },
        { limits->threads, "threads" },
        { limits->messages, "messages under way" },
        { limits->slots, "slots" },
        { limits->weight, "as its weight" },
        { limits->quota, "percent of a CPU" },
    };
    const char *before = "  limits       by the manifest: ";
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        if (list[i].most == 0)
            continue;
        printf("%s%" PRIu64 " %s", before, list[i].most, list[i].unit);
        before = ", ";
    }
    if (before[0] == ',')
        putchar('\n');
}

static int tell(const char *name)
{
    struct program_id program;
    struct weft_client client = client_of_system();
    struct system_reached_list_error_result result = { .failed = true };
    if (client.buffer == NULL || !program_by_name(name, NULL, &program)) {
        free(client.buffer);
        return EXIT_FAILED;
    }
    enum weft_status status = system_reach(&client, program_cid_of(&program), &result);
    if (status == WEFT_OK && !result.failed) {
        printf("%s, ", program.name);
        print_cid(program_cid_of(&program), UINT32_MAX);
        printf(result.value.count == 0 ? ", asks for nothing\n" : ", could ask for\n");
        print_all(&program, &result.value);
        print_limits(&program);
    } else {
        fprintf(stderr, "what: %s: it cannot be looked at\n", name);
    }
    free(client.buffer);
    return status == WEFT_OK && !result.failed ? 0 : EXIT_FAILED;
}

int main(int count, char **arguments)
{
    int status = 0;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count < 2)
        return tell_misuse(help, count, arguments);
    for (int i = 1; i < count; i++)
        if (tell(arguments[i]) != 0)
            status = EXIT_FAILED;
    return status;
}
