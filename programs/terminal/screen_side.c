/* A screen and a keyboard: the machine's picture, which is drawn here, and `input`. */
#include "interface/framebuffer_program.h"
#include "interface/input_program.h"
#include "lib/client.h"
#include "lib/memory.h"
#include "lib/pages.h"
#include "lib/say.h"
#include "programs/terminal/keyboard.h"
#include "programs/terminal/side.h"
#include "programs/terminal/view.h"

enum {
    EVENTS_AT_ONCE = 32,
    HISTORY_BYTES = 4 << 20,
    PICTURE_BYTES_MAX = 128 << 20,
    PAGE = 4096,
};

static const uint64_t FRAME_NS = 1000000000 / 60; /* between two pictures, at least */
static const uint64_t AGAIN_NS = 250000000;       /* until a keyboard is asked for again */

static struct {
    struct side side;
    struct font regular, bold;
    struct picture picture;
    struct history history;
    struct emulator emulator;
    /* A question has a screen of its own, so that of the programs is afterwards as it was. */
    struct emulator asking;
    struct history nothing; /* that a question's screen leaves behind */
    struct emulator *front; /* of these two */
    struct view view;
    struct keyboard keyboard;
    uint32_t lights;  /* as they were set last */
    bool is_changed;  /* something may look otherwise than it is drawn */
    uint64_t frame;   /* when it may be drawn again */
    int64_t question; /* of the keyboard; 0: none is under way */
    uint64_t again;   /* when it is asked again */
    uint32_t pointer_x, pointer_y; /* of the mouse, in pixels */
    uint64_t heard_from; /* keys that went down before that mean nothing */
} screen;

/* ---- The keyboard ---- */

static struct weft_client keyboard_client(uint8_t buffer[64])
{
    return (struct weft_client){ .slot = input_slot(), .buffer = buffer, .capacity = 64 };
}

static void ask(void)
{
    _Alignas(8) uint8_t buffer[64];
    struct weft_client client = keyboard_client(buffer);
    int64_t id = input_read_send(&client, EVENTS_AT_ONCE, WEFT_WANT_ANSWER | WEFT_NO_WAIT);
    screen.question = id > 0 ? id : 0;
}

static void set_lights(void)
{
    _Alignas(8) uint8_t buffer[64];
    struct weft_client client = keyboard_client(buffer);
    uint32_t lights = (screen.keyboard.num_lock ? (uint32_t)INPUT_LIGHTS_NUM_LOCK : 0) |
                      (screen.keyboard.caps_lock ? (uint32_t)INPUT_LIGHTS_CAPS_LOCK : 0);
    if (lights != screen.lights && input_set_lights_send(&client, lights, WEFT_NO_WAIT) >= 0)
        screen.lights = lights;
}

static void type_characters(const struct stroke *stroke)
{
    enum { ESCAPE = 0x1B };
    uint8_t bytes[2 * (1 + UTF8_BYTES_MAX)];
    size_t size = 0;
    for (uint32_t i = 0; i < stroke->count; i++) {
        if ((stroke->held & WITH_ALT) != 0)
            bytes[size++] = ESCAPE;
        size += utf8_write(stroke->characters[i], bytes + size);
    }
    clients_type(bytes, size);
}

static void act(const struct stroke *stroke)
{
    if (stroke->command == COMMAND_BACK)
        view_back(&screen.view);
    else if (stroke->command == COMMAND_FORWARD)
        view_forward(&screen.view);
    else if (stroke->count != 0 || stroke->key != KEY_NONE)
        view_to_end(&screen.view);
    else
        return;
    screen.is_changed = true;
    if (stroke->count != 0)
        type_characters(stroke);
    else
        emulator_press(screen.front, stroke->key, stroke->held);
}

/* ---- The mouse ---- */

static uint32_t moved(uint32_t at, int32_t by, uint32_t size)
{
    int64_t to = (int64_t)at + by;
    return to < 0 ? 0 : to >= size ? size - 1 : (uint32_t)to;
}

/* A step of the mouse is a pixel. */
static void point(const struct input_motion *motion)
{
    struct view *view = &screen.view;
    screen.pointer_x = moved(screen.pointer_x, motion->x, screen.side.size.columns * FONT_COLUMNS);
    screen.pointer_y = moved(screen.pointer_y, motion->y, screen.side.size.rows * screen.regular.rows);
    view->pointer_column = screen.pointer_x / FONT_COLUMNS;
    view->pointer_row = screen.pointer_y / screen.regular.rows;
    emulator_point(screen.front, view->pointer_row, view->pointer_column);
}

/* Where no program wants it, the wheel leads through the history. */
static void turn(int32_t wheel)
{
    bool away = wheel > 0;
    if (screen.front->wants_mouse)
        emulator_turn(screen.front, away);
    else if (away)
        view_back(&screen.view);
    else
        view_forward(&screen.view);
}

