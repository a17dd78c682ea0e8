/* Interfaces: who handles what in a silo, what they are, and rows of its table changed. */
#include "programs/tool/interface/interface.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/interface.h"
#include "programs/tool/shared/definitions.h"
#include "programs/tool/shared/usage.h"

static const char help[] =
    "usage: interface [list] [SILO]\n"
    "       interface show INTERFACE\n"
    "       interface allow|deny|ask SILO INTERFACE [TAG]\n"
    "       interface bind SILO INTERFACE PROCESS [TAG]\n"
    "       interface unbind SILO INTERFACE [TAG]\n"
    "       interface graph [--svg]\n"
    "Shows what interfaces are and who handles them, and changes that. list: the table of a\n"
    "silo, that of the session if none is given: each interface by name, tag and the beginning of\n"
    "its hash, whether it may be used, and who handles it: a process by number and name, or a part\n"
    "of the kernel; `above` is a process that this program may not see, `-` is nobody, or not known\n"
    "from here. show: the definition of one of the system's interfaces, as its hash is taken\n"
    "of. The others change a row of a silo below this program's own; an INTERFACE is a name of\n"
    "the system's, or a hash of 64 digits. allow and unbind: as in the silo above. bind:\n"
    "messages go to that process. graph: which processes can send to which, by which interface,\n"
    "from the slots that they have; --svg: as a picture.\n";

/* ---- show ---- */

static int show(const char *name)
{
    const struct definition *definition = definition_named(name);
    if (definition == NULL) {
        fprintf(stderr,
                "interface: %s: no interface of the system has this name; `interface list` "
                "tells the names\n",
                name);
        return EXIT_FAILED;
    }
    printf("%s%s\n", definition->text, definition->hash);
    return 0;
}

/* ---- Rows ---- */

struct place {
    uint64_t silo;
    struct interface_hash hash;
    struct weft_bytes name;
    struct weft_bytes tag;
};

static bool is_hash(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* 0, or what to exit with: why is told. */
static int read_place(const char *silo, const char *interface, const char *tag,
                       struct place *place)
{
    const struct definition *definition = definition_named(interface);
    if (definition == NULL && !is_hash(interface))
        return tell_wrong(help, interface,
                          "neither the name of an interface of the system nor a hash");
    place->hash = interface_hash(definition == NULL ? interface : definition->hash);
    if (definition != NULL)
        place->name =
            (struct weft_bytes){ (const uint8_t *)interface, (uint32_t)strlen(interface) };
    if (tag != NULL)
        place->tag = (struct weft_bytes){ (const uint8_t *)tag, (uint32_t)strlen(tag) };
    return read_silo(help, silo, &place->silo);
}

/* What became of a row, of a silo and an interface by these names. */
static int tell_row(char **names, enum weft_status status,
                    const struct system_none_error_result *result)
{
    if (status != WEFT_OK || !result->failed || result->error != SYSTEM_ERROR_NOT_FOUND)
        return tell_result(names[1], status, result);
    fprintf(stderr,
            "interface: %s: there is no such silo below this program's own, or no such row in it; what a "
            "session's programs may do is said with `permission`\n",
            names[0]);
    return EXIT_FAILED;
}

static int set_verdict(char **arguments, int count, enum system_verdict verdict)
{
    struct place place = { 0 };
    struct system_none_error_result result;
    int failed = read_place(arguments[0], arguments[1], count == 3 ? arguments[2] : NULL, &place);
    if (failed != 0)
        return failed;
    enum weft_status status = system_set_verdict(
        system_client(), place.silo, interface_bytes(&place.hash), place.tag, verdict, &result);
    return tell_row(arguments, status, &result);
}

static int bind(char **arguments, int count)
{
    struct place place = { 0 };
    struct system_none_error_result result;
    int32_t process;
    int failed = read_place(arguments[0], arguments[1], count == 4 ? arguments[3] : NULL, &place);
    if (failed == 0)
        failed = find_process(arguments[2], &process);
    if (failed != 0)
        return failed;
    enum weft_status status = system_bind(system_client(), place.silo, interface_bytes(&place.hash),
                                          place.name, place.tag, process, &result);
    return tell_row(arguments, status, &result);
}

/* -1: it is no word for a row. */
static int change_row(int count, char **arguments)
{
    const char *word = arguments[1];
    bool is_short = count == 4 || count == 5;
    if (is_short && (strcmp(word, "allow") == 0 || strcmp(word, "unbind") == 0))
        return set_verdict(arguments + 2, count - 2, SYSTEM_VERDICT_ALLOW);
    if (is_short && strcmp(word, "deny") == 0)
        return set_verdict(arguments + 2, count - 2, SYSTEM_VERDICT_DENY);
    if (is_short && strcmp(word, "ask") == 0)
        return set_verdict(arguments + 2, count - 2, SYSTEM_VERDICT_ASK);
    if ((count == 5 || count == 6) && strcmp(word, "bind") == 0)
        return bind(arguments + 2, count - 2);
    return -1;
}

static int list(const char *text)
{
    uint64_t silo = 0;
    int failed = text == NULL ? 0 : read_silo(help, text, &silo);
    return failed != 0 ? failed : interface_list(silo);
}

int main(int count, char **arguments)
{
    if (asks_for_help(count, arguments, help))
        return 0;
    const char *word = count > 1 ? arguments[1] : "list";
    if (count <= 3 && strcmp(word, "list") == 0)
        return list(count == 3 ? arguments[2] : NULL);
    if (count == 3 && strcmp(word, "show") == 0)
        return show(arguments[2]);
    if (count == 2 && strcmp(word, "graph") == 0)
        return interface_graph(false);
    if (count == 3 && strcmp(word, "graph") == 0 && strcmp(arguments[2], "--svg") == 0)
        return interface_graph(true);
    int result = count >= 4 ? change_row(count, arguments) : -1;
    if (result != -1)
        return result;
    bool is_silo = count == 2 && word[0] >= '0' && word[0] <= '9';
    return is_silo ? list(word) : tell_misuse(help, count, arguments);
}
