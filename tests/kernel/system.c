/* The kernel's own interface `system`: what a process is told, and what it may do by a slot. */
#include "tests/kernel/support/pair.h"
#include "tests/kernel/support/wasm.h"

#include <string.h>

static bool is_text(struct weft_bytes bytes, const char *text)
{
    return bytes_equal((struct bytes){ bytes.data, bytes.size }, bytes_from_text(text));
}

/* ---- The start record ---- */

static bool get_start(struct puppet *puppet, struct system_start_record *record)
{
    bool encoded = system_start_encode(request_begin(puppet));
    return encoded && request_send(puppet, puppet->slots[SLOT_SYSTEM]) == 0 &&
           system_start_result_decode(request_reader(puppet), record);
}

static void test_start_record(void)
{
    struct pair pair = pair_start();
    const struct bytes arguments[] = { BYTES_LITERAL("program"), BYTES_LITERAL(""),
                                       BYTES_LITERAL("last") };
    const struct bytes environment[][2] = { { BYTES_LITERAL("HOME"), BYTES_LITERAL("here") } };
    struct puppet *puppet = puppet_spawn_with(&(struct spawn_options){
        .silo = silo_root(),
        .name = BYTES_LITERAL("a name"),
        .arguments = arguments,
        .argument_count = 3,
        .environment = environment,
        .environment_count = 1,
    });
    struct system_start_record record;
    TAP_OK(get_start(puppet, &record), "a process can ask what it was started with");
    TAP_OK(record.arguments.count == 3 && is_text(record.arguments.data[0], "program") &&
               is_text(record.arguments.data[1], "") && is_text(record.arguments.data[2], "last"),
           "its arguments");
    TAP_OK(record.environment.count == 1 && is_text(record.environment.data[0].f0, "HOME") &&
               is_text(record.environment.data[0].f1, "here"),
           "its environment");
    TAP_OK(record.process == puppet->id && record.silo == silo_id_of(silo_root()).value,
           "its own id and its silo's");
    struct cid cid;
    TAP_OK(cid_from_text((struct bytes){ record.program.data, record.program.size }, &cid) &&
               cid_equal(&cid, program_cid(world_program("puppet"))),
           "its program's name");
    TAP_OK(record.slots.count == 0, "and no slots, since it was given none");
    TAP_OK(!pair.client->ended, "and that is all");
    PAIR_END();
}

static void test_start_slots(void)
{
    struct pair pair = pair_start();
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 8);
    i64 process = request_spawn(pair.client, program_cid(world_program("puppet")), 0, minted);
    struct puppet *child = puppet_of((u64)request_process_id(pair.client, (i32)process), 0);
    struct system_start_record record = { .slots.count = 99 };
    TAP_OK(child != NULL && get_start(child, &record) && record.slots.count == 1 &&
               is_text(record.slots.data[0].name, "given"),
           "a slot that was given by name is in the start record");
    i32 slot = record.slots.data[0].slot;
    TAP_OK(puppet_send(child, slot, "hello", 0) == 0 && puppet_poll(pair.client).badge == 8,
           "and is the new process's now");
    u64 badge;
    TAP_OK(request_badge(pair.client, minted, &badge) < 0, "no more the spawner's");
    TAP_OK(get_start(child, &record) && record.slots.count == 0, "it comes once");
    PAIR_END();
}

enum { MANY_SLOTS = 20 };

/* Slots of a native handler, with their index as the badge. */
static enum status spawn_with_slots(struct recorder *recorder, struct program *program, i32 *slots,
                                    struct process **process)
{
    struct named_slot named[MANY_SLOTS];
    struct engine_error error;
    for (u32 i = 0; i < MANY_SLOTS; i++)
        named[i] = (struct named_slot){ .name = BYTES_LITERAL("one of many"), .slot = slots[i] };
    const struct spawn_options options = {
        .program = program,
        .silo = silo_root(),
        .slots = named,
        .slot_count = MANY_SLOTS,
        .slots_of = recorder->native,
    };
    return process_spawn(&options, process, &error);
}

static struct recorder *recorder_with_slots(i32 *slots)
{
    struct recorder *recorder = recorder_create();
    for (u32 i = 0; i < MANY_SLOTS; i++) {
        enum status status = native_mint(recorder->native, BETA_ID, i, &slots[i]);
        BASE_ASSERT(status == STATUS_OK);
    }
    return recorder;
}