static void take_mouse(const struct input_action *action)
{
    if (action->tag == INPUT_ACTION_BUTTON) {
        emulator_click(screen.front, action->button.index, action->button.pressed);
        return;
    }
    point(&action->motion);
    if (action->motion.wheel != 0)
        turn(action->motion.wheel);
    screen.is_changed = true;
}

/* ---- Events ---- */

static void take_event(const struct input_event *event)
{
    const struct input_action *action = &event->action;
    if (action->tag == INPUT_ACTION_LOST)
        keyboard_lose(&screen.keyboard);
    if (action->tag == INPUT_ACTION_MOTION || action->tag == INPUT_ACTION_BUTTON)
        take_mouse(action);
    if (action->tag != INPUT_ACTION_KEY)
        return;
    struct stroke stroke =
        keyboard_key(&screen.keyboard, action->key.usage, action->key.pressed, event->time);
    if (event->time < screen.heard_from)
        keyboard_rest(&screen.keyboard);
    else
        act(&stroke);
}

static bool screen_answered(const struct weft_event *event, struct body_reader *reader)
{
    enum { NO_LIGHTS_KNOWN = 1u << 31 };
    struct input_event_list events;
    if (event->id != screen.question)
        return false;
    screen.question = 0;
    if (event->status == WEFT_OK && input_read_result_decode(reader, &events)) {
        for (uint32_t i = 0; i < events.count; i++)
            take_event(&events.data[i]);
        set_lights();
        ask();
    } else {
        /* Its driver has ended; the next one knows nothing of what is held down. */
        keyboard_lose(&screen.keyboard);
        screen.lights = (uint32_t)NO_LIGHTS_KNOWN;
    }
    return true;
}

static int64_t screen_question(void)
{
    return screen.question;
}

/* ---- The screen ---- */

/* A new line also goes back to the left edge. */
static void screen_show(const uint8_t *bytes, size_t size)
{
    static const uint8_t line_end[] = { '\r', '\n' };
    size_t start = 0;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != '\n')
            continue;
        emulator_write(screen.front, bytes + start, i - start);
        emulator_write(screen.front, line_end, sizeof(line_end));
        start = i + 1;
    }
    emulator_write(screen.front, bytes + start, size - start);
    screen.is_changed = true;
}

static void screen_tell(const uint8_t *bytes, size_t size)
{
    screen.front->is_secret = true;
    screen_show(bytes, size);
    screen.front->is_secret = false;
}

static void screen_show_again(const uint8_t *bytes, size_t size)
{
    emulator_return(screen.front, bytes, size);
    screen.is_changed = true;
}

/* All of it is drawn at the next frame. */
static void screen_discard(void)
{
}

static void on_typed(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    clients_type(bytes, size);
}

/* What comes between two pictures is seen on the second. Where drawing takes long, two thirds of
 * the time are left for the rest. */
static void draw(uint64_t now)
{
    view_draw(&screen.view);
    uint64_t end = side_now();
    uint64_t pause = 2 * (end - now);
    screen.is_changed = false;
    screen.frame = end + (pause > FRAME_NS ? pause : FRAME_NS);
}

static void screen_attend(uint64_t now)
{
    struct stroke stroke = keyboard_repeat(&screen.keyboard, now);
    act(&stroke);
    if (screen.question == 0 && now >= screen.again) {
        screen.again = now + AGAIN_NS;
        ask();
        set_lights();
    }
    if (screen.is_changed && now >= screen.frame)
        draw(now);
}

static struct view *screen_view(void)
{
    if (screen.is_changed)
        draw(side_now());
    return &screen.view;
}

static void screen_flush(void)
{
    screen_view();
    clients_shown();
}

/* ---- Questions ---- */

static void look_at(struct emulator *emulator)
{
    screen.front = emulator;
    view_look_at(&screen.view, emulator);
    screen.is_changed = true;
}

static void screen_put_question(struct weft_bytes before, struct weft_bytes text)
{
    static const uint8_t afresh[] = "\x1b" "c";
    (void)before; /* nothing was begun there */
    look_at(&screen.asking);
    emulator_write(&screen.asking, afresh, sizeof(afresh) - 1);
    screen_show(text.data, text.size);
    draw(side_now());
    screen.heard_from = side_now();
    keyboard_rest(&screen.keyboard);
}

static void screen_end_question(bool is_withdrawn)
{
    (void)is_withdrawn; /* it is gone */
    look_at(&screen.emulator);
}

