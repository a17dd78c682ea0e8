/* The silos of a shell: it answers a person whatever is run from it. So what a person's shell
 * starts is in silos below its own: by CPU time they are one sibling of the shell itself, and of
 * all that there is a limit of, an eighth is left to the shell.
 *
 *     the shell
 *         "jobs"       its subshells, if a person is at it; else they are beside it
 *             "shell"  commands
 *
 * What a person may stop is in a cabin of its own, a program below "shell", a subshell below
 * "jobs", with a silo below that for its own commands. */
#include "interface/system_program.h"
#include "lib/start.h"
#include "programs/shell/shell.h"
#include "programs/tool/shared/system.h"

static uint64_t jobs;     /* 0: none */
static uint64_t commands; /* 0: none */
static bool is_known;

static _Alignas(8) uint8_t buffer[1 << 16];

static struct weft_client client_of_system(void)
{
    return client_at(system_slot(), buffer, sizeof(buffer));
}

static uint64_t create(uint64_t parent, struct weft_bytes name, struct system_limits limits)
{
    struct weft_client client = client_of_system();
    struct system_u64_error_result result;
    if (system_create_silo(&client, parent, name, limits, &result) != WEFT_OK || result.failed)
        return 0;
    return result.value;
}

/* Whoever looks around there sees the shell and what is beside it. */
static void show_parent(uint64_t silo)
{
    struct weft_client client = client_of_system();
    struct system_none_error_result result;
    if (silo != 0)
        system_show_parent(&client, silo, &result);
}

/* Seven eighths; of what has no limit, none. */
static uint64_t most_of(uint64_t limit)
{
    return limit >= NO_LIMIT ? 0 : limit - limit / 8;
}

static struct system_limits limits_of_jobs(void)
{
    struct weft_client client = client_of_system();
    const struct system_start_record *start = start_record();
    struct system_silo_status_list list;
    if (start == NULL || system_silos(&client, 0, start->silo, 1, &list) != WEFT_OK || list.count == 0 ||
        list.data[0].silo != start->silo)
        return (struct system_limits){ 0 };
    struct system_limits own = list.data[0].limits;
    return (struct system_limits){
        .memory_pages = most_of(own.memory_pages),
        .processes = (uint32_t)most_of(own.processes),
        .threads = (uint32_t)most_of(own.threads),
        .messages = (uint32_t)most_of(own.messages),
        .slots = (uint32_t)most_of(own.slots),
        .body_bytes = most_of(own.body_bytes),
    };
}

static void create_all(void)
{
    if (is_known)
        return;
    is_known = true;
    if (shell.interactive)
        jobs = create(0, WEFT_BYTES("jobs"), limits_of_jobs());
    commands = create(jobs, WEFT_BYTES("shell"), (struct system_limits){ 0 });
    show_parent(jobs);
    show_parent(commands);
    guard_look(commands, true);
}

uint64_t silo_of_subshells(void)
{
    create_all();
    return jobs;
}

uint64_t silo_of_commands(void)
{
    create_all();
    return commands;
}

bool silo_is_shared_by_none(void)
{
    create_all();
    return jobs != 0;
}

void silo_set_commands(uint64_t silo)
{
    if (silo == 0)
        return;
    commands = silo;
    is_known = true;
    guard_look(commands, false);
}
