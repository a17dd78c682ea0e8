/* Puppets, and the conductor: the native handler that gives them their scripts. */
#include "tests/simulate/world.h"

#include "tests/simulate/cast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct list puppets;
static struct native *conductor;

static struct puppet *next_of(struct puppet *puppet)
{
    struct list_link *link =
        puppet == NULL ? list_first(&puppets) : list_next(&puppets, &puppet->link);
    return link == NULL ? NULL : BASE_CONTAINER_OF(link, struct puppet, link);
}

struct puppet *puppet_of(u64 process, u32 thread)
{
    struct puppet *puppet = next_of(NULL);
    while (puppet != NULL && (puppet->id != process || puppet->thread != thread))
        puppet = next_of(puppet);
    return puppet;
}

static struct puppet *add(u64 id, u32 thread)
{
    struct puppet *puppet = calloc(1, sizeof(*puppet));
    BASE_ASSERT(puppet != NULL);
    puppet->id = id;
    puppet->thread = thread;
    puppet->slots = puppet->script.slots;
    list_push_back(&puppets, &puppet->link);
    return puppet;
}

/* A puppet reports, and waits for its next script. */
static void on_report(void *context, const struct native_message *message)
{
    const usize fixed = offsetof(struct script, received);
    u32 thread;
    (void)context;
    if (message->body.size < fixed || message->body.size > sizeof(struct script) ||
        message->id == 0)
        return; /* somebody sent on this slot what is no script */
    memcpy(&thread, message->body.data + offsetof(struct script, thread), sizeof(thread));
    struct puppet *puppet = puppet_of(message->sender.value, thread);
    if (puppet == NULL)
        puppet = add(message->sender.value, thread);
    memcpy(&puppet->script, message->body.data, message->body.size);
    const struct script *report = &puppet->script;
    puppet->control = message->id;
    puppet->idle = true;
    puppet->result = report->done > 0 ? report->calls[report->done - 1].result : 0;
    puppet->script.count = 0;
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    (void)badge;
}

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    for (struct puppet *puppet = next_of(NULL); puppet != NULL; puppet = next_of(puppet))
        if (puppet->idle && puppet->control == id)
            puppet->idle = false;
}

static const struct native_operations conductor_operations = {
    .name = "conductor",
    .message = on_report,
    .closed = on_closed,
    .withdrawn = on_withdrawn,
};

void cast_ended(const struct process_end *end)
{
    for (struct puppet *puppet = next_of(NULL); puppet != NULL; puppet = next_of(puppet)) {
        if (puppet->id != end->process.value)
            continue;
        puppet->ended = true;
        puppet->idle = false;
        puppet->end_kind = end->kind;
        puppet->trap = end->trap;
        puppet->exit_status = end->exit_status;
        snprintf(puppet->end_text, sizeof(puppet->end_text), "%.*s", (int)end->text.size,
                 (const char *)end->text.data);
    }
}

bool cast_start(void)
{
    list_init(&puppets);
    if (native_create(&conductor_operations, NULL, &conductor) != STATUS_OK)
        return false;
    struct interface_key key = world_key(0xC0C0C0C0C0C0C0C0);
    if (native_bind(conductor, silo_root(), &key) == STATUS_OK && world_program("puppet") != NULL)
        return true;
    native_destroy(conductor);
    return false;
}

void cast_end(void)
{
    while (next_of(NULL) != NULL)
        puppet_forget(next_of(NULL));
    recorders_end();
    native_destroy(conductor);
}

/* ---- Life ---- */

struct puppet *puppet_spawn_with(const struct spawn_options *options)
{
    struct engine_error error = { 0 };
    struct process *process;
    struct spawn_options with = *options;
    if (with.program == NULL)
        with.program = world_program("puppet");
    if (with.program == NULL || process_spawn(&with, &process, &error) != STATUS_OK)
        return NULL;
    struct puppet *puppet = add(process_id_of(process).value, 0);
    puppet->process = process;
    world_settle();
    return puppet;
}

struct puppet *puppet_spawn(struct silo *silo)
{
    return puppet_spawn_with(&(struct spawn_options){ .silo = silo });
}

void puppet_kill(struct puppet *puppet)
{
    process_kill(puppet->process);
    world_settle();
}

void puppet_forget(struct puppet *puppet)
{
    if (puppet->process != NULL)
        process_release(puppet->process);
    list_remove(&puppet->link);
    free(puppet);
}

/* ---- Scripts ---- */

struct script_call *puppet_add(struct puppet *puppet, struct script_call call)
{
    BASE_ASSERT(puppet->script.count < SCRIPT_CALLS_MAX);
    struct script_call *added = &puppet->script.calls[puppet->script.count++];
    *added = call;
    return added;
}

void puppet_begin(struct puppet *puppet)
{
    if (!puppet->idle) {
        puppet->script.count = 0;
        return;
    }
    puppet->idle = false;
    puppet->script.done = 0;
    struct bytes script = { (const u8 *)&puppet->script, offsetof(struct script, received) };
    enum weft_status status = native_answer(conductor, puppet->control, WEFT_OK, script, NULL, 0);
    BASE_ASSERT(status == WEFT_OK);
}