static void test_many_start_slots(void)
{
    struct pair pair = pair_start();
    i32 slots[MANY_SLOTS];
    struct recorder *recorder = recorder_with_slots(slots);
    struct process *process;
    TAP_OK(spawn_with_slots(recorder, world_program("puppet"), slots, &process) == STATUS_OK,
           "the platform gives a process slots of a native handler");
    u64 badge;
    TAP_OK(!native_slot_badge(recorder->native, slots[0], &badge), "which has them no more");
    world_settle();
    struct puppet *puppet = puppet_of(process_id_of(process).value, 0);
    struct system_start_record record;
    u32 count = 0;
    bool in_order = puppet != NULL;
    while (in_order && get_start(puppet, &record) && record.slots.count != 0) {
        for (u32 i = 0; i < record.slots.count; i++) {
            i32 slot = record.slots.data[i].slot;
            struct script script = puppet->script;
            puppet_send(puppet, slot, "", 0);
            in_order = in_order && recorder_last(recorder)->badge == count++;
            puppet->script = script;
            puppet->script.count = 0;
        }
    }
    TAP_OK(in_order && count == MANY_SLOTS, "the process gets all of them, some with each call");
    process_release(process);
    TAP_OK(!pair.client->ended, "and that is all");
    PAIR_END();
}

static void test_start_slots_of_a_failed_spawn(void)
{
    struct pair pair = pair_start();
    i32 slots[MANY_SLOTS];
    struct recorder *recorder = recorder_with_slots(slots);
    struct process *process;
    struct program *bad;
    struct engine_error error;
    u64 badge;
    enum status added = program_add(wasm_make(&(struct wasm_module){ .export_name = "other" }),
                                    false, &bad, &error);
    TAP_OK(added == STATUS_OK && spawn_with_slots(recorder, bad, slots, &process) != STATUS_OK &&
               native_slot_badge(recorder->native, slots[MANY_SLOTS - 1], &badge),
           "a spawn that fails leaves slots where they were");
    i32 first = slots[0];
    slots[0] = slots[1];
    TAP_OK(spawn_with_slots(recorder, world_program("puppet"), slots, &process) != STATUS_OK,
           "a slot cannot be given twice");
    slots[0] = 9999;
    TAP_OK(spawn_with_slots(recorder, world_program("puppet"), slots, &process) != STATUS_OK &&
               native_slot_badge(recorder->native, first, &badge),
           "nor one that is none");
    program_release(bad);
    TAP_OK(!pair.client->ended, "and that is all");
    PAIR_END();
}

static void test_large_start_record(void)
{
    enum { LARGE = (1 << 20) + 1 };
    static u8 text[LARGE];
    struct pair pair = pair_start();
    struct bytes argument = { text, LARGE };
    memset(text, 'a', LARGE);
    TAP_OK(puppet_spawn_with(&(struct spawn_options){
               .silo = silo_root(), .arguments = &argument, .argument_count = 1 }) == NULL,
           "more than a MiB of arguments is refused");
    argument.size = LARGE / 2;
    TAP_OK(puppet_spawn_with(&(struct spawn_options){
               .silo = silo_root(), .arguments = &argument, .argument_count = 1 }) != NULL,
           "half of it is not");
    TAP_OK(!pair.client->ended, "and that is all");
    PAIR_END();
}

static void test_spawn_in_a_destroyed_silo(void)
{
    struct pair pair = pair_start();
    struct silo *child, *grandchild;
    const struct silo_limits none = { 0 };
    enum status status = silo_create(silo_root(), BYTES_LITERAL("child"), &none, &child);
    if (status == STATUS_OK)
        status = silo_create(child, BYTES_LITERAL("below"), &none, &grandchild);
    silo_destroy(child);
    TAP_OK(status == STATUS_OK && puppet_spawn(grandchild) == NULL,
           "nothing starts in a silo that was destroyed with the one above it");
    TAP_OK(!pair.client->ended, "and that is all");
    PAIR_END();
}

static void test_start_slots_never_asked_for(void)
{
    struct pair pair = pair_start();
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 9);
    i64 process = request_spawn(pair.client, program_cid(world_program("puppet")), 0, minted);
    request_process_kill(pair.client, (i32)process);
    struct weft_event event = puppet_poll(pair.client);
    TAP_OK(event.kind == WEFT_EVENT_CLOSED && event.badge == 9,
           "slots that a process never asked for go with it");
    PAIR_END();
}

