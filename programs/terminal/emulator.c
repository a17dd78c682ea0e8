/* libvterm's state layer tells what happens to cells. Its own table of cells is not used: a scroll
 * there moves all of them. Nor does it see characters that change the one before (combining marks): it
 * keeps as many as come. */
#include "programs/terminal/emulator.h"

#include "lib/memory.h"
#include "programs/terminal/marks.h"
#include "programs/terminal/width.h"

#include <vterm.h>

enum { HISTORY_SCREEN, OTHER_SCREEN };

/* ---- Cells ---- */

static struct area area_of(VTermRect rect)
{
    return (struct area){ (uint32_t)rect.start_row, (uint32_t)rect.end_row,
                          (uint32_t)rect.start_col, (uint32_t)rect.end_col };
}

static int on_glyph(VTermGlyphInfo *info, VTermPos at, void *user)
{
    struct emulator *emulator = user;
    struct cell cell = emulator->pen;
    cell.character = info->chars[0] & CELL_CODE_POINT;
    if (info->width == 2)
        cell.character |= CELL_WIDE;
    if (emulator->is_secret)
        cell.paper |= CELL_SECRET;
    grid_put(emulator->screen, (uint32_t)at.row, (uint32_t)at.col, &cell);
    emulator->marked = grid_row(emulator->screen, (uint32_t)at.row) + at.col;
    return 1;
}

static bool is_whole(const struct grid *grid, struct area area)
{
    return area.row == 0 && area.row_end == grid->rows && area.column == 0 &&
           area.column_end == grid->columns;
}

static int on_erase(VTermRect rect, int selective, void *user)
{
    (void)selective;
    struct emulator *emulator = user;
    if (emulator->returns)
        return 1;
    struct cell blank = { .paper = emulator->pen.paper };
    emulator->marked = NULL;
    grid_fill(emulator->screen, area_of(rect), &blank);
    emulator->erased += is_whole(emulator->screen, area_of(rect));
    return 1;
}

static int on_move(VTermRect to, VTermRect from, void *user)
{
    struct emulator *emulator = user;
    emulator->marked = NULL;
    grid_copy(emulator->screen, area_of(from), (uint32_t)to.start_row, (uint32_t)to.start_col);
    return 1;
}

static void push(struct emulator *emulator, uint32_t count)
{
    for (uint32_t row = 0; row < count; row++)
        history_push(emulator->history, grid_row(emulator->screen, row),
                     emulator->screen->columns);
    emulator->pushed += count;
}

/* libvterm sees to it that `downward` is at most the height. Upwards on the screen is downwards in
 * the text. */
static int on_scroll(VTermRect rect, int downward, int rightward, void *user)
{
    struct emulator *emulator = user;
    struct grid *grid = emulator->screen;
    struct area area = area_of(rect);
    if (rightward != 0 || area.column != 0 || area.column_end != grid->columns) {
        vterm_scroll_rect(rect, downward, rightward, on_move, on_erase, user);
        return 1;
    }
    if (downward > 0) {
        if (area.row == 0 && grid == &emulator->screens[HISTORY_SCREEN])
            push(emulator, (uint32_t)downward);
        grid_roll_up(grid, area.row, area.row_end, (uint32_t)downward);
        rect.start_row = rect.end_row - downward;
    } else {
        grid_roll_down(grid, area.row, area.row_end, (uint32_t)-downward);
        rect.end_row = rect.start_row - downward;
    }
    return on_erase(rect, 0, user);
}

static int on_cursor(VTermPos at, VTermPos before, int visible, void *user)
{
    (void)before;
    (void)visible;
    struct emulator *emulator = user;
    emulator->cursor_row = (uint32_t)at.row;
    emulator->cursor_column = (uint32_t)at.col;
    return 1;
}

/* ---- The pen ---- */

static uint32_t colour_of(const VTermColor *colour)
{
    if ((colour->type & VTERM_COLOR_DEFAULT_MASK) != 0)
        return COLOUR_USUAL;
    if (VTERM_COLOR_IS_INDEXED(colour))
        return (uint32_t)COLOUR_INDEX | colour->indexed.idx;
    return (uint32_t)COLOUR_RGB | (uint32_t)colour->rgb.red << 16 |
           (uint32_t)colour->rgb.green << 8 | colour->rgb.blue;
}

static void set_bit(struct cell *pen, uint32_t bit, bool on)
{
    pen->ink = on ? pen->ink | bit : pen->ink & ~bit;
}