static bool computes_for_ever(const struct puppet *puppet)
{
    if (puppet->idle || puppet->ended)
        return false;
    for (u32 i = 0; i < puppet->script.count; i++) {
        const struct script_call *call = &puppet->script.calls[i];
        if (call->call == CALL_COMPUTE && call->arguments[0] == 0)
            return true;
    }
    return false;
}

bool cast_computes_for_ever(void)
{
    bool any = false;
    for (struct puppet *puppet = next_of(NULL); puppet != NULL; puppet = next_of(puppet))
        any = any || computes_for_ever(puppet);
    return any;
}

bool puppet_done(struct puppet *puppet)
{
    if (!puppet->idle)
        world_settle();
    return puppet->idle;
}

bool puppet_play(struct puppet *puppet)
{
    puppet_begin(puppet);
    return puppet_done(puppet);
}

i64 puppet_finish(struct puppet *puppet)
{
    if (!puppet_done(puppet))
        return puppet->ended ? PUPPET_ENDED : PUPPET_BLOCKED;
    return puppet->result;
}

i64 puppet_do(struct puppet *puppet, struct script_call call)
{
    puppet_add(puppet, call);
    puppet_begin(puppet);
    return puppet_finish(puppet);
}

/* ---- The calls ---- */

static u32 set_text(struct puppet *puppet, const char *text)
{
    usize size = text == NULL ? 0 : strlen(text);
    BASE_ASSERT(size <= SCRIPT_BODY);
    memcpy(puppet->script.body, text == NULL ? "" : text, size);
    return (u32)size;
}

static void set_gifts(struct puppet *puppet, const i32 *gifts, u32 gift_count)
{
    BASE_ASSERT(gift_count <= SCRIPT_GIFTS);
    for (u32 i = 0; i < gift_count; i++)
        puppet->script.gifts[i] = gifts[i];
}

struct script_call puppet_send_call(struct puppet *puppet, i32 slot, const char *text, u32 flags)
{
    u32 size = set_text(puppet, text);
    return (struct script_call){
        .call = CALL_SEND,
        .arguments = { slot, PUPPET_AT(puppet, body), size, 0, 0, flags },
    };
}

i64 puppet_send(struct puppet *puppet, i32 slot, const char *text, u32 flags)
{
    return puppet_do(puppet, puppet_send_call(puppet, slot, text, flags));
}

i64 puppet_send_gifts(struct puppet *puppet, i32 slot, const i32 *gifts, u32 gift_count, u32 flags)
{
    set_gifts(puppet, gifts, gift_count);
    return puppet_do(puppet,
                     (struct script_call){
                         .call = CALL_SEND,
                         .arguments = { slot, 0, 0, PUPPET_AT(puppet, gifts), gift_count, flags },
                     });
}

i64 puppet_answer(struct puppet *puppet, i64 message, enum weft_status status, const char *text)
{
    u32 size = set_text(puppet, text);
    return puppet_do(puppet,
                     (struct script_call){
                         .call = CALL_ANSWER,
                         .arguments = { message, status, PUPPET_AT(puppet, body), size, 0, 0 },
                     });
}

i64 puppet_answer_gifts(struct puppet *puppet, i64 message, const i32 *gifts, u32 gift_count)
{
    set_gifts(puppet, gifts, gift_count);
    return puppet_do(
        puppet, (struct script_call){
                    .call = CALL_ANSWER,
                    .arguments = { message, WEFT_OK, 0, 0, PUPPET_AT(puppet, gifts), gift_count },
                });
}

i64 puppet_withdraw(struct puppet *puppet, i64 message)
{
    return puppet_do(puppet, (struct script_call){ .call = CALL_ANSWER, .arguments = { message } });
}

struct script_call puppet_wait_call(struct puppet *puppet, u32 id_count, i64 deadline)
{
    return (struct script_call){
        .call = CALL_WAIT,
        .arguments = { PUPPET_AT(puppet, ids), id_count, PUPPET_AT(puppet, event),
                       PUPPET_AT(puppet, received), SCRIPT_RECEIVED, deadline },
    };
}

i64 puppet_wait(struct puppet *puppet, i64 deadline)
{
    return puppet_do(puppet, puppet_wait_call(puppet, 0, deadline));
}

i64 puppet_wait_for(struct puppet *puppet, i64 message, i64 deadline)
{
    puppet->script.ids[0] = message;
    return puppet_do(puppet, puppet_wait_call(puppet, 1, deadline));
}

struct weft_event puppet_poll(struct puppet *puppet)
{
    if (puppet_wait(puppet, 0) <= 0)
        return (struct weft_event){ 0 };
    return puppet->script.event;
}

bool puppet_received(const struct puppet *puppet, const char *text)
{
    usize size = strlen(text);
    return puppet->script.event.size == size && memcmp(puppet->script.received, text, size) == 0;
}