static void test_failed_spawn_keeps_nothing(void)
{
    struct pair pair = pair_start();
    struct program *library;
    struct engine_error error;
    enum status added = program_add(wasm_make(&(struct wasm_module){ .export_name = "other" }),
                                    false, &library, &error);
    i32 minted = (i32)request_mint(pair.client, BETA_ID, 10);
    TAP_OK(added == STATUS_OK && request_spawn(pair.client, program_cid(library), 0, minted) ==
                                     REQUEST_ERROR - SYSTEM_ERROR_BAD_PROGRAM,
           "a program that cannot start is BAD_PROGRAM");
    struct weft_event event = puppet_poll(pair.client);
    bool closed = event.kind == WEFT_EVENT_CLOSED && event.badge == 10;
    bool kept = event.kind == WEFT_EVENT_NONE && request_copy(pair.client, minted) > 0;
    TAP_OK(closed || kept, "the slots that were to be given are closed or come back");
    program_release(library);
    PAIR_END();
}

/* ---- Ends ---- */

static i64 ask_ended(struct puppet *puppet, i32 process)
{
    bool encoded = system_process_ended_encode(request_begin(puppet));
    BASE_ASSERT(encoded);
    return request_send(puppet, process);
}

static bool ended_as(struct puppet *puppet, enum system_ending_tag tag, u32 status)
{
    struct system_ending ending;
    if (request_finish(puppet) != 0 ||
        !system_process_ended_result_decode(request_reader(puppet), &ending))
        return false;
    return ending.tag == tag && (tag != SYSTEM_ENDING_EXITED || ending.exited == status);
}

static struct puppet *child_of(struct puppet *parent, i32 *slot)
{
    *slot = (i32)request_spawn(parent, program_cid(world_program("puppet")), 0, WEFT_NO_SLOT);
    struct puppet *child = puppet_of((u64)request_process_id(parent, *slot), 0);
    BASE_ASSERT(child != NULL);
    return child;
}

static void test_ended(void)
{
    struct pair pair = pair_start();
    i32 slot;
    struct puppet *child = child_of(pair.client, &slot);
    TAP_OK(ask_ended(pair.client, slot) == PUPPET_BLOCKED, "one may ask for a process's end");
    request_exit(child, 42);
    TAP_OK(ended_as(pair.client, SYSTEM_ENDING_EXITED, 42), "and is told its status when it exits");
    TAP_OK(ask_ended(pair.client, slot) == 0 && ended_as(pair.client, SYSTEM_ENDING_EXITED, 42),
           "later too, at once");
    TAP_OK(request_process_kill(pair.client, slot) == 0, "killing the dead does nothing");
    child = child_of(pair.client, &slot);
    ask_ended(pair.client, slot);
    puppet_do(child, (struct script_call){ .call = CALL_TRAP });
    TAP_OK(ended_as(pair.client, SYSTEM_ENDING_TRAPPED, 0) && pair.client->script.event.size > 20,
           "of a trap one is told the text");
    child = child_of(pair.client, &slot);
    TAP_OK(request_process_kill(pair.client, slot) == 0 && child->ended,
           "who holds the slot of a process can kill it");
    TAP_OK(ask_ended(pair.client, slot) == 0 && ended_as(pair.client, SYSTEM_ENDING_KILLED, 0),
           "which its end tells");
    child = child_of(pair.client, &slot);
    ask_ended(pair.client, slot);
    puppet_do(child, (struct script_call){ .call = CALL_RETURN });
    TAP_OK(ended_as(pair.client, SYSTEM_ENDING_EXITED, 0), "the return of _start is status 0");
    PAIR_END();
}

