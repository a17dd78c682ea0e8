/* Programs that run behind, each in a silo of its own with a keeper (programs/tool/keeper). */
#include "programs/tool/silo/silo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interface/console_program.h"
#include "lib/interface.h"
#include "lib/start.h"
#include "programs/tool/shared/walk.h"

extern char **environ;

static char keeper[] = "keeper";

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "silo: %s: %s\n", what, why);
    return EXIT_FAILED;
}

/* ---- Where it is ---- */

static int create_in(uint64_t parent, const char *name, uint64_t *silo)
{
    static const struct system_limits none;
    struct system_u64_error_result result = { .failed = true };
    struct weft_bytes text = { (const uint8_t *)name, (uint32_t)strlen(name) };
    enum weft_status status = system_create_silo(system_client(), parent, text, none, &result);
    if (status != WEFT_OK)
        return tell_status(name, status);
    *silo = result.failed ? 0 : result.value;
    return result.failed ? tell_error(name, result.error) : 0;
}

/* Where permissions are asked about, this program has a silo of its own that goes with it: one that
 * is to stay is made beside it. Elsewhere that is not this program's to do. */
int silo_create(const char *name, uint64_t parent, uint64_t *silo)
{
    static const struct system_limits none;
    const struct system_start_record *record = start_record();
    uint64_t beside = parent == 0 && record != NULL ? walk_parent(record->silo) : 0;
    struct system_u64_error_result result = { .failed = true };
    struct weft_bytes text = { (const uint8_t *)name, (uint32_t)strlen(name) };
    if (beside == 0 ||
        system_create_silo(system_client(), beside, text, none, &result) != WEFT_OK ||
        result.failed)
        return create_in(parent, name, silo);
    *silo = result.value;
    return 0;
}

/* ---- Its keeper ---- */

static int32_t console_of(uint64_t process)
{
    struct interface_hash hash = interface_hash(CONSOLE_INTERFACE_HASH);
    struct system_process_error_result found = { .failed = true };
    struct system_any_error_result slot = { .failed = true };
    if (system_find(system_client(), process, &found) != WEFT_OK || found.failed)
        return WEFT_NO_SLOT;
    if (system_process_slot(system_client_of(found.value), interface_bytes(&hash), &slot) !=
            WEFT_OK ||
        slot.failed)
        return WEFT_NO_SLOT;
    return slot.value;
}

int32_t silo_console(uint64_t silo)
{
    struct process_walk walk = { 0 };
    const struct system_process_status *process;
    while ((process = walk_process(&walk)) != NULL)
        if (process->silo == silo && process->name.size == sizeof(keeper) - 1 &&
            memcmp(process->name.data, keeper, sizeof(keeper) - 1) == 0)
            return console_of(process->process);
    return WEFT_NO_SLOT;
}

/* Whether the program runs, or has run. */
static int await_start(uint64_t silo, int32_t console, const char *program)
{
    uint8_t buffer[1024];
    struct weft_client client = { .slot = console, .buffer = buffer, .capacity = sizeof(buffer) };
    struct console_state state = { 0 };
    struct system_none_error_result destroyed;
    if (console != WEFT_NO_SLOT && console_state(&client, &state) == WEFT_OK && state.started) {
        printf("%" PRIu64 "\n", silo);
        return 0;
    }
    fprintf(stderr, "silo: %s: it cannot be started: %.*s\n", program, (int)state.ending.size,
            (const char *)state.ending.data);
    system_destroy_silo(system_client(), silo, &destroyed);
    return EXIT_FAILED;
}

/* The last part of its path, without the ending. */
static const char *name_of(const char *program)
{
    static char name[64];
    const char *slash = strrchr(program, '/');
    snprintf(name, sizeof(name), "%s", slash == NULL ? program : slash + 1);
    char *dot = strrchr(name, '.');
    if (dot != NULL && dot != name && strcmp(dot, ".wasm") == 0)
        *dot = '\0';
    return name;
}

int silo_start(int count, char **arguments)
{
    /* It outlives this program, and whoever waits for the end of what this one writes. */
    static const int streams[] = { POSIX_NOTHING, POSIX_NOTHING, POSIX_NOTHING };
    static char terminal[] = "-t";
    const char *name = NULL;
    bool has_terminal = false;
    uint64_t silo;
    while (count >= 2 && arguments[0][0] == '-') {
        bool is_name = strcmp(arguments[0], "-n") == 0;
        if (!is_name && strcmp(arguments[0], terminal) != 0)
            return tell_wrong(silo_help, arguments[0], "`silo start` takes -n NAME and -t");
        if (is_name)
            name = arguments[1];
        else
            has_terminal = true;
        count -= is_name ? 2 : 1;
        arguments += is_name ? 2 : 1;
    }
    if (count < 1 || arguments[0][0] == '-')
        return tell_misuse(silo_help, 2, (char *[]){ (char[]){ "silo" }, (char[]){ "start" } });
    int failed = create_in(0, name == NULL ? name_of(arguments[0]) : name, &silo);
    char **words = calloc((size_t)count + 3, sizeof(*words));
    if (failed != 0 || words == NULL)
        return EXIT_FAILED;
    words[0] = keeper;
    words[1] = terminal;
    memcpy(words + 1 + has_terminal, arguments, (size_t)count * sizeof(*words));
    posix_set_silo(silo);
    if (posix_start(keeper, words, environ, streams) <= 0)
        return fail(keeper, errno == ENOENT ? "it keeps what is started, and is not found in PATH"
                                            : strerror(errno));
    return await_start(silo, silo_console(silo), arguments[0]);
}

/* ---- Other commands' work ---- */

int silo_become(const char *command, char **arguments)
{
    execvp(command, arguments);
    return fail(command,
                errno == ENOENT ? "this command is not found in PATH" : strerror(errno));
}
