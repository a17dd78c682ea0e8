#include "tests/simulate/request.h"

#include <string.h>

static struct body_writer writer;
static struct body_reader reader;
static _Alignas(8) u8 scratch[SCRIPT_RECEIVED * BODY_SCRATCH_FACTOR];
static u8 interface_bytes[HASH_SIZE];

struct body_writer *request_begin(struct puppet *puppet)
{
    body_writer_init(&writer, puppet->script.body, SCRIPT_BODY);
    return &writer;
}

struct body_reader *request_reader(struct puppet *puppet)
{
    body_reader_init(&reader, &puppet->script.event, puppet->script.received);
    body_reader_scratch(&reader, scratch, sizeof(scratch));
    return &reader;
}

/* Three calls in one script, so that nothing of the test happens between them. */
i64 request_send(struct puppet *puppet, i32 slot)
{
    BASE_ASSERT(body_writer_ok(&writer));
    for (u32 i = 0; i < writer.gift_count; i++)
        puppet->script.gifts[i] = writer.gifts[i];
    puppet_add(puppet,
               (struct script_call){
                   .call = CALL_SEND,
                   .arguments = { slot, PUPPET_AT(puppet, body), writer.size,
                                  PUPPET_AT(puppet, gifts), writer.gift_count, WEFT_WANT_ANSWER },
               });
    puppet_add(puppet, (struct script_call){
                           .call = CALL_WRITE,
                           .refers = 1 << 1,
                           .arguments = { PUPPET_AT(puppet, ids), 0 },
                       });
    puppet_add(puppet, puppet_wait_call(puppet, 1, -1));
    puppet_begin(puppet);
    return request_finish(puppet);
}

i64 request_finish(struct puppet *puppet)
{
    i64 kind = puppet_finish(puppet);
    i64 sent = puppet->script.calls[0].result;
    if (kind == PUPPET_BLOCKED || kind == PUPPET_ENDED)
        return kind;
    if (sent <= 0)
        return REQUEST_STATUS + sent;
    if (kind != WEFT_EVENT_ANSWER)
        return REQUEST_STATUS + kind;
    return puppet->script.event.status == WEFT_OK ? 0
                                                  : REQUEST_STATUS - puppet->script.event.status;
}

static struct weft_bytes interface_hash(u64 interface)
{
    struct interface_key key = world_key(interface);
    memcpy(interface_bytes, key.hash.bytes, HASH_SIZE);
    return (struct weft_bytes){ interface_bytes, HASH_SIZE };
}

static struct weft_bytes text_bytes(const char *text)
{
    return (struct weft_bytes){ (const u8 *)text, (u32)strlen(text) };
}

static struct weft_bytes cid_bytes(const struct cid *cid)
{
    return (struct weft_bytes){ cid->bytes, cid->size };
}

/* Sends what was encoded, to `system`. */
static i64 ask(struct puppet *puppet, bool encoded)
{
    BASE_ASSERT(encoded);
    return request_send(puppet, puppet->slots[SLOT_SYSTEM]);
}

static i64 outcome(bool failed, enum system_error error, i64 value)
{
    return failed ? REQUEST_ERROR - (i64)error : value;
}

static const i64 MALFORMED = REQUEST_STATUS - (i64)WEFT_INVALID;

typedef bool decode_any(struct body_reader *, struct system_any_error_result *);
typedef bool decode_u64(struct body_reader *, struct system_u64_error_result *);
typedef bool decode_none(struct body_reader *, struct system_none_error_result *);

static i64 ask_any(struct puppet *puppet, bool encoded, decode_any *decode)
{
    struct system_any_error_result result;
    i64 status = ask(puppet, encoded);
    if (status != 0)
        return status;
    if (!decode(request_reader(puppet), &result))
        return MALFORMED;
    return outcome(result.failed, result.error, result.value);
}

static i64 ask_u64(struct puppet *puppet, bool encoded, decode_u64 *decode)
{
    struct system_u64_error_result result;
    i64 status = ask(puppet, encoded);
    if (status != 0)
        return status;
    if (!decode(request_reader(puppet), &result))
        return MALFORMED;
    return outcome(result.failed, result.error, (i64)result.value);
}

static i64 ask_none(struct puppet *puppet, bool encoded, decode_none *decode)
{
    struct system_none_error_result result;
    i64 status = ask(puppet, encoded);
    if (status != 0)
        return status;
    if (!decode(request_reader(puppet), &result))
        return MALFORMED;
    return outcome(result.failed, result.error, 0);
}

/* ---- Slots ---- */