/* Nobody but who holds a process can ask how it ended, so the operator is told when none is left. */
static void test_unheard(void)
{
    struct pair pair = pair_start();
    i32 slot;
    request_exit(child_of(pair.client, &slot), 1);
    TAP_OK(world_unheard_count() == 0, "the end of a process may be asked for after it");
    TAP_OK(ask_ended(pair.client, slot) == 0 && ended_as(pair.client, SYSTEM_ENDING_EXITED, 1) &&
               request_close(pair.client, slot) == 0 && world_unheard_count() == 0,
           "who asks then is told, and the operator is not");
    struct puppet *child = child_of(pair.client, &slot);
    ask_ended(pair.client, slot);
    request_exit(child, 1);
    TAP_OK(ended_as(pair.client, SYSTEM_ENDING_EXITED, 1) && request_close(pair.client, slot) == 0 &&
               world_unheard_count() == 0,
           "nor when it was asked for before");
    request_exit(child_of(pair.client, &slot), 1);
    i32 copy = (i32)request_copy(pair.client, slot);
    request_close(pair.client, slot);
    TAP_OK(world_unheard_count() == 0 && request_close(pair.client, copy) == 0 &&
               world_unheard_count() == 1,
           "when the last slot is closed and nobody asked, the operator is told");
    child = child_of(pair.client, &slot);
    TAP_OK(request_close(pair.client, slot) == 0 && world_unheard_count() == 1 &&
               request_exit(child, 1) == PUPPET_ENDED && world_unheard_count() == 2,
           "at the end, when it was closed before");
    request_exit(child_of(pair.client, &slot), 1);
    puppet_kill(pair.client);
    TAP_OK(world_unheard_count() == 3, "and when who could have asked has ended");
    PAIR_END();
}

static void test_killed_is_no_news(void)
{
    struct pair pair = pair_start();
    i32 slot;
    struct puppet *child = child_of(pair.client, &slot);
    TAP_OK(request_process_kill(pair.client, slot) == 0 && child->ended &&
               request_close(pair.client, slot) == 0 && world_unheard_count() == 0,
           "who kills a process knows of its end, and the operator is not told");
    child = child_of(pair.client, &slot);
    request_exit(child, 1);
    TAP_OK(request_process_kill(pair.client, slot) == 0 && request_close(pair.client, slot) == 0 &&
               world_unheard_count() == 1,
           "but of one that ended by itself before that");
    PAIR_END();
}

static void test_right_to_kill_travels(void)
{
    struct pair pair = pair_start();
    i32 slot;
    struct puppet *child = child_of(pair.client, &slot);
    puppet_send_gifts(pair.client, pair.slot, &slot, 1, 0);
    struct weft_event event = puppet_poll(pair.server);
    TAP_OK(request_process_id(pair.server, event.gifts[0]) == (i64)child->id,
           "the slot of a process can be given away");
    TAP_OK(request_process_kill(pair.server, event.gifts[0]) == 0 && child->ended,
           "with the right to kill");
    TAP_OK(request_process_kill(pair.client, slot) < 0, "which the giver has no more");
    PAIR_END();
}

static void test_closing_does_not_kill(void)
{
    struct pair pair = pair_start();
    i32 slot;
    struct puppet *child = child_of(pair.client, &slot);
    request_close(pair.client, slot);
    TAP_OK(!child->ended && child->idle, "a process whose slot is closed lives on");
    PAIR_END();
}

static void test_methods_need_their_slot(void)
{
    struct pair pair = pair_start();
    i32 system = pair.client->slots[SLOT_SYSTEM];
    TAP_OK(request_process_kill(pair.client, system) < 0, "there is no killing without a process");
    i32 slot;
    struct puppet *child = child_of(pair.client, &slot);
    bool encoded = system_mint_encode(request_begin(pair.client), (struct weft_bytes){ 0 }, 1);
    TAP_OK(encoded && request_send(pair.client, slot) < 0,
           "and the slot of a process is for nothing else");
    TAP_OK(!child->ended, "it lives");
    PAIR_END();
}

/* ---- Slots ---- */

static void test_mint(void)
{
    struct pair pair = pair_start();
    u64 badge = 0;
    i64 slot = request_mint(pair.client, BETA_ID, UINT64_MAX);
    TAP_OK(slot > 0 && request_badge(pair.client, (i32)slot, &badge) == 0 && badge == UINT64_MAX,
           "any badge can be minted and read back");
    TAP_OK(request_badge(pair.server, pair.server->slots[SLOT_ALPHA], &badge) == 0 && badge == 0,
           "a row that leads to oneself has badge 0");
    TAP_OK(request_badge(pair.client, pair.slot, &badge) < 0,
           "of another's slot the badge is not told");
    bool encoded = system_mint_encode(request_begin(pair.client),
                                      (struct weft_bytes){ (const u8 *)"short", 5 }, 1);
    TAP_OK(encoded && request_send(pair.client, pair.client->slots[SLOT_SYSTEM]) == 0,
           "a hash of the wrong size");
    struct system_any_error_result result;
    TAP_OK(system_mint_result_decode(request_reader(pair.client), &result) && result.failed &&
               result.error == SYSTEM_ERROR_INVALID,
           "is INVALID");
    PAIR_END();
}

