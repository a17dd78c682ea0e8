/* Programs: what can be loaded and linked, and where the kernel gets what it does not have. */
#include "interface/loader.h"
#include "tests/kernel/support/pair.h"
#include "tests/kernel/support/wasm.h"

#include <string.h>

#define HASH_TEXT "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const struct wasm_module plain = { .export_name = "_start" };

/* ---- Loading ---- */

static void test_add(void)
{
    struct pair pair = pair_start();
    struct engine_error error;
    struct program *first = NULL, *second = NULL, *bad = NULL;
    struct bytes wasm = wasm_make(&plain);
    TAP_OK(program_add(wasm, false, &first, &error) == STATUS_OK, "a module can be added");
    TAP_OK(program_add(wasm, false, &second, &error) == STATUS_OK && first == second,
           "twice the same is one program");
    struct cid cid = cid_of(wasm);
    TAP_OK(cid_equal(program_cid(first), &cid), "its name is the CID of its bytes");
    program_release(first);
    program_release(second);
    TAP_OK(program_add(BYTES_LITERAL("\0asm\1\0\0\0\xff"), false, &bad, &error) != STATUS_OK &&
               error.message != NULL,
           "what is no module is refused, with a reason");
    TAP_OK(program_add((struct bytes){ 0 }, false, &bad, &error) != STATUS_OK, "so is nothing");
    TAP_OK(!pair.client->ended, "and that is all");
    PAIR_END();
}

/* ---- Linking ---- */

static enum status spawn(const struct wasm_module *module, struct engine_error *error)
{
    struct program *program;
    struct process *process;
    *error = (struct engine_error){ 0 };
    enum status status = program_add(wasm_make(module), false, &program, error);
    if (status != STATUS_OK)
        return status;
    const struct spawn_options options = { .program = program, .silo = silo_root() };
    status = process_spawn(&options, &process, error);
    program_release(program);
    if (status == STATUS_OK)
        process_release(process);
    world_settle();
    return status;
}

static bool names(const struct engine_error *error, const char *module, const char *name)
{
    return error->message != NULL && bytes_equal(error->name[0], bytes_from_text(module)) &&
           bytes_equal(error->name[1], bytes_from_text(name));
}

static void test_missing_imports(void)
{
    static const struct wasm_module modules[] = {
        { .import_module = "env", .import_name = "puts", .import_type = "i:i" },
        { .import_module = "weft", .import_name = "sent", .import_type = "iiiiii:l" },
        { .import_module = "weft", .import_name = "send", .import_type = "iiiiii:i" },
        { .import_module = "weft", .import_name = "answer", .import_type = "iiiiii:i" },
        { .import_module = "weft", .import_name = "wait", .import_type = "iiiiil:l" },
        { .import_module = "weft", .import_name = "wait", .import_memory = true },
        { .import_module = "weft:caller", .import_name = "load", .import_type = "iii:i" },
        { .import_module = "weft:interface", .import_name = "tcp", .import_type = ":i" },
        { .import_module = "weft:interface",
          .import_name = "tcp@" HASH_TEXT "0",
          .import_type = ":i" },
        { .import_module = "weft:interface", .import_name = "@" HASH_TEXT, .import_type = ":i" },
        { .import_module = "weft:interface", .import_name = "tcp@" HASH_TEXT, .import_type = ":l" },
        { .import_module = "weft:interface",
          .import_name = "tcp@" HASH_TEXT,
          .import_type = "i:i" },
        { .import_module = "weft:interface",
          .import_name = "tcp@" HASH_TEXT,
          .import_memory = true },
        { .import_module = "", .import_name = "", .import_type = ":" },
    };
    struct pair pair = pair_start();
    struct engine_error error;
    for (usize i = 0; i < BASE_ARRAY_COUNT(modules); i++) {
        struct wasm_module module = modules[i];
        module.export_name = "_start";
        char fact[160];
        snprintf(fact, sizeof(fact), "import %s.%s %s is refused by name", module.import_module,
                 module.import_name, module.import_memory ? "memory" : module.import_type);
        TAP_OK(spawn(&module, &error) != STATUS_OK &&
                   names(&error, module.import_module, module.import_name),
               fact);
    }
    TAP_OK(!pair.client->ended, "nothing of these ran");
    PAIR_END();
}

