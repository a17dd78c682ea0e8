/* One process at a time has the picture in its memory. The badge of its slot counts such processes,
 * so the end of an earlier one is never taken for the end of a later one. */
#include "platform/bare/framebuffer_handlers.h"

#include "interface/framebuffer.h"
#include "kernel/kernel.h"
#include "platform/bare/console.h"
#include "platform/bare/screen.h"
#include "platform/bare/space.h"
#include "platform/bare/spin.h"
#include "platform/common/native_message.h"

enum { SMALL_ANSWER_BYTES = 64 };

static struct native *native;

static struct {
    struct spin lock;
    u64 holder; /* badge; 0: nobody */
    u64 count;  /* of all holders so far */
    u64 at;     /* where the holder has it */
} picture;

/* ---- Who has it ---- */

/* 0: somebody else has it. */
static u64 take(void)
{
    spin_take(&picture.lock);
    u64 badge = picture.holder == 0 ? ++picture.count : 0;
    if (badge != 0)
        picture.holder = badge;
    spin_give(&picture.lock);
    return badge;
}

static void give_back(void)
{
    spin_take(&picture.lock);
    picture.holder = 0;
    spin_give(&picture.lock);
}

static u64 picture_bytes(void)
{
    return u64_align_up(screen_mode_bytes(screen_mode()), PAGE_BYTES);
}

/* From now on the kernel draws nothing; what it draws at this moment is awaited. */
static void take_from_kernel(void)
{
    screen_give();
    console_write((struct bytes){ 0 }, false);
}

/* Into the sender's memory, with a slot for that. FRAMEBUFFER_ERROR_...; -1: all is well. */
static i32 map(void *at, i32 *slot)
{
    u64 badge = take();
    if (badge == 0)
        return FRAMEBUFFER_ERROR_BUSY;
    take_from_kernel();
    if (!space_map_device((usize)at, screen_mode()->address, picture_bytes(), SPACE_COMBINED)) {
        give_back();
        return FRAMEBUFFER_ERROR_NO_MEMORY;
    }
    picture.at = (usize)at;
    if (native_mint(native, FRAMEBUFFER_INTERFACE_ID, badge, slot) == STATUS_OK)
        return -1;
    space_unmap_device(picture.at, screen_mode()->address, picture_bytes());
    give_back();
    return FRAMEBUFFER_ERROR_NO_MEMORY;
}

/* ---- Messages ---- */

static struct framebuffer_channel channel_of(struct screen_channel channel)
{
    return (struct framebuffer_channel){ channel.position, channel.size };
}

static enum weft_status on_mode(void *context, const struct weft_event *event)
{
    const struct screen_mode *mode = screen_mode();
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct framebuffer_mode_error_result result = { .failed = mode->address == 0 };
    (void)context;
    if (event->badge != 0)
        return WEFT_UNSUPPORTED;
    if (result.failed)
        result.error = FRAMEBUFFER_ERROR_NONE;
    else
        result.value = (struct framebuffer_mode){ mode->width,
                                                  mode->height,
                                                  mode->pitch,
                                                  mode->bits_per_pixel,
                                                  channel_of(mode->red),
                                                  channel_of(mode->green),
                                                  channel_of(mode->blue) };
    body_writer_init(&writer, small, sizeof(small));
    framebuffer_mode_result_encode(&writer, &result);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

static i32 check_and_map(const struct native_message *message, u64 address, i32 *slot)
{
    if (screen_mode()->address == 0)
        return FRAMEBUFFER_ERROR_NONE;
    void *at = native_sender_memory(message, address, picture_bytes());
    if (at == NULL || address % PAGE_BYTES != 0)
        return FRAMEBUFFER_ERROR_INVALID;
    return map(at, slot);
}

static enum weft_status on_map(void *context, const struct weft_event *event,
                               const struct framebuffer_map_arguments *arguments)
{
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    i32 slot = WEFT_NO_SLOT;
    if (event->badge != 0)
        return WEFT_UNSUPPORTED;
    i32 error = check_and_map(context, arguments->address, &slot);
    struct framebuffer_picture_error_result result = { .failed = error >= 0, .value = slot };
    if (error >= 0)
        result.error = (enum framebuffer_error)error;
    body_writer_init(&writer, small, sizeof(small));
    framebuffer_map_result_encode(&writer, &result);
    native_message_answer(native, event->id, &writer);
    return WEFT_OK;
}

static void on_message(void *context, const struct native_message *message)
{
    static const struct framebuffer_server server = { .mode = on_mode, .map = on_map };
    struct weft_event event;
    struct body_reader reader;
    (void)context;
    native_message_event(message, &event, &reader);
    /* The dispatcher hands its context on, and does not write to it. */
    enum weft_status status =
        framebuffer_dispatch(&server, (void *)(usize)message, &event, &reader);
    if (status != WEFT_OK)
        native_message_refuse(native, message, status);
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    if (badge != picture.holder)
        return;
    space_unmap_device(picture.at, screen_mode()->address, picture_bytes());
    give_back();
}

/* ---- Start and end ---- */

enum status framebuffer_handlers_init(void)
{
    static const struct native_operations operations = { "framebuffer", on_message, on_closed,
                                                         NULL };
    struct interface_key key = native_key(FRAMEBUFFER_INTERFACE_NAME, FRAMEBUFFER_INTERFACE_HASH);
    enum status status = native_create(&operations, NULL, &native);
    return status == STATUS_OK ? native_bind(native, silo_root(), &key) : status;
}

void framebuffer_handlers_deinit(void)
{
    if (native != NULL)
        native_destroy(native);
}
