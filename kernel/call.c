#include "kernel/call.h"

#include "kernel/process.h"

void call_hand_over(struct thread *receiver, const struct weft_event *event, struct bytes body)
{
    __builtin_memcpy(receiver->wait.event, event, sizeof(*event));
    u8 *to = receiver->wait.body;
    i64 kind = event->kind;
    if (body.size > LOCKED_COPY_MAX) {
        thread_detach(receiver);
        receiver->receiving = true;
        lock_give();
        __builtin_memcpy(to, body.data, body.size);
        lock_take();
        receiver->receiving = false;
    } else if (body.size != 0) {
        __builtin_memcpy(to, body.data, body.size);
    }
    thread_wake(receiver, kind);
}

/* ---- Arguments ----------------------------------------------------------------------------- */

/* Memory of the calling instance, as it was when the call began. */
struct memory_view {
    u8 *start;
    u64 size;
};

static struct memory_view view_of(const struct member *member)
{
    struct memory_view view;
    view.start = instance_memory(member->instance, &view.size);
    return view;
}

static bool is_inside(const struct memory_view *memory, u64 at, u64 size)
{
    return at + size <= memory->size; /* both are below 2^33 */
}

static enum weft_status read_gifts(const struct memory_view *memory, u32 at, u32 count,
                                   struct gift_list *gifts)
{
    if (count == 0)
        return WEFT_OK;
    if (count > WEFT_GIFTS_MAX)
        return WEFT_INVALID;
    if (!is_inside(memory, at, count * sizeof(i32)))
        return WEFT_FAULT;
    gifts->count = count;
    __builtin_memcpy(gifts->numbers, memory->start + at, count * sizeof(i32));
    return WEFT_OK;
}

static enum weft_status find_body(const struct memory_view *memory, u32 at, u32 size,
                                  struct bytes *body)
{
    if (size > WEFT_BODY_MAX)
        return WEFT_TOO_LARGE;
    if (!is_inside(memory, at, size))
        return WEFT_FAULT;
    *body = (struct bytes){ memory->start + at, size };
    return WEFT_OK;
}

/* A call whose process ends while it is under way does not return to guest code. */
static enum trap return_to(const struct thread *thread)
{
    return thread->process->ending ? TRAP_STOPPED : TRAP_NONE;
}

/* ---- weft.send ----------------------------------------------------------------------------- */

static enum weft_status read_sending(const struct member *member, const u64 *slots,
                                     struct sending *sending)
{
    struct memory_view memory = view_of(member);
    sending->slot = (i32)slots[0];
    sending->flags = (u32)slots[5];
    if ((sending->flags & ~(u32)(WEFT_WANT_ANSWER | WEFT_NO_WAIT)) != 0)
        return WEFT_INVALID;
    enum weft_status status = find_body(&memory, (u32)slots[1], (u32)slots[2], &sending->body);
    if (status != WEFT_OK)
        return status;
    return read_gifts(&memory, (u32)slots[3], (u32)slots[4], &sending->gifts);
}

enum trap call_send(struct execution *execution, void *member, u64 *slots)
{
    struct sending sending;
    sending.thread = execution_owner(execution);
    sending.gifts.count = 0;
    sending.copy = NULL;
    sending.denial = NULL;
    enum weft_status status = read_sending(member, slots, &sending);
    i64 result = status == WEFT_OK ? send_message(&sending) : -(i64)status;
    slots[0] = (u64)result;
    return return_to(sending.thread);
}

/* ---- weft.answer --------------------------------------------------------------------------- */

static enum weft_status read_answering(const struct member *member, const u64 *slots,
                                       struct answering *answering)
{
    struct memory_view memory = view_of(member);
    u32 answer_status = (u32)slots[1];
    if (answer_status >= WEFT_STATUS_COUNT)
        return WEFT_INVALID;
    answering->status = answer_status;
    enum weft_status status = find_body(&memory, (u32)slots[2], (u32)slots[3], &answering->body);
    if (status != WEFT_OK)
        return status;
    return read_gifts(&memory, (u32)slots[4], (u32)slots[5], &answering->gifts);
}

enum trap call_answer(struct execution *execution, void *member, u64 *slots)
{
    struct thread *thread = execution_owner(execution);
    struct answering answering = {
        .by = &thread->process->party,
        .cpu = thread->cpu,
        .id = (i64)slots[0],
    };
    answering.fault = read_answering(member, slots, &answering);
    slots[0] = (u32)-(i32)answer_message(&answering);
    return return_to(thread);
}

/* ---- weft.wait ----------------------------------------------------------------------------- */

static enum weft_status read_waiting(const struct member *member, const u64 *slots,
                                     struct waiting *waiting)
{
    struct memory_view memory = view_of(member);
    u32 ids = (u32)slots[0];
    u32 event = (u32)slots[2];
    u32 body = (u32)slots[3];
    waiting->id_count = (u32)slots[1];
    waiting->capacity = (u32)slots[4];
    waiting->deadline = (i64)slots[5];
    if (waiting->id_count > WEFT_IDS_MAX || waiting->deadline < -1)
        return WEFT_INVALID;
    if (!is_inside(&memory, ids, waiting->id_count * sizeof(i64)) ||
        !is_inside(&memory, event, sizeof(struct weft_event)) ||
        !is_inside(&memory, body, waiting->capacity))
        return WEFT_FAULT;
    waiting->ids = memory.start + ids;
    waiting->event = memory.start + event;
    waiting->body = memory.start + body;
    return WEFT_OK;
}

enum trap call_wait(struct execution *execution, void *member, u64 *slots)
{
    struct waiting waiting;
    waiting.thread = execution_owner(execution);
    waiting.late = NULL;
    enum weft_status status = read_waiting(member, slots, &waiting);
    i64 result = status == WEFT_OK ? wait_for_event(&waiting) : -(i64)status;
    slots[0] = (u32)result;
    return return_to(waiting.thread);
}