static int on_pen(VTermAttr attribute, VTermValue *value, void *user)
{
    struct cell *pen = &((struct emulator *)user)->pen;
    enum { COLOUR = COLOUR_KIND | COLOUR_VALUE };
    switch (attribute) {
    case VTERM_ATTR_BOLD:
        set_bit(pen, CELL_BOLD, value->boolean);
        break;
    case VTERM_ATTR_UNDERLINE:
        set_bit(pen, CELL_UNDERLINE, value->number != 0);
        break;
    case VTERM_ATTR_STRIKE:
        set_bit(pen, CELL_STRIKE, value->boolean);
        break;
    case VTERM_ATTR_CONCEAL:
        set_bit(pen, CELL_CONCEAL, value->boolean);
        break;
    case VTERM_ATTR_REVERSE:
        set_bit(pen, CELL_REVERSE, value->boolean);
        break;
    case VTERM_ATTR_FOREGROUND:
        pen->ink = (pen->ink & ~(uint32_t)COLOUR) | colour_of(&value->color);
        break;
    case VTERM_ATTR_BACKGROUND:
        pen->paper = colour_of(&value->color);
        break;
    default:
        return 0; /* italic, blinking, other fonts and sizes look as usual */
    }
    return 1;
}

/* ---- Properties ---- */

static enum cursor_shape shape_of(int number)
{
    if (number == VTERM_PROP_CURSORSHAPE_UNDERLINE)
        return CURSOR_UNDERLINE;
    return number == VTERM_PROP_CURSORSHAPE_BAR_LEFT ? CURSOR_BAR : CURSOR_BLOCK;
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct emulator *emulator = user;
    switch (property) {
    case VTERM_PROP_CURSORVISIBLE:
        emulator->cursor_hidden = !value->boolean;
        break;
    case VTERM_PROP_CURSORSHAPE:
        emulator->cursor_shape = shape_of(value->number);
        break;
    case VTERM_PROP_ALTSCREEN:
        emulator->screen = &emulator->screens[value->boolean ? OTHER_SCREEN : HISTORY_SCREEN];
        emulator->marked = NULL;
        break;
    case VTERM_PROP_REVERSE:
        emulator->reversed = value->boolean;
        break;
    case VTERM_PROP_MOUSE:
        emulator->wants_mouse = value->number != VTERM_PROP_MOUSE_NONE;
        break;
    default:
        return 0; /* titles */
    }
    return 1;
}

static int on_clear_history(void *user)
{
    struct emulator *emulator = user;
    history_clear(emulator->history);
    return 1;
}

static void on_output(const char *bytes, size_t size, void *user)
{
    struct emulator *emulator = user;
    emulator->typed(emulator->context, (const uint8_t *)bytes, size);
}

/* ---- Start ---- */

static void *take(size_t size, void *user)
{
    struct emulator *emulator = user;
    size = (size + 15) & ~(size_t)15;
    if (size > EMULATOR_MEMORY - emulator->memory_used)
        __builtin_trap(); /* what it takes depends on nothing but the size of the screen */
    uint8_t *memory = emulator->memory + emulator->memory_used;
    emulator->memory_used += (uint32_t)size;
    memset(memory, 0, size);
    return memory;
}

static void give(void *memory, void *user)
{
    (void)memory;
    (void)user;
}

static void listen(struct emulator *emulator)
{
    static const VTermStateCallbacks callbacks = {
        .putglyph = on_glyph,
        .movecursor = on_cursor,
        .scrollrect = on_scroll,
        .erase = on_erase,
        .setpenattr = on_pen,
        .settermprop = on_property,
        .sb_clear = on_clear_history,
    };
    vterm_set_utf8(emulator->terminal, 1);
    vterm_output_set_callback(emulator->terminal, on_output, emulator);
    emulator->state = vterm_obtain_state(emulator->terminal);
    vterm_state_reset(emulator->state, 1);
    /* The first it could repeat has no width, and it would repeat that without end. */
    vterm_input_write(emulator->terminal, " ", 1);
    vterm_state_set_callbacks(emulator->state, &callbacks, emulator);
    vterm_state_reset(emulator->state, 1);
}

void emulator_init(struct emulator *emulator, struct history *history, struct cell *cells,
                   uint32_t columns, uint32_t rows)
{
    static const VTermAllocatorFunctions allocator = { take, give };
    emulator->memory_used = 0;
    emulator->history = history;
    emulator->screen = &emulator->screens[HISTORY_SCREEN];
    emulator->pen = (struct cell){ 0 };
    emulator->utf8 = (struct utf8){ 0 };
    emulator->returns = false;
    emulator->is_secret = false;
    emulator->marked = NULL;
    emulator->sequence = (struct sequence){ 0 };
    emulator->pushed = 0;
    emulator->erased = 0;
    emulator->wants_mouse = false;
    grid_init(&emulator->screens[HISTORY_SCREEN], cells, columns, rows);
    grid_init(&emulator->screens[OTHER_SCREEN], cells + (size_t)columns * rows, columns, rows);
    emulator->terminal = vterm_build(&(struct VTermBuilder){
        .rows = (int)rows,
        .cols = (int)columns,
        .allocator = &allocator,
        .allocdata = emulator,
    });
    listen(emulator);
}