i64 request_mint(struct puppet *puppet, u64 interface, u64 badge)
{
    return ask_any(puppet,
                   system_mint_encode(request_begin(puppet), interface_hash(interface), badge),
                   system_mint_result_decode);
}

i64 request_copy(struct puppet *puppet, i32 slot)
{
    return ask_any(puppet, system_copy_encode(request_begin(puppet), slot),
                   system_copy_result_decode);
}

static i64 ask_badge(struct puppet *puppet, i32 slot)
{
    return ask_u64(puppet, system_badge_encode(request_begin(puppet), slot),
                   system_badge_result_decode);
}

i64 request_badge(struct puppet *puppet, i32 slot, u64 *badge)
{
    i64 result = ask_badge(puppet, slot);
    *badge = (u64)result;
    return result > REQUEST_STATUS - WEFT_STATUS_COUNT && result <= REQUEST_ERROR ? result : 0;
}

i64 request_close(struct puppet *puppet, i32 slot)
{
    struct system_any_list slots = { &slot, 1 };
    return ask(puppet, system_close_encode(request_begin(puppet), slots));
}

i64 request_resolve(struct puppet *puppet, u64 interface, const char *tag)
{
    return ask_any(
        puppet,
        system_resolve_encode(request_begin(puppet), interface_hash(interface), text_bytes(tag)),
        system_resolve_result_decode);
}

i64 request_resolve_for(struct puppet *puppet, u64 process, u64 interface)
{
    return ask_any(puppet,
                   system_resolve_for_encode(request_begin(puppet), process,
                                             interface_hash(interface), text_bytes("")),
                   system_resolve_for_result_decode);
}

i64 request_decided(struct puppet *puppet, u64 process, u64 interface)
{
    return ask(puppet, system_decided_encode(request_begin(puppet), process,
                                             interface_hash(interface), text_bytes("")));
}

i64 request_resolve_hash(struct puppet *puppet, const char *hash)
{
    struct hash bytes;
    BASE_ASSERT(hash_from_hex(bytes_from_text(hash), &bytes));
    struct weft_bytes interface = { bytes.bytes, HASH_SIZE };
    return ask_any(puppet,
                   system_resolve_encode(request_begin(puppet), interface, text_bytes("")),
                   system_resolve_result_decode);
}

/* ---- Processes ---- */

i64 request_thread(struct puppet *puppet, u32 argument)
{
    struct system_u32_error_result result;
    i64 status = ask(puppet, system_thread_encode(request_begin(puppet), argument));
    if (status != 0)
        return status;
    if (!system_thread_result_decode(request_reader(puppet), &result))
        return MALFORMED;
    return outcome(result.failed, result.error, result.value);
}

struct puppet *puppet_thread(struct puppet *puppet, u32 number)
{
    if (request_thread(puppet, number) < 0)
        return NULL;
    world_settle();
    return puppet_of(puppet->id, number);
}

i64 request_exit(struct puppet *puppet, u32 status)
{
    return ask(puppet, system_exit_encode(request_begin(puppet), status));
}

static i64 spawn_result(struct puppet *puppet)
{
    struct system_process_error_result result;
    if (!system_spawn_result_decode(request_reader(puppet), &result))
        return MALFORMED;
    return outcome(result.failed, result.error, result.value);
}

i64 request_spawn_finish(struct puppet *puppet)
{
    i64 status = request_finish(puppet);
    return status == 0 ? spawn_result(puppet) : status;
}

i64 request_spawn(struct puppet *puppet, const struct cid *program, u64 silo, i32 given)
{
    struct system_spawn_options options = { .program = cid_bytes(program), .silo = silo };
    struct system_named_slot named = { .name = text_bytes("given"), .slot = given };
    struct system_named_slot_list slots = { &named, given == WEFT_NO_SLOT ? 0 : 1 };
    i64 status = ask(puppet, system_spawn_encode(request_begin(puppet), options, slots));
    return status == 0 ? spawn_result(puppet) : status;
}

i64 request_process_id(struct puppet *puppet, i32 process)
{
    u64 id;
    bool encoded = system_process_id_encode(request_begin(puppet));
    BASE_ASSERT(encoded);
    i64 status = request_send(puppet, process);
    if (status != 0)
        return status;
    return system_process_id_result_decode(request_reader(puppet), &id) ? (i64)id : MALFORMED;
}

i64 request_find(struct puppet *puppet, u64 process)
{
    struct system_process_error_result result;
    i64 status = ask(puppet, system_find_encode(request_begin(puppet), process));
    if (status != 0)
        return status;
    if (!system_find_result_decode(request_reader(puppet), &result))
        return MALFORMED;
    return result.failed ? REQUEST_ERROR - (i64)result.error : result.value;
}