static void test_good_imports(void)
{
    static const struct wasm_module modules[] = {
        { .import_module = "weft", .import_name = "send", .import_type = "iiiiii:l" },
        { .import_module = "weft", .import_name = "answer", .import_type = "liiiii:i" },
        { .import_module = "weft", .import_name = "wait", .import_type = "iiiiil:i" },
        { .import_module = "weft:interface", .import_name = "tcp@" HASH_TEXT, .import_type = ":i" },
        { .import_module = "weft:interface", .import_name = "t@p@" HASH_TEXT, .import_type = ":i" },
    };
    struct pair pair = pair_start();
    struct engine_error error;
    bool all = true;
    for (usize i = 0; i < BASE_ARRAY_COUNT(modules); i++) {
        struct wasm_module module = modules[i];
        module.export_name = "_start";
        all = all && spawn(&module, &error) == STATUS_OK;
    }
    TAP_OK(all, "the three calls and any interface link, allowed or not");
    TAP_OK(!pair.client->ended, "and run to their end");
    PAIR_END();
}

static void test_start_function(void)
{
    struct pair pair = pair_start();
    struct engine_error error;
    TAP_OK(spawn(&(struct wasm_module){ .export_name = "other" }, &error) == STATUS_INVALID &&
               error.message != NULL,
           "a program without a beginning is refused, with a reason");
    TAP_OK(spawn(&(struct wasm_module){ .export_name = "_start", .function_type = "i:" }, &error) ==
               STATUS_INVALID,
           "so is one whose _start wants an argument");
    TAP_OK(spawn(&(struct wasm_module){ .export_name = "_start", .memory_pages = 65536 }, &error) ==
               STATUS_OK,
           "4 GiB of memory can be asked for");
    struct silo *small;
    const struct silo_limits limits = { .memory_pages = 1 };
    TAP_OK(silo_create(silo_root(), BYTES_LITERAL("small"), &limits, &small) == STATUS_OK &&
               puppet_spawn(small) == NULL,
           "but not where the silo has no room for it");
    TAP_OK(!pair.client->ended, "and that is all");
    PAIR_END();
}

static void test_trap_in_start(void)
{
    struct pair pair = pair_start();
    struct engine_error error;
    struct program *program;
    struct process *process = NULL;
    static const u8 unreachable[] = { 0x00 };
    const struct wasm_module module = {
        .export_name = "_start",
        .starts = true,
        .code = { unreachable, 1 },
    };
    enum status added = program_add(wasm_make(&module), false, &program, &error);
    const struct spawn_options options = { .program = program, .silo = silo_root() };
    TAP_OK(added == STATUS_OK && process_spawn(&options, &process, &error) == STATUS_OK,
           "a program whose start function traps is spawned");
    program_release(program);
    u64 processes = process_id_of(process).value;
    world_settle();
    process_release(process);
    TAP_OK(processes != 0 && !pair.client->ended, "and ends, alone");
    PAIR_END();
}

/* ---- The loader ---- */

static void bind_loader(struct puppet *puppet)
{
    struct interface_key key = { .name = BYTES_LITERAL("loader") };
    bool ok = hash_from_hex(BYTES_LITERAL(LOADER_INTERFACE_HASH), &key.hash);
    ok = ok && silo_bind_process(silo_root(), &key, puppet->process) == STATUS_OK;
    BASE_ASSERT(ok);
}

/* The client asks for a program that is not there; the server, as the loader, takes the question.
 */
static i64 loader_is_asked(struct pair *pair, struct bytes wasm)
{
    struct cid cid = cid_of(wasm);
    bind_loader(pair->server);
    if (request_spawn(pair->client, &cid, 0, WEFT_NO_SLOT) != PUPPET_BLOCKED)
        return 0;
    struct weft_event event = puppet_poll(pair->server);
    struct loader_load_arguments arguments;
    if (event.kind != WEFT_EVENT_MESSAGE || event.interface != LOADER_INTERFACE_ID)
        return 0;
    if (!loader_load_decode(request_reader(pair->server), &arguments))
        return 0;
    bool asked_for_it =
        arguments.cid.size == cid.size && memcmp(arguments.cid.data, cid.bytes, cid.size) == 0;
    return asked_for_it ? event.id : 0;
}

static void loader_answers(struct pair *pair, i64 id, struct loader_bytes_error_result result)
{
    struct body_writer *writer = request_begin(pair->server);
    bool encoded = loader_load_result_encode(writer, &result);
    BASE_ASSERT(encoded);
    puppet_do(pair->server, (struct script_call){
                                .call = CALL_ANSWER,
                                .arguments = { id, 0, PUPPET_AT(pair->server, body), writer->size },
                            });
}

static struct loader_bytes_error_result loader_finds(struct bytes wasm)
{
    return (struct loader_bytes_error_result){ .value = { wasm.data, (u32)wasm.size } };
}

static void test_loader(void)
{
    struct pair pair = pair_start();
    struct bytes wasm = wasm_make(&plain);
    i64 id = loader_is_asked(&pair, wasm);
    TAP_OK(id > 0, "a program that the kernel does not have is asked for by its CID");
    loader_answers(&pair, id, loader_finds(wasm));
    TAP_OK(request_spawn_finish(pair.client) > 0, "and runs when the loader has it");
    struct cid cid = cid_of(wasm);
    TAP_OK(request_spawn(pair.client, &cid, 0, WEFT_NO_SLOT) > 0 && pair_gets_nothing(pair.server),
           "the next time nobody is asked");
    PAIR_END();
}

