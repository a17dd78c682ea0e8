/* Shows and changes what programs may do. */
#include "programs/permission/tool/program.h"

#include "lib/interface.h"
#include "programs/permission/known.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char help[] =
    "usage: permission [list] [-a]\n"
    "       permission allow|deny|substitute|ask PROGRAM INTERFACE\n"
    "       permission allow PROGRAM files:/FOLDER[:ro]\n"
    "       permission revoke PROGRAM [INTERFACE|files:/FOLDER]\n"
    "       permission log [-a]\n"
    "What is decided about programs: remembered for all processes of a program, said in the system's\n"
    "manifest, and in force for those that run. `allow` has to be confirmed at the terminal;\n"
    "everything else is done at once, also for what a program has open already. `revoke` forgets what\n"
    "was decided: what the manifest says holds, or the program is asked about again. What the\n"
    "manifest denies stays denied. PROGRAM is a command, a CID or its first 8 digits; INTERFACE one\n"
    "of those that `what PROGRAM` shows. A program that is denied `files` reaches the folders that are\n"
    "allowed to it, and no others; with `:ro` it only reads there. -a shows also what nobody is asked\n"
    "about, as the clock.\n";

static const char *const choices[] = {
    [PERMISSIONS_CHOICE_ALLOW] = "allow",
    [PERMISSIONS_CHOICE_DENY] = "deny",
    [PERMISSIONS_CHOICE_SUBSTITUTE] = "substitute",
    [PERMISSIONS_CHOICE_ASK] = "ask",
};

/* ---- Lists ----------------------------------------------------------------------------------- */