i64 request_process_kill(struct puppet *puppet, i32 process)
{
    struct system_none_error_result result;
    bool encoded = system_process_kill_encode(request_begin(puppet));
    BASE_ASSERT(encoded);
    i64 status = request_send(puppet, process);
    if (status != 0)
        return status;
    if (!system_process_kill_result_decode(request_reader(puppet), &result))
        return MALFORMED;
    return result.failed ? REQUEST_ERROR - (i64)result.error : 0;
}

i64 request_process_slot(struct puppet *puppet, i32 process, u64 interface)
{
    struct system_any_error_result result;
    bool encoded = system_process_slot_encode(request_begin(puppet), interface_hash(interface));
    BASE_ASSERT(encoded);
    i64 status = request_send(puppet, process);
    if (status != 0)
        return status;
    if (!system_process_slot_result_decode(request_reader(puppet), &result))
        return MALFORMED;
    return result.failed ? REQUEST_ERROR - (i64)result.error : result.value;
}

i64 request_process_listens(struct puppet *puppet, i32 process)
{
    bool encoded = system_process_listens_encode(request_begin(puppet));
    BASE_ASSERT(encoded);
    return request_send(puppet, process);
}

i64 request_process_idle(struct puppet *puppet, i32 process)
{
    bool encoded = system_process_idle_encode(request_begin(puppet));
    BASE_ASSERT(encoded);
    return request_send(puppet, process);
}

i64 request_awaited(struct puppet *puppet, u64 silo, u64 interface)
{
    return ask(puppet, system_awaited_encode(request_begin(puppet), silo,
                                             interface_hash(interface), text_bytes("")));
}

/* ---- Silos ---- */

static struct system_limits wire_limits(const struct silo_limits *limits)
{
    return (struct system_limits){
        .memory_pages = limits->memory_pages,
        .processes = limits->processes,
        .threads = limits->threads,
        .messages = limits->messages,
        .slots = limits->slots,
        .body_bytes = limits->body_bytes,
        .weight = limits->weight,
        .quota = limits->quota,
    };
}

i64 request_create_silo(struct puppet *puppet, u64 parent, const struct silo_limits *limits)
{
    return ask_u64(puppet,
                   system_create_silo_encode(request_begin(puppet), parent, text_bytes("child"),
                                             wire_limits(limits)),
                   system_create_silo_result_decode);
}

i64 request_create_cabin(struct puppet *puppet, u64 parent)
{
    return ask_u64(puppet,
                   system_create_cabin_encode(request_begin(puppet), parent, text_bytes("cabin")),
                   system_create_cabin_result_decode);
}

i64 request_destroy_silo(struct puppet *puppet, u64 silo)
{
    return ask_none(puppet, system_destroy_silo_encode(request_begin(puppet), silo),
                    system_destroy_silo_result_decode);
}

i64 request_show_parent(struct puppet *puppet, u64 silo)
{
    return ask_none(puppet, system_show_parent_encode(request_begin(puppet), silo),
                    system_show_parent_result_decode);
}

i64 request_set_limits(struct puppet *puppet, u64 silo, const struct silo_limits *limits)
{
    return ask_none(puppet,
                    system_set_limits_encode(request_begin(puppet), silo, wire_limits(limits)),
                    system_set_limits_result_decode);
}

i64 request_set_program_limits(struct puppet *puppet, u64 silo, const struct cid *program,
                               const struct silo_limits *limits)
{
    return ask_none(puppet,
                    system_set_program_limits_encode(
                        request_begin(puppet), silo,
                        (struct weft_bytes){ program->bytes, program->size }, wire_limits(limits)),
                    system_set_program_limits_result_decode);
}

i64 request_set_verdict(struct puppet *puppet, u64 silo, u64 interface, enum system_verdict verdict)
{
    return ask_none(puppet,
                    system_set_verdict_encode(request_begin(puppet), silo,
                                              interface_hash(interface), text_bytes(""), verdict),
                    system_set_verdict_result_decode);
}

i64 request_bind(struct puppet *puppet, u64 silo, u64 interface, i32 handler)
{
    return ask_none(puppet,
                    system_bind_encode(request_begin(puppet), silo, interface_hash(interface),
                                       text_bytes("test"), text_bytes(""), handler),
                    system_bind_result_decode);
}

i64 request_set_library(struct puppet *puppet, u64 silo, const char *import_namespace,
                        const struct cid *program)
{
    return ask_none(puppet,
                    system_set_library_encode(request_begin(puppet), silo,
                                              text_bytes(import_namespace), cid_bytes(program)),
                    system_set_library_result_decode);
}