static void test_lying_loader(void)
{
    struct pair pair = pair_start();
    static u8 other[256];
    struct wasm_module different = plain;
    different.filler = 3;
    struct bytes lie = wasm_make(&different);
    memcpy(other, lie.data, lie.size);
    lie.data = other;
    struct bytes wasm = wasm_make(&plain);
    i64 id = loader_is_asked(&pair, wasm);
    loader_answers(&pair, id, loader_finds(lie));
    TAP_OK(request_spawn_finish(pair.client) == REQUEST_ERROR - SYSTEM_ERROR_WRONG_HASH,
           "a loader that gives other bytes is found out");
    TAP_OK(simulate_log_count() > 0, "and the operator is told");
    id = loader_is_asked(&pair, wasm);
    loader_answers(&pair, id, loader_finds(wasm));
    TAP_OK(request_spawn_finish(pair.client) > 0, "the truth is still accepted later");
    PAIR_END();
}

static void test_loader_finds_nothing(void)
{
    struct pair pair = pair_start();
    i64 id = loader_is_asked(&pair, wasm_make(&plain));
    loader_answers(
        &pair, id,
        (struct loader_bytes_error_result){ .failed = true, .error = LOADER_ERROR_NOT_FOUND });
    TAP_OK(request_spawn_finish(pair.client) == REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND,
           "a program that the loader does not find is not found");
    PAIR_END();
}

static void test_loader_dies(void)
{
    struct pair pair = pair_start();
    i64 id = loader_is_asked(&pair, wasm_make(&plain));
    puppet_kill(pair.server);
    i64 result = request_spawn_finish(pair.client);
    TAP_OK(id > 0 && result < 0 && result != PUPPET_BLOCKED,
           "a loader that dies meanwhile fails the spawn");
    PAIR_END();
}

static void test_loader_talks_nonsense(void)
{
    struct pair pair = pair_start();
    i64 id = loader_is_asked(&pair, wasm_make(&plain));
    puppet_answer(pair.server, id, WEFT_OK, "certainly, here it comes");
    i64 result = request_spawn_finish(pair.client);
    TAP_OK(result < 0 && result != PUPPET_BLOCKED, "a malformed answer fails the spawn");
    id = loader_is_asked(&pair, wasm_make(&plain));
    puppet_answer(pair.server, id, WEFT_UNSUPPORTED, "");
    result = request_spawn_finish(pair.client);
    TAP_OK(id > 0 && result < 0 && result != PUPPET_BLOCKED, "so does an answer with a status");
    PAIR_END();
}

static void test_loader_gives_a_bad_program(void)
{
    struct pair pair = pair_start();
    struct bytes bad = BYTES_LITERAL("these bytes have the right hash and are no program");
    i64 id = loader_is_asked(&pair, bad);
    loader_answers(&pair, id, loader_finds(bad));
    TAP_OK(request_spawn_finish(pair.client) == REQUEST_ERROR - SYSTEM_ERROR_BAD_PROGRAM,
           "bytes with the right hash that are no program are a bad program");
    PAIR_END();
}

static void test_client_dies_while_loading(void)
{
    struct pair pair = pair_start();
    struct bytes wasm = wasm_make(&plain);
    i64 id = loader_is_asked(&pair, wasm);
    puppet_kill(pair.client);
    loader_answers(&pair, id, loader_finds(wasm));
    TAP_OK(id > 0 && pair.client->ended && !pair.server->ended,
           "who asked may die while the loader works");
    PAIR_END();
}

static void test_no_loader(void)
{
    struct pair pair = pair_start();
    struct cid cid = cid_of(wasm_make(&plain));
    i64 result = request_spawn(pair.client, &cid, 0, WEFT_NO_SLOT);
    TAP_OK(result < 0 && result != PUPPET_BLOCKED,
           "without a loader a program that is not there is not started");
    cid.bytes[0] = 9;
    TAP_OK(request_spawn(pair.client, &cid, 0, WEFT_NO_SLOT) ==
               REQUEST_ERROR - SYSTEM_ERROR_INVALID,
           "a name that is no CID is INVALID");
    PAIR_END();
}

static void tests(void)
{
    test_add();
    test_missing_imports();
    test_good_imports();
    test_start_function();
    test_trap_in_start();
    test_loader();
    test_lying_loader();
    test_loader_finds_nothing();
    test_loader_dies();
    test_loader_talks_nonsense();
    test_loader_gives_a_bad_program();
    test_client_dies_while_loading();
    test_no_loader();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