static void print_time(uint64_t time_ns)
{
    char text[32];
    time_t seconds = (time_t)(time_ns / 1000000000);
    const struct tm *parts = gmtime(&seconds);
    if (time_ns == 0 || parts == NULL ||
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", parts) == 0)
        snprintf(text, sizeof(text), "%-19s", "?");
    printf("%s ", text);
}

static void print_interface(const struct permissions_subject *subject)
{
    if (subject->folder.size == 0) {
        print_harmless(subject->interface_name, 12);
        return;
    }
    print_harmless(subject->interface_name, 0);
    putchar(':');
    print_harmless(subject->folder, 0);
}

static void print_subject(const struct permissions_subject *subject,
                          enum permissions_choice choice)
{
    print_harmless(subject->program_name, PROGRAM_NAME_SHOWN);
    putchar(' ');
    print_interface(subject);
    printf(" %-10s ", choices[choice]);
}

static bool is_usual(const struct permissions_subject *subject, enum permissions_choice choice)
{
    const struct known *known = known_by_hash(subject->interface);
    return known != NULL && known->is_usual && choice == PERMISSIONS_CHOICE_ALLOW;
}

static int list(const struct decisions *decisions, bool all)
{
    printf("%-20s %-12s %-10s %-19s  %-14s %s\n", "PROGRAM", "INTERFACE", "ANSWER", "SINCE (UTC)",
           "FOR", "CID");
    for (uint32_t i = 0; i < decisions->rules.count; i++) {
        const struct permissions_rule *rule = &decisions->rules.data[i];
        print_subject(&rule->subject, rule->choice);
        print_time(rule->since);
        printf(" %-14s ", rule->is_of_manifest ? "manifest" : "always");
        print_cid(rule->subject.program, UINT32_MAX);
        putchar('\n');
    }
    struct grant_walk walk = { 0 };
    for (const struct permissions_grant *grant; (grant = grant_next(&walk)) != NULL;) {
        char process[32];
        if (!all && is_usual(&grant->subject, grant->choice))
            continue;
        print_subject(&grant->subject, grant->choice);
        print_time(grant->since);
        snprintf(process, sizeof(process), "process %" PRIu64, grant->process);
        printf(" %-14s ", process);
        print_cid(grant->subject.program, UINT32_MAX);
        putchar('\n');
    }
    return walk.status == WEFT_OK ? 0 : tell_permissions("permission", walk.status);
}

static int show_log(const struct decisions *decisions, bool all)
{
    static const char *const sources[] = {
        [PERMISSIONS_SOURCE_PERSON] = "you",     [PERMISSIONS_SOURCE_RULE] = "remembered",
        [PERMISSIONS_SOURCE_USUAL] = "usual",    [PERMISSIONS_SOURCE_TABLE] = "table",
        [PERMISSIONS_SOURCE_NOBODY] = "nobody",  [PERMISSIONS_SOURCE_COMMAND] = "command",
        [PERMISSIONS_SOURCE_MANIFEST] = "manifest",
    };
    printf("%-19s  %-20s %-12s %-10s %-10s %7s %s\n", "TIME (UTC)", "PROGRAM", "INTERFACE",
           "ANSWER", "BY", "PROCESS", "CID");
    for (uint32_t i = 0; i < decisions->events.count; i++) {
        const struct permissions_event *event = &decisions->events.data[i];
        if (!all && event->source == PERMISSIONS_SOURCE_USUAL)
            continue;
        print_time(event->time);
        putchar(' ');
        print_subject(&event->subject, event->choice);
        printf("%-10s %7" PRIu64 " ", sources[event->source], event->process);
        print_cid(event->subject.program, UINT32_MAX);
        putchar('\n');
    }
    return 0;
}

/* ---- Changes --------------------------------------------------------------------------------- */

static int tell_refused(const char *program, const char *interface, enum permissions_error error)
{
    static const char *const words[] = {
        [PERMISSIONS_ERROR_NOT_FOUND] = "nothing was decided about that",
        [PERMISSIONS_ERROR_LIMIT] = "no more can be remembered; `permission revoke` makes room",
        [PERMISSIONS_ERROR_REFUSED] = "it was not confirmed",
        [PERMISSIONS_ERROR_UNASKED] = "it was refused three times in a row; `permission ask` first",
        [PERMISSIONS_ERROR_NO_TERMINAL] = "there is no terminal at which it could be confirmed",
        [PERMISSIONS_ERROR_NO_SUBSTITUTE] = "there is nothing harmless to put in its place",
        [PERMISSIONS_ERROR_INVALID] = "that is no program, no interface, or no folder: one is "
                                      "/FOLDER or /FOLDER:ro, not / and without ..",
        [PERMISSIONS_ERROR_NO_FOLDER] = "a folder can be allowed or revoked, if no folder in it or "
                                        "around it is allowed, and 32 at most; `permission deny` "
                                        "is for all files",
        [PERMISSIONS_ERROR_MANIFEST] = "that is said in the system's manifest, and changed there",
    };
    const char *space = interface[0] == '\0' ? "" : " ";
    fprintf(stderr, "permission: %s%s%s: %s\n", program, space, interface, words[error]);
    return EXIT_FAILED;
}

/* What follows `files:`, which is cut off from the name; empty: it is no folder. */
static struct weft_bytes cut_folder(char *name)
{
    static const char prefix[] = "files:";
    struct weft_bytes folder = { 0 };
    if (strncmp(name, prefix, sizeof(prefix) - 1) != 0)
        return folder;
    const char *path = name + sizeof(prefix) - 1;
    name[sizeof(prefix) - 2] = '\0';
    /* Nothing is no folder of that name, and not all of them. */
    return path[0] == '\0' ? WEFT_BYTES(".")
                           : (struct weft_bytes){ (const uint8_t *)path, (uint32_t)strlen(path) };
}

/* Its hash and name: one of the system's, or NAME@HASH; false: it is none. */
static bool read_interface(const char *name, struct interface_hash *hash, struct weft_bytes *shown)
{
    const struct known *known = known_by_name(name);
    const char *sign = strchr(name, '@');
    *shown = (struct weft_bytes){ (const uint8_t *)name, (uint32_t)strcspn(name, "@") };
    if (known != NULL)
        *hash = interface_hash(known->hash);
    else if (sign != NULL && strspn(sign + 1, "0123456789abcdef") == 64 && strlen(sign + 1) == 64)
        *hash = interface_hash(sign + 1);
    else
        return false;
    return true;
}

static bool interface_of(const char *name, struct interface_hash *hash, struct weft_bytes *shown)
{
    if (read_interface(name, hash, shown))
        return true;
    fprintf(stderr, "permission: %s: this is no interface of the system's; another one is NAME@HASH\n",
            name);
    return false;
}

/* A folder is allowed for the time when the rest is not. */
static void tell_rest(const struct permissions_subject *subject, const char *program)
{
    enum permissions_choice choice;
    struct weft_client client = decisions_client();
    if (permissions_foresee(&client, subject->program, subject->interface, &choice) == WEFT_OK &&
        choice != PERMISSIONS_CHOICE_DENY)
        printf("It may use all other files, too; to keep it out of them: permission deny %s files\n",
               program);
    free(client.buffer);
}

static int set(const struct decisions *decisions, enum permissions_choice choice, char **arguments)
{
    struct program_id program;
    struct interface_hash hash;
    struct permissions_subject subject = { 0 };
    struct permissions_none_error_result result;
    subject.folder = cut_folder(arguments[1]);
    if (!interface_of(arguments[1], &hash, &subject.interface_name) ||
        !program_by_name(arguments[0], decisions, &program))
        return EXIT_FAILED;
    subject.program = program_cid_of(&program);
    subject.program_name =
        (struct weft_bytes){ (const uint8_t *)program.name, (uint32_t)strlen(program.name) };
    subject.interface = interface_bytes(&hash);
    struct weft_client client = decisions_client();
    enum weft_status status = permissions_set(&client, subject, choice, &result);
    if (status != WEFT_OK)
        return tell_permissions("permission", status);
    if (result.failed)
        return tell_refused(arguments[0], arguments[1], result.error);
    if (subject.folder.size != 0)
        tell_rest(&subject, arguments[0]);
    return 0;
}

static int forget(const struct program_id *program, const struct permissions_subject *subject,
                  const char *name)
{
    struct permissions_none_error_result result;
    struct weft_client client = decisions_client();
    enum weft_status status = permissions_forget(&client, program_cid_of(program),
                                                 subject->interface, subject->folder, &result);
    free(client.buffer);
    if (status != WEFT_OK)
        return tell_permissions("permission", status);
    return result.failed ? tell_refused(program->name, name, result.error) : 0;
}

static bool is_about(const struct permissions_subject *subject, const struct program_id *program)
{
    return subject->program.size == program->size &&
           memcmp(subject->program.data, program->cid, program->size) == 0;
}

/* All of it; what was in two lists is forgotten with the first. */
static int forget_all(const struct decisions *decisions, const struct program_id *program)
{
    enum permissions_error error = PERMISSIONS_ERROR_NOT_FOUND;
    uint32_t count = 0;
    int status = 0;
    for (uint32_t i = 0; i < decisions->rules.count && status == 0; i++) {
        const struct permissions_rule *rule = &decisions->rules.data[i];
        if (!is_about(&rule->subject, program))
            continue;
        if (rule->is_of_manifest)
            error = PERMISSIONS_ERROR_MANIFEST;
        else if (++count != 0)
            status = forget(program, &rule->subject, "");
    }
    struct grant_walk walk = { 0 };
    for (const struct permissions_grant *grant; status == 0 && (grant = grant_next(&walk)) != NULL;) {
        struct permissions_none_error_result result;
        struct weft_client client = decisions_client();
        bool is_wanted = is_about(&grant->subject, program) &&
                         !is_usual(&grant->subject, grant->choice);
        if (is_wanted && permissions_forget(&client, grant->subject.program,
                                            grant->subject.interface, grant->subject.folder,
                                            &result) == WEFT_OK &&
            !result.failed)
            count++;
        free(client.buffer);
    }
    return status == 0 && count == 0 ? tell_refused(program->name, "", error) : status;
}

static int revoke(const struct decisions *decisions, int count, char **arguments)
{
    struct program_id program;
    struct interface_hash hash;
    struct permissions_subject subject = { 0 };
    if (count == 2)
        subject.folder = cut_folder(arguments[1]);
    if (count == 2 && !interface_of(arguments[1], &hash, &subject.interface_name))
        return EXIT_FAILED;
    subject.interface = interface_bytes(&hash);
    if (!program_by_name(arguments[0], decisions, &program))
        return EXIT_FAILED;
    return count == 2 ? forget(&program, &subject, arguments[1])
                      : forget_all(decisions, &program);
}

/* ---- The command ----------------------------------------------------------------------------- */

static int choice_of(const char *word)
{
    for (int i = 0; i < 4; i++)
        if (strcmp(word, choices[i]) == 0)
            return i;
    return -1;
}

int main(int count, char **arguments)
{
    const char *verb = count > 1 ? arguments[1] : "list";
    bool all = count > 1 && strcmp(arguments[count - 1], "-a") == 0;
    struct decisions decisions;
    if (asks_for_help(count, arguments, help))
        return 0;
    count -= all;
    if (all && count == 1)
        verb = "list";
    bool is_list = strcmp(verb, "list") == 0 && count <= 2;
    bool is_log = strcmp(verb, "log") == 0 && count == 2;
    bool is_revoke = !all && strcmp(verb, "revoke") == 0 && (count == 3 || count == 4);
    bool is_choice = !all && choice_of(verb) >= 0 && count == 4;
    if (!is_list && !is_log && !is_revoke && !is_choice)
        return tell_misuse(help, count, arguments);
    if (!decisions_get(&decisions))
        return EXIT_FAILED;
    if (is_list || is_log)
        return is_list ? list(&decisions, all) : show_log(&decisions, all);
    return is_revoke ? revoke(&decisions, count - 2, arguments + 2)
                     : set(&decisions, (enum permissions_choice)choice_of(verb), arguments + 2);
}
