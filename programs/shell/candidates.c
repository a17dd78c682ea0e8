#include "programs/shell/candidates.h"

#include "interface/system_program.h"
#include "programs/shell/edit/follow.h"
#include "programs/shell/shell.h"
#include "programs/tool/shared/walk.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWER = 1 << 18 };

static void keep_beginning(struct words *all, const char *prefix, struct words *kept)
{
    for (size_t i = 0; i < all->count; i++)
        if (strncmp(all->data[i], prefix, strlen(prefix)) == 0)
            words_add_copy(kept, all->data[i]);
    words_free(all);
}

/* ---- Paths --------------------------------------------------------------------------------------
 */

static void list_paths(const char *prefix, bool only_directories, struct words *found)
{
    const char *slash = strrchr(prefix, '/');
    size_t folder_size = slash == NULL ? 0 : (size_t)(slash - prefix) + 1;
    char *folder = take_copy(prefix, folder_size);
    struct text place = { 0 };
    struct words names = { 0 };
    const char *home = variables_get(&shell.variables, "HOME");
    bool is_home = folder[0] == '~' && folder[1] == '/' && home != NULL;
    text_add_string(&place, is_home ? home : "");
    text_add_string(&place, folder + is_home);
    place_list(text_string(&place), &names);
    for (size_t i = 0; i < names.count; i++) {
        struct text path = { 0 };
        const char *name = names.data[i];
        text_add_string(&path, folder);
        text_add_string(&path, name);
        bool hidden = name[0] == '.' && prefix[folder_size] != '.';
        bool fits = !only_directories || name[strlen(name) - 1] == '/';
        if (!hidden && fits && strncmp(text_string(&path), prefix, strlen(prefix)) == 0)
            words_add(found, text_release(&path));
        text_free(&path);
    }
    words_free(&names);
    text_free(&place);
    free(folder);
}

/* ---- What the kernel knows ----------------------------------------------------------------------
 */

static struct weft_client begin_question(void)
{
    return client_at(system_slot(), take(ANSWER), ANSWER);
}

static void add_number(struct words *all, uint64_t number)
{
    struct text text = { 0 };
    text_add_number(&text, (int64_t)number);
    words_add(all, text_release(&text));
}

static void list_silos(struct words *all)
{
    struct silo_walk walk = { 0 };
    const struct system_silo_status *silo;
    while ((silo = walk_silo(&walk)) != NULL)
        add_number(all, silo->silo);
}

static void list_processes(struct words *all)
{
    struct process_walk walk = { 0 };
    const struct system_process_status *process;
    while ((process = walk_process(&walk)) != NULL)
        add_number(all, process->process);
}

/* Files in the folder that are called by a CID. */
static void list_kept(const char *folder, struct words *all)
{
    struct words names = { 0 };
    struct program_name program;
    place_list(folder, &names);
    for (size_t i = 0; i < names.count; i++) {
        char *name = take_copy(names.data[i], strcspn(names.data[i], "."));
        if (program_of_text(name, &program))
            words_add_copy(all, name);
        free(name);
    }
    words_free(&names);
}

/* Of programs that the system came with, that are kept (`program add`), and that run. */
static void list_cids(struct words *all)
{
    const char *kept = variables_get(&shell.variables, "PROGRAMS");
    list_kept("/cid", all);
    if (kept != NULL)
        list_kept(kept, all);
    struct process_walk walk = { 0 };
    const struct system_process_status *process;
    while ((process = walk_process(&walk)) != NULL)
        words_add(all, take_copy((const char *)process->program.data, process->program.size));
}

static void list_interfaces(struct words *all)
{
    struct weft_client client = begin_question();
    struct system_binding_list_error_result result;
    if (system_bindings(&client, 0, &result) == WEFT_OK && !result.failed)
        for (uint32_t i = 0; i < result.value.count; i++) {
            const struct weft_bytes *name = &result.value.data[i].name;
            char *word = take_copy((const char *)name->data, name->size);
            bool is_plain = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") == name->size;
            if (is_plain) /* it is whatever whoever bound it says */
                words_add_copy(all, word);
            free(word);
        }
    free(client.buffer);
}

/* ---- What the shell knows -----------------------------------------------------------------------
 */

static void list_variables(struct words *all)
{
    variables_list(&shell.variables, 0, all);
}

static void list_aliases(struct words *all)
{
    variables_list(&shell.aliases, 0, all);
}

static void list_signals(struct words *all)
{
    for (int number = 1; number < SIGNALS; number++)
        if (signal_name(number) != NULL)
            words_add_copy(all, signal_name(number));
}

static void list_programs(struct words *all)
{
    names_of_commands(all);
    list_cids(all);
}

/* ---- Arguments ----------------------------------------------------------------------------------
 */

/* What stands for a place of a usage. */
static const struct {
    const char *place;
    void (*list)(struct words *all);
} lists[] = {
    { "ALIAS", list_aliases },        { "CID", list_cids },
    { "COMMAND", names_of_commands }, { "FUNCTION", function_names },
    { "INTERFACE", list_interfaces }, { "JOB", job_names },
    { "PROCESS", list_processes },    { "PROGRAM", list_programs },
    { "SIGNAL", list_signals },       { "SILO", list_silos },
    { "VARIABLE", list_variables },
};
enum { LISTS = sizeof(lists) / sizeof(lists[0]) };

static void list_place(const char *place, const char *prefix, struct words *candidates)
{
    struct words all = { 0 };
    size_t i = 0;
    while (i < LISTS && strcmp(lists[i].place, place) != 0)
        i++;
    if (i == LISTS) {
        list_paths(prefix, strcmp(place, "DIRECTORY") == 0, candidates);
        return;
    }
    lists[i].list(&all);
    keep_beginning(&all, prefix, candidates);
}

static void list_following(const struct usage *usage, const struct completion *completion,
                           struct words *candidates)
{
    const char *prefix = text_string(&completion->prefix);
    struct following following = { 0 };
    if (prefix[0] == '-') {
        follow_options(usage, &following.words);
        keep_beginning(&following.words, prefix, candidates);
        return;
    }
    follow_find(usage, &completion->typed, &following);
    for (size_t i = 0; i < following.places.count; i++)
        list_place(following.places.data[i], prefix, candidates);
    keep_beginning(&following.words, prefix, candidates);
    following_free(&following);
}

/* Paths, where its usage says nothing, or nothing that begins so. */
static void list_arguments(const struct completion *completion, struct words *candidates)
{
    struct text bytes = { 0 };
    struct usage usage;
    if (usage_of_command(completion->typed.data[0], &bytes, &usage))
        list_following(&usage, completion, candidates);
    if (candidates->count == 0)
        list_paths(text_string(&completion->prefix), false, candidates);
    text_free(&bytes);
}

void candidates_list(const struct completion *completion, struct words *candidates)
{
    const char *prefix = text_string(&completion->prefix);
    struct words all = { 0 };
    switch (completion->kind) {
    case COMPLETE_COMMAND:
        names_of_commands(&all);
        break;
    case COMPLETE_VARIABLE:
        list_variables(&all);
        break;
    case COMPLETE_PATH:
        list_paths(prefix, false, candidates);
        break;
    case COMPLETE_ARGUMENT:
        list_arguments(completion, candidates);
        break;
    }
    keep_beginning(&all, prefix, candidates);
    names_sort(candidates);
}