static void test_copy_and_close(void)
{
    struct pair pair = pair_start();
    i64 copy = request_copy(pair.client, pair.slot);
    TAP_OK(copy > 0 && copy != pair.slot, "a copy is another slot");
    TAP_OK(puppet_send(pair.client, (i32)copy, "x", 0) == 0 && pair_gets(pair.server, "x"),
           "to the same place");
    TAP_OK(request_close(pair.client, (i32)copy) == 0 &&
               puppet_send(pair.client, (i32)copy, "x", 0) == -WEFT_BAD_SLOT,
           "until it is closed");
    TAP_OK(puppet_send(pair.client, pair.slot, "y", 0) == 0, "the first is as before");
    TAP_OK(request_close(pair.client, 9999) == REQUEST_STATUS - WEFT_BAD_SLOT,
           "what is no slot cannot be closed");
    PAIR_END();
}

static void test_resolve(void)
{
    struct pair pair = pair_start();
    i64 slot = request_resolve(pair.client, ALPHA_ID, "");
    TAP_OK(slot > 0 && puppet_send(pair.client, (i32)slot, "found", 0) == 0 &&
               pair_gets(pair.server, "found"),
           "an interface can be found at run time");
    slot = request_resolve(pair.client, 0x1234567812345678, "");
    TAP_OK(slot < 0 || puppet_send(pair.client, (i32)slot, "", 0) == -WEFT_DENIED,
           "one that nobody allowed is of no use");
    PAIR_END();
}

/* ---- Looking around ---- */

static u32 list_processes(struct puppet *puppet, struct system_process_status_list *list)
{
    bool encoded = system_processes_encode(request_begin(puppet), 0, 0, UINT32_MAX);
    *list = (struct system_process_status_list){ 0 };
    if (!encoded || request_send(puppet, puppet->slots[SLOT_SYSTEM]) != 0 ||
        !system_processes_result_decode(request_reader(puppet), list))
        return 0;
    return list->count;
}

static void test_processes(void)
{
    struct pair pair = pair_start();
    struct silo *child;
    const struct silo_limits none = { 0 };
    enum status status = silo_create(silo_root(), BYTES_LITERAL("child"), &none, &child);
    struct puppet *inside = puppet_spawn(child);
    struct system_process_status_list list;
    TAP_OK(status == STATUS_OK && list_processes(inside, &list) == 1 &&
               list.data[0].process == inside->id && list.data[0].silo == silo_id_of(child).value,
           "a process sees its own silo's processes only");
    TAP_OK(list.data[0].memory_pages == 2 && list.data[0].threads == 1 && list.data[0].slots > 0,
           "with what they use");
    TAP_OK(list_processes(pair.client, &list) == 3, "and those of silos below");
    i64 not_found = REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND;
    TAP_OK(request_show_parent(inside, silo_id_of(child).value) == not_found &&
               request_show_parent(inside, silo_id_of(silo_root()).value) == not_found &&
               list_processes(inside, &list) == 1,
           "it cannot show itself more");
    TAP_OK(request_show_parent(pair.client, silo_id_of(child).value) == 0 &&
               list_processes(inside, &list) == 3,
           "those above may show it what they see");
    TAP_OK(request_find(inside, pair.client->id) == not_found, "which it may not end for that");
    PAIR_END();
}

static void test_silos(void)
{
    struct pair pair = pair_start();
    u64 child = (u64)request_create_silo(pair.client, 0,
                                         &(struct silo_limits){ .messages = 77, .weight = 300 });
    bool encoded = system_silos_encode(request_begin(pair.client), 0, 0, UINT32_MAX);
    struct system_silo_status_list list;
    TAP_OK(encoded && request_send(pair.client, pair.client->slots[SLOT_SYSTEM]) == 0 &&
               system_silos_result_decode(request_reader(pair.client), &list) && list.count == 2,
           "a process sees its silo and those below");
    TAP_OK(list.data[1].silo == child && list.data[1].parent == list.data[0].silo &&
               is_text(list.data[1].name, "child"),
           "which is whose child, and its name");
    TAP_OK(list.data[1].limits.messages == 77 && list.data[1].limits.weight == 300 &&
               list.data[0].processes >= 2,
           "their limits and what they use");
    PAIR_END();
}

