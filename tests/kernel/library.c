/* Libraries: modules beside the program that answer its other imports. */
#include "tests/kernel/support/pair.h"
#include "tests/kernel/support/wasm.h"

static void set_library(struct silo *silo, const char *import_namespace, const char *guest)
{
    enum status status =
        silo_set_library(silo, bytes_from_text(import_namespace), world_program(guest));
    BASE_ASSERT(status == STATUS_OK);
}

static struct puppet *run_client(struct silo *silo, const struct bytes *arguments, u32 count)
{
    struct puppet *client = puppet_spawn_with(&(struct spawn_options){
        .program = world_program("client"),
        .silo = silo,
        .arguments = arguments,
        .argument_count = count,
    });
    world_settle();
    return client;
}

static void test_facts(void)
{
    static const char *const facts[] = {
        "a library is initialised once, before its client runs",
        "and before a library that uses it",
        "it loads from its client's memory",
        "it stores into it",
        "up to the last byte",
        "a load beyond is FAULT",
        "a store beyond is FAULT, and writes nothing",
        "it sees how large its client's memory is",
        "it can let it grow",
        "and reaches what has grown",
        "but not past the memory's maximum",
        "a library of a library sees that library's memory",
        "each client has an instance of its own",
        "a library sends in its process's name",
    };
    struct pair pair = pair_start();
    set_library(silo_root(), "inner", "library_inner");
    set_library(silo_root(), "outer", "library_outer");
    struct puppet *client = run_client(silo_root(), NULL, 0);
    bool ended = client != NULL && client->ended && client->end_kind == PROCESS_END_EXITED;
    for (u32 i = 0; i < BASE_ARRAY_COUNT(facts); i++)
        TAP_OK(ended && (client->exit_status >> i & 1) != 0, facts[i]);
    TAP_OK(pair_gets(pair.server, "L") && pair.server->script.event.sender == client->id,
           "which its handler sees");
    PAIR_END();
}

static void test_stray(void)
{
    struct pair pair = pair_start();
    const struct bytes arguments[] = { BYTES_LITERAL("stray") };
    set_library(silo_root(), "inner", "library_inner");
    set_library(silo_root(), "outer", "library_outer");
    struct puppet *client = run_client(silo_root(), arguments, 1);
    TAP_OK(client != NULL && client->end_kind == PROCESS_END_TRAPPED &&
               client->trap == TRAP_MEMORY_OUT_OF_BOUNDS,
           "a library that strays outside of its own memory traps, and the process with it");
    TAP_OK(!pair.server->ended, "and no other");
    PAIR_END();
}

static enum status spawn_importing(const char *import_namespace, const char *name, const char *type,
                                   struct engine_error *error)
{
    struct program *program;
    struct process *process;
    const struct wasm_module module = {
        .import_module = import_namespace,
        .import_name = name,
        .import_type = type,
        .export_name = "_start",
    };
    enum status status = program_add(wasm_make(&module), false, &program, error);
    if (status != STATUS_OK)
        return status;
    const struct spawn_options options = { .program = program, .silo = silo_root() };
    status = process_spawn(&options, &process, error);
    if (status == STATUS_OK)
        process_release(process);
    program_release(program);
    world_settle();
    return status;
}

static void test_exports(void)
{
    struct pair pair = pair_start();
    struct engine_error error;
    set_library(silo_root(), "inner", "library_inner");
    TAP_OK(spawn_importing("inner", "count", ":i", &error) == STATUS_OK,
           "what a library exports can be imported");
    TAP_OK(spawn_importing("inner", "counts", ":i", &error) != STATUS_OK &&
               bytes_equal(error.name[1], BYTES_LITERAL("counts")),
           "what it does not export is named");
    TAP_OK(spawn_importing("inner", "count", "i:i", &error) != STATUS_OK,
           "a type that is not the export's is refused");
    TAP_OK(spawn_importing("outer", "count", ":i", &error) != STATUS_OK &&
               bytes_equal(error.name[0], BYTES_LITERAL("outer")),
           "a namespace that nobody answers is named");
    set_library(silo_root(), "outer", "library_outer");
    set_library(silo_root(), "inner", "library_outer");
    TAP_OK(spawn_importing("outer", "count", ":i", &error) != STATUS_OK,
           "libraries that need each other in a ring are refused");
    TAP_OK(!pair.server->ended, "and that is all");
    PAIR_END();
}

static void test_in_silos(void)
{
    struct pair pair = pair_start();
    struct silo *child;
    const struct silo_limits none = { 0 };
    enum status status = silo_create(silo_root(), BYTES_LITERAL("child"), &none, &child);
    set_library(silo_root(), "inner", "library_inner");
    set_library(silo_root(), "outer", "library_outer");
    struct puppet *client = run_client(child, NULL, 0);
    TAP_OK(status == STATUS_OK && client != NULL && client->exit_status == 0x3FFF,
           "a silo has its parent's libraries");
    set_library(child, "outer", "library_inner");
    TAP_OK(run_client(child, NULL, 0) == NULL, "unless it was given others");
    client = run_client(silo_root(), NULL, 0);
    TAP_OK(client != NULL && client->exit_status == 0x3FFF, "which its parent does not see");
    TAP_OK(!pair.server->ended, "and that is all");
    PAIR_END();
}

static void test_shared_memory(void)
{
    struct pair pair = pair_start();
    set_library(silo_root(), "env", "library_inner");
    struct puppet *mirror = puppet_spawn_with(&(struct spawn_options){
        .program = world_program("mirror"),
        .silo = silo_root(),
    });
    world_settle();
    TAP_OK(mirror != NULL && mirror->ended && mirror->end_kind == PROCESS_END_EXITED,
           "a program may share its library's memory, and copies between the two overlap");
    TAP_OK(!pair.server->ended, "and that is all");
    PAIR_END();
}

static void test_set_by_a_process(void)
{
    struct pair pair = pair_start();
    u64 silo = (u64)request_create_silo(pair.client, 0, &(struct silo_limits){ 0 });
    const struct cid *inner = program_cid(world_program("library_inner"));
    const struct cid *outer = program_cid(world_program("library_outer"));
    const struct cid *client = program_cid(world_program("client"));
    TAP_OK(request_set_library(pair.client, silo, "inner", inner) == 0 &&
               request_set_library(pair.client, silo, "outer", outer) == 0,
           "a process gives libraries to a child silo");
    i64 process = request_spawn(pair.client, client, silo, WEFT_NO_SLOT);
    TAP_OK(process > 0 && pair_gets(pair.server, "L"), "whose programs use them");
    TAP_OK(request_spawn(pair.client, client, 0, WEFT_NO_SLOT) ==
               REQUEST_ERROR - SYSTEM_ERROR_BAD_PROGRAM,
           "and nobody else");
    PAIR_END();
}

static void test_memory_limit(void)
{
    struct pair pair = pair_start();
    struct silo *small;
    const struct silo_limits limits = { .memory_pages = 5 };
    enum status status = silo_create(silo_root(), BYTES_LITERAL("small"), &limits, &small);
    set_library(silo_root(), "inner", "library_inner");
    set_library(silo_root(), "outer", "library_outer");
    TAP_OK(status == STATUS_OK && run_client(small, NULL, 0) == NULL,
           "memory of libraries counts for their process");
    TAP_OK(!pair.server->ended, "and that is all");
    PAIR_END();
}

static void tests(void)
{
    test_facts();
    test_stray();
    test_exports();
    test_in_silos();
    test_shared_memory();
    test_set_by_a_process();
    test_memory_limit();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