static int64_t screen_deadline(void)
{
    uint64_t deadline = keyboard_deadline(&screen.keyboard);
    if (screen.question == 0 && screen.again < deadline)
        deadline = screen.again;
    if (screen.is_changed && screen.frame < deadline)
        deadline = screen.frame;
    return deadline == UINT64_MAX ? -1 : (int64_t)deadline;
}

/* ---- Start ---- */

static struct channel channel_of(struct framebuffer_channel channel)
{
    return (struct channel){ channel.position, channel.size };
}

/* False: there is no picture, or none that can be drawn. */
static bool ask_mode(struct framebuffer_mode *mode)
{
    _Alignas(8) uint8_t buffer[128];
    struct weft_client client = { .slot = framebuffer_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct framebuffer_mode_error_result result;
    if (framebuffer_mode(&client, &result) != WEFT_OK || result.failed)
        return false;
    *mode = result.value;
    uint32_t bytes = (mode->bits_per_pixel + 7u) / 8;
    return bytes >= 2 && bytes <= 4 && mode->width >= FONT_COLUMNS &&
           mode->height >= screen.regular.rows && mode->pitch >= mode->width * bytes &&
           (uint64_t)mode->pitch * mode->height <= PICTURE_BYTES_MAX;
}

/* The slot stays open: while it lives, the picture is ours. */
static bool map(void *pixels)
{
    _Alignas(8) uint8_t buffer[64];
    struct weft_client client = { .slot = framebuffer_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct framebuffer_picture_error_result result;
    return framebuffer_map(&client, (uintptr_t)pixels, &result) == WEFT_OK && !result.failed;
}

static uint32_t at_most(uint32_t value, uint32_t limit)
{
    return value < limit ? value : limit;
}

static bool start_picture(void)
{
    struct framebuffer_mode mode;
    if (!font_init(&screen.regular, font_regular, font_regular_size) ||
        !font_init(&screen.bold, font_bold, font_bold_size) || !ask_mode(&mode))
        return false;
    screen.picture = (struct picture){
        .pixels = pages_take(((size_t)mode.pitch * mode.height + PAGE - 1) & ~(size_t)(PAGE - 1)),
        .width = mode.width,
        .height = mode.height,
        .pitch = mode.pitch,
        .pixel_bytes = (mode.bits_per_pixel + 7u) / 8,
        .red = channel_of(mode.red),
        .green = channel_of(mode.green),
        .blue = channel_of(mode.blue),
        .regular = &screen.regular,
        .bold = &screen.bold,
    };
    if (screen.picture.pixels == NULL || !map(screen.picture.pixels))
        return false;
    picture_init(&screen.picture);
    return true;
}

/* Memory for the cells of two screens each, and for those that are drawn. */
static bool start_screen(void)
{
    uint32_t columns = at_most(picture_columns(&screen.picture), GRID_COLUMNS_MAX);
    uint32_t rows = at_most(picture_rows(&screen.picture), GRID_ROWS_MAX);
    size_t count = (size_t)columns * rows;
    struct cell *cells = pages_take(5 * count * sizeof(*cells));
    uint8_t *history = pages_take(HISTORY_BYTES);
    if (cells == NULL || history == NULL)
        return false;
    history_init(&screen.history, history, HISTORY_BYTES);
    screen.emulator.typed = on_typed;
    emulator_init(&screen.emulator, &screen.history, cells, columns, rows);
    history_init(&screen.nothing, history, 0);
    screen.asking.typed = on_typed;
    emulator_init(&screen.asking, &screen.nothing, cells + 2 * count, columns, rows);
    screen.front = &screen.emulator;
    view_init(&screen.view, &screen.emulator, &screen.picture, cells + 4 * count);
    screen.side.size = (struct terminal_size){ (uint16_t)columns, (uint16_t)rows };
    return true;
}

static void start_keyboard(struct weft_bytes layout)
{
    screen.keyboard.layout = layout_find((const char *)layout.data, layout.size);
    if (screen.keyboard.layout == NULL) {
        screen.keyboard.layout = &layouts[0];
        if (layout.size != 0)
            say(LOG_LEVEL_WARNING, layout, "is no keyboard layout that the terminal has");
    }
    screen.keyboard.num_lock = true;
}

const struct side *screen_side_start(struct weft_bytes layout)
{
    screen.side = (struct side){
        .show = screen_show,
        .tell = screen_tell,
        .show_again = screen_show_again,
        .discard = screen_discard,
        .question = screen_question,
        .answered = screen_answered,
        .flush = screen_flush,
        .attend = screen_attend,
        .deadline = screen_deadline,
        .put_question = screen_put_question,
        .end_question = screen_end_question,
        .view = screen_view,
    };
    if (!start_picture() || !start_screen())
        return NULL;
    start_keyboard(layout);
    screen.is_changed = true;
    return &screen.side;
}