static void test_bindings(void)
{
    struct pair pair = pair_start();
    u64 child = (u64)request_create_silo(pair.client, 0, &(struct silo_limits){ 0 });
    request_set_verdict(pair.client, child, BETA_ID, SYSTEM_VERDICT_DENY);
    struct system_bindings_arguments asked = { child };
    bool encoded = system_bindings_encode(request_begin(pair.client), asked.silo);
    struct system_binding_list_error_result result;
    TAP_OK(encoded && request_send(pair.client, pair.client->slots[SLOT_SYSTEM]) == 0 &&
               system_bindings_result_decode(request_reader(pair.client), &result) &&
               !result.failed,
           "a silo's table can be read");
    bool found = false;
    for (u32 i = 0; i < result.value.count; i++)
        found = found || (result.value.data[i].verdict == SYSTEM_VERDICT_DENY &&
                          result.value.data[i].interface.size == HASH_SIZE &&
                          result.value.data[i].interface.data[0] == 0xB2);
    TAP_OK(found, "with what was denied in it");
    PAIR_END();
}

/* ---- Other interfaces of the kernel's own ---- */

static void test_add_program(void)
{
    struct pair pair = pair_start();
    struct bytes wasm = wasm_make(&(struct wasm_module){ .export_name = "_start", .filler = 9 });
    bool encoded = system_add_program_encode(request_begin(pair.client),
                                             (struct weft_bytes){ wasm.data, (u32)wasm.size });
    struct system_bytes_error_result result;
    TAP_OK(encoded && request_send(pair.client, pair.client->slots[SLOT_SYSTEM]) == 0 &&
               system_add_program_result_decode(request_reader(pair.client), &result) &&
               !result.failed,
           "a process can add a program");
    struct cid cid = cid_of(wasm);
    TAP_OK(result.value.size == cid.size && memcmp(result.value.data, cid.bytes, cid.size) == 0,
           "is told its name");
    TAP_OK(request_spawn(pair.client, &cid, 0, WEFT_NO_SLOT) > 0, "and can start it by that");
    PAIR_END();
}

static void test_malformed(void)
{
    struct pair pair = pair_start();
    bool all = true;
    u8 bytes[64];
    for (u32 round = 0; round < 400; round++) {
        u32 size = (u32)(simulate_random() % sizeof(bytes));
        for (u32 i = 0; i < sizeof(bytes); i++)
            bytes[i] = (u8)simulate_random();
        bytes[0] = (u8)(bytes[0] % 30);
        if (bytes[0] == SYSTEM_FUNCTION_EXIT)
            bytes[0] = 30;
        memset(bytes + 1, 0, round % 4 == 0 ? 0 : 3);
        struct body_writer *writer = request_begin(pair.client);
        memcpy(writer->data, bytes, size);
        writer->size = size;
        i64 result = request_send(pair.client, pair.client->slots[SLOT_SYSTEM]);
        all = all && result != PUPPET_BLOCKED && result != PUPPET_ENDED;
    }
    TAP_OK(all, "four hundred malformed requests are each answered");
    TAP_OK(puppet_send(pair.client, pair.slot, "fine", 0) == 0 && pair_gets(pair.server, "fine"),
           "and nothing is broken");
    PAIR_END();
}

static void tests(void)
{
    test_start_record();
    test_start_slots();
    test_many_start_slots();
    test_start_slots_of_a_failed_spawn();
    test_large_start_record();
    test_spawn_in_a_destroyed_silo();
    test_start_slots_never_asked_for();
    test_failed_spawn_keeps_nothing();
    test_ended();
    test_unheard();
    test_killed_is_no_news();
    test_right_to_kill_travels();
    test_closing_does_not_kill();
    test_methods_need_their_slot();
    test_mint();
    test_copy_and_close();
    test_resolve();
    test_processes();
    test_silos();
    test_bindings();
    test_add_program();
    test_malformed();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