/* ---- Use ---- */

static void write_character(struct emulator *emulator, uint32_t code_point)
{
    uint8_t bytes[UTF8_BYTES_MAX];
    if (code_point == (uint32_t)UTF8_NONE)
        return;
    if (width_of(code_point) == 0) {
        if (emulator->marked != NULL)
            marks_add(emulator->marked, code_point);
        return;
    }
    size_t size = utf8_write(code_point, bytes);
    emulator->sequence.parameters = 0; /* they end, but an escape does not */
    vterm_input_write(emulator->terminal, (const char *)bytes, size);
}

/* A control character that ends no sequence, behind an escape. In a string libvterm would take it for so
 * many bytes that there are not. */
static bool is_lost_control(uint8_t byte)
{
    return (byte < 0x20 || byte == 0x7F) && byte != 0x07 && byte != 0x18 && byte != 0x1A &&
           byte != 0x1B;
}

static bool is_separator(uint8_t byte)
{
    return byte == ';' || byte == ':';
}

/* Control characters may stand among parameters. */
static bool goes_on(uint8_t byte)
{
    if (byte < 0x20 || byte == 0x7F)
        return byte != 0x18 && byte != 0x1A && byte != 0x1B;
    return byte >= '0' && byte <= '?';
}

/* Whether libvterm gets this byte of ASCII. It has room for so many parameters and writes behind them
 * when there are more. */
static bool passes(struct sequence *sequence, uint8_t byte)
{
    enum { PARAMETERS_MAX = 16 };
    bool begins = sequence->is_escaped && byte == '[';
    if (sequence->is_escaped && is_lost_control(byte))
        return false;
    sequence->is_escaped = byte == 0x1B || (sequence->is_escaped && byte == 0x07);
    if (begins)
        sequence->parameters = 1;
    else if (!goes_on(byte))
        sequence->parameters = 0;
    else if (is_separator(byte) && sequence->parameters != 0 && sequence->parameters <= PARAMETERS_MAX)
        sequence->parameters++;
    return sequence->parameters <= PARAMETERS_MAX || byte < 0x20 || byte == 0x7F;
}

/* Gives how many bytes are done with: those of ASCII that pass, and the one that does not. */
static size_t write_ascii(struct emulator *emulator, const uint8_t *bytes, size_t size)
{
    size_t count = 0;
    while (count < size && bytes[count] < 0x80 && passes(&emulator->sequence, bytes[count]))
        count++;
    if (count != 0)
        vterm_input_write(emulator->terminal, (const char *)bytes, count);
    return count + (count < size && bytes[count] < 0x80);
}

void emulator_write(struct emulator *emulator, const uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        if (emulator->utf8.missing == 0 && bytes[at] < 0x80) {
            at += write_ascii(emulator, bytes + at, size - at);
            continue;
        }
        bool taken;
        write_character(emulator, utf8_take(&emulator->utf8, bytes[at], &taken));
        at += taken;
    }
}

/* libvterm erases the other screen whenever it is entered. */
void emulator_return(struct emulator *emulator, const uint8_t *bytes, size_t size)
{
    emulator->returns = true;
    emulator_write(emulator, bytes, size);
    emulator->returns = false;
}

void emulator_press(struct emulator *emulator, enum emulator_key key, uint32_t held)
{
    _Static_assert((int)KEY_PAGE_DOWN == (int)VTERM_KEY_PAGEDOWN, "the keys are libvterm's");
    _Static_assert(WITH_CONTROL == VTERM_MOD_CTRL && WITH_ALT == VTERM_MOD_ALT, "and so are these");
    bool is_function = key >= KEY_F1;
    int number = is_function ? (int)VTERM_KEY_FUNCTION_0 + 1 + (int)key - (int)KEY_F1 : (int)key;
    if (key == KEY_ENTER || key == KEY_BACKSPACE || key == KEY_ESCAPE)
        held &= WITH_ALT; /* as xterm has them */
    vterm_keyboard_key(emulator->terminal, (VTermKey)number, (VTermModifier)held);
}

void emulator_point(struct emulator *emulator, uint32_t row, uint32_t column)
{
    vterm_mouse_move(emulator->terminal, (int)row, (int)column, VTERM_MOD_NONE);
}

void emulator_click(struct emulator *emulator, uint32_t button, bool pressed)
{
    static const int numbers[] = { 1, 3, 2 }; /* as xterm counts them */
    if (button < sizeof(numbers) / sizeof(numbers[0]))
        vterm_mouse_button(emulator->terminal, numbers[button], pressed, VTERM_MOD_NONE);
}

void emulator_turn(struct emulator *emulator, bool away)
{
    vterm_mouse_button(emulator->terminal, away ? 4 : 5, true, VTERM_MOD_NONE);
}
