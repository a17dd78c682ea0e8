#include "kernel/handlers.h"

#include "abi/body.h"
#include "kernel/block.h"

static const struct handler *const handlers[] = {
    &handler_system, &handler_clock, &handler_random,  &handler_log,
    &handler_boot,   &handler_power, &handler_entropy, &handler_statistics,
};

static struct native *natives[BASE_ARRAY_COUNT(handlers)];

static enum status start(const struct handler *handler, struct native **native)
{
    struct interface_key key = { .name = bytes_from_text(handler->interface_name) };
    BASE_ASSERT(hash_from_hex(bytes_from_text(handler->interface_hash), &key.hash));
    enum status status = native_create(&handler->operations, NULL, native);
    if (status != STATUS_OK)
        return status;
    (*native)->context = *native;
    (*native)->answered = handler->answered;
    return native_bind(*native, silo_root(), &key);
}

enum status handlers_init(void)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(handlers); i++) {
        enum status status = start(handlers[i], &natives[i]);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

void handlers_deinit(void)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(handlers); i++)
        if (natives[i] != NULL)
            native_destroy(natives[i]);
    __builtin_memset(natives, 0, sizeof(natives));
}

/* ---- Messages in --------------------------------------------------------------------------- */

enum {
    SCRATCH_ON_STACK = 1024,
    SCRATCH_MAX = 4 << 20, /* for lists of a start record at its largest */
};

static struct weft_event event_of(const struct native_message *message)
{
    struct weft_event event = {
        .kind = WEFT_EVENT_MESSAGE,
        .id = message->id,
        .badge = message->badge,
        .interface = message->interface,
        .sender = message->sender.value,
        .size = (u32)message->body.size,
        .gift_count = message->gift_count,
    };
    for (u32 i = 0; i < message->gift_count; i++)
        event.gifts[i] = message->gifts[i];
    return event;
}

static enum weft_status dispatch_with(struct request *request, request_dispatch *dispatch,
                                      void *scratch, usize scratch_size)
{
    struct weft_event event = event_of(request->message);
    struct body_reader reader;
    body_reader_init(&reader, &event, request->message->body.data);
    body_reader_scratch(&reader, scratch, scratch_size);
    return dispatch(request, &event, &reader);
}

void request_take(struct native *native, const struct native_message *message,
                  request_dispatch *dispatch)
{
    const struct native_call *call = BASE_CONTAINER_OF(message, struct native_call, message);
    struct request request = { native, call->sender, message };
    usize size = u64_min(BODY_SCRATCH_FACTOR * message->body.size, SCRATCH_MAX);
    _Alignas(8) u8 on_stack[SCRATCH_ON_STACK];
    enum weft_status status = WEFT_NO_MEMORY;
    if (size <= sizeof(on_stack)) {
        status = dispatch_with(&request, dispatch, on_stack, sizeof(on_stack));
    } else {
        void *scratch = block_take(size);
        if (scratch != NULL)
            status = dispatch_with(&request, dispatch, scratch, size);
        block_give(scratch, size);
    }
    if (status != WEFT_OK && message->id != 0)
        native_answer(native, message->id, status, (struct bytes){ 0 }, NULL, 0);
}

/* ---- Answers out --------------------------------------------------------------------------- */

static enum weft_status give_answer(struct native *native, i64 id, struct body_writer *writer)
{
    enum weft_status status = WEFT_OK;
    if (id != 0)
        status = native_answer(native, id, WEFT_OK, (struct bytes){ writer->data, writer->size },
                               writer->gifts, writer->gift_count);
    for (u32 i = 0; i < writer->gift_count && (id == 0 || status != WEFT_OK); i++)
        native_close(native, writer->gifts[i] & ~WEFT_GIFT_COPY);
    return status;
}

enum weft_status request_answer(struct native *native, i64 id, request_encode *encode,
                                const void *result)
{
    enum { GROWTH = 16 };
    u8 on_stack[1024];
    struct body_writer writer;
    body_writer_init(&writer, on_stack, sizeof(on_stack));
    if (encode(&writer, result))
        return give_answer(native, id, &writer);
    enum weft_status status = writer.status;
    for (u32 size = GROWTH * sizeof(on_stack); status == WEFT_TOO_LARGE && size <= WEFT_BODY_MAX;
         size *= GROWTH) {
        u8 *block = block_take(size);
        if (block == NULL)
            return WEFT_NO_MEMORY;
        body_writer_init(&writer, block, size);
        status = encode(&writer, result) ? give_answer(native, id, &writer) : writer.status;
        block_give(block, size);
    }
    return status;
}
