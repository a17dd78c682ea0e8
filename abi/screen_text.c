#include "abi/screen_text.h"

enum state {
    STATE_TEXT,
    STATE_UTF8,         /* within a character */
    STATE_ESCAPE,       /* after ESC */
    STATE_INTERMEDIATE, /* after ESC and a byte that one more belongs to */
    STATE_SEQUENCE,     /* after CSI */
    STATE_TITLE,        /* after OSC */
    STATE_STRING,       /* after DCS, SOS, PM, APC, none of which passes */
    STATE_STRING_ESCAPE,
    STATE_TITLE_ESCAPE,
};

enum {
    BELL = 0x07,
    CANCEL = 0x18,
    SUBSTITUTE = 0x1a,
    ESCAPE = 0x1b,
    DELETE = 0x7f,
    PARAMETERS_MAX = 16,
    PARAMETER_DIGITS_MAX = 5,
};

/* Modes of `CSI ? N h` and `l` that pass, and whether they are on where nobody has set them. */
static const struct {
    uint16_t number;
    bool is_usual;
} modes[] = {
    { 1, false },    /* keys of the cursor, as applications have them */
    { 5, false },    /* all in reverse */
    { 6, false },    /* lines are counted from the region's first */
    { 7, true },     /* lines go on in the next one */
    { 12, false },   /* the cursor blinks */
    { 25, true },    /* the cursor is seen */
    { 47, false },   /* the other screen */
    { 1000, false }, /* the mouse's buttons are told, */
    { 1002, false }, /* its moves with a button held, */
    { 1003, false }, /* all its moves, */
    { 1004, false }, /* whether the window has the focus, */
    { 1006, false }, /* as numbers */
    { 1047, false }, { 1048, false },
    { 1049, false }, { 2004, false }, /* what is pasted is marked */
    { 2026, false },                  /* nothing is drawn until it is whole */
};

enum { MODE_COUNT = sizeof(modes) / sizeof(modes[0]) };

static bool is_one_of(uint8_t byte, const char *set)
{
    while (*set != 0 && (uint8_t)*set != byte)
        set++;
    return *set != 0;
}

/* ---- Control sequences ------------------------------------------------------------------------
 */

struct sequence {
    uint8_t prefix;       /* '?', '>', '<', '='; 0: none */
    uint8_t intermediate; /* 0: none */
    uint8_t final;
    uint32_t parameters[PARAMETERS_MAX];
    uint32_t count;
};

/* Adds a digit; false: a number that no screen has a use for. */
static bool take_digit(struct sequence *sequence, uint8_t digit, uint32_t *digits)
{
    uint32_t *parameter = &sequence->parameters[sequence->count];
    *parameter = *parameter * 10 + (digit - '0');
    return ++*digits <= PARAMETER_DIGITS_MAX;
}

/* Of what is held: ESC [ prefix parameters intermediates final. False: none that is known. */
static bool parse_sequence(const struct screen_text *text, struct sequence *sequence)
{
    uint32_t digits = 0;
    *sequence = (struct sequence){ .final = text->held[text->held_size - 1] };
    for (uint32_t i = 2; i + 1 < text->held_size; i++) {
        uint8_t byte = text->held[i];
        if (byte >= '<' && byte <= '?') {
            if (i != 2)
                return false;
            sequence->prefix = byte;
        } else if (byte < '0') {
            if (sequence->intermediate != 0)
                return false;
            sequence->intermediate = byte;
        } else if (sequence->intermediate != 0) {
            return false;
        } else if (byte == ';' || byte == ':') {
            digits = 0;
            if (++sequence->count == PARAMETERS_MAX)
                return false;
        } else if (!take_digit(sequence, byte, &digits)) {
            return false;
        }
    }
    sequence->count++;
    return true;
}

static bool find_mode(uint32_t number, uint32_t *index)
{
    for (*index = 0; *index < MODE_COUNT; ++*index)
        if (modes[*index].number == number)
            return true;
    return false;
}

/* `CSI ? N ; N h` and `l`: all of them are known, or none passes. */
static bool note_modes(struct screen_text *text, const struct sequence *sequence)
{
    uint32_t changed = text->modes;
    for (uint32_t i = 0; i < sequence->count; i++) {
        uint32_t index;
        if (!find_mode(sequence->parameters[i], &index))
            return false;
        bool is_usual = (sequence->final == 'h') == modes[index].is_usual;
        changed = is_usual ? changed & ~(1u << index) : changed | 1u << index;
    }
    text->modes = changed;
    return true;
}

static bool is_private_allowed(struct screen_text *text, const struct sequence *sequence)
{
    if (sequence->final == 'h' || sequence->final == 'l')
        return note_modes(text, sequence);
    return sequence->final == 'J' || sequence->final == 'K';
}

/* `CSI N h` and `l`: insertion only. */
static bool note_insertion(struct screen_text *text, const struct sequence *sequence)
{
    if (sequence->count != 1 || sequence->parameters[0] != 4)
        return false;
    text->has_insertion = sequence->final == 'h';
    return true;
}

/* Whether a sequence may pass; notes what it changes. Reports are not asked for but of where the
 * cursor is, which editors of lines need and which is nothing to anybody else. */
static bool is_allowed(struct screen_text *text, const struct sequence *sequence)
{
    if (sequence->intermediate != 0)
        return sequence->prefix == 0 &&
               ((sequence->intermediate == ' ' && sequence->final == 'q') ||
                (sequence->intermediate == '!' && sequence->final == 'p'));
    if (sequence->prefix != 0)
        return sequence->prefix == '?' && is_private_allowed(text, sequence);
    switch (sequence->final) {
    case 'h':
    case 'l':
        return note_insertion(text, sequence);
    case 'm':
        text->has_colours = sequence->parameters[sequence->count - 1] != 0 || sequence->count > 1;
        return true;
    case 'n':
        return sequence->count == 1 && sequence->parameters[0] == 6;
    case 'r':
        text->has_region = sequence->count > 1 || sequence->parameters[0] != 0;
        return true;
    default:
        return is_one_of(sequence->final, "@ABCDEFGHIJKLMPSTXZ`abdefgsu");
    }
}

/* ---- Byte by byte -----------------------------------------------------------------------------
 */

struct output {
    uint8_t *bytes;
    size_t size;
};

static void put(struct output *output, uint8_t byte)
{
    output->bytes[output->size++] = byte;
}

static void hold(struct screen_text *text, uint8_t byte)
{
    if (text->held_size < SCREEN_TEXT_HELD_MAX)
        text->held[text->held_size++] = byte;
    else
        text->is_too_long = true;
}

static void forget(struct screen_text *text)
{
    text->state = STATE_TEXT;
    text->held_size = 0;
    text->is_too_long = false;
    text->string_size = 0;
}

static void pass_held(struct screen_text *text, struct output *output)
{
    for (uint32_t i = 0; i < text->held_size; i++)
        put(output, text->held[i]);
    forget(text);
}

static void begin(struct screen_text *text, enum state state, uint8_t byte)
{
    forget(text);
    text->state = (uint8_t)state;
    hold(text, byte);
}

static uint32_t utf8_length(uint8_t first)
{
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* The second byte has a smaller range behind four of the first ones, so that there is one form for
 * each character and none for surrogates and what is beyond Unicode (RFC 3629). */
static bool is_continuation(const struct screen_text *text, uint8_t byte)
{
    uint8_t least = 0x80;
    uint8_t most = 0xbf;
    if (text->held_size == 1) {
        uint8_t first = text->held[0];
        least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : least;
        most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : most;
    }
    return byte >= least && byte <= most;
}

static void take_text(struct screen_text *text, uint8_t byte, struct output *output)
{
    if (byte == ESCAPE)
        begin(text, STATE_ESCAPE, byte);
    else if (byte >= 0x80 && utf8_length(byte) != 0)
        begin(text, STATE_UTF8, byte);
    else if (byte >= 0x80)
        put(output, '?');
    else if (byte >= ' ' ? byte != DELETE : is_one_of(byte, "\a\b\t\n\v\f\r"))
        put(output, byte);
}

static void take_utf8(struct screen_text *text, uint8_t byte, struct output *output)
{
    if (!is_continuation(text, byte)) {
        forget(text);
        put(output, '?');
        take_text(text, byte, output);
        return;
    }
    hold(text, byte);
    if (text->held_size < utf8_length(text->held[0]))
        return;
    bool is_control = text->held[0] == 0xc2 && byte < 0xa0; /* C1: they begin sequences too */
    if (is_control)
        forget(text);
    else
        pass_held(text, output);
}

static void take_escape(struct screen_text *text, uint8_t byte, struct output *output)
{
    hold(text, byte);
    if (byte == '[')
        text->state = STATE_SEQUENCE;
    else if (byte == ']')
        text->state = STATE_TITLE;
    else if (is_one_of(byte, "PX^_"))
        text->state = STATE_STRING;
    else if (byte >= ' ' && byte < '0')
        text->state = STATE_INTERMEDIATE;
    else if (is_one_of(byte, "78DEHM=>c"))
        pass_held(text, output);
    else if (byte >= ' ' && byte < DELETE)
        forget(text);
    else {
        forget(text);
        take_text(text, byte, output);
    }
}

/* One of the character sets, as the first one; anything else of the kind is none. */
static void take_intermediate(struct screen_text *text, uint8_t byte, struct output *output)
{
    bool is_set = text->held[1] == '(' && is_one_of(byte, "AB0");
    if (is_set) {
        hold(text, byte);
        text->has_graphics = byte == '0';
        pass_held(text, output);
        return;
    }
    forget(text);
    if (byte < ' ' || byte >= DELETE)
        take_text(text, byte, output);
}

static void take_sequence(struct screen_text *text, uint8_t byte, struct output *output)
{
    struct sequence sequence;
    if (byte < ' ' || byte >= DELETE) {
        forget(text);
        take_text(text, byte, output);
        return;
    }
    hold(text, byte);
    if (byte < '@')
        return;
    if (!text->is_too_long && parse_sequence(text, &sequence) && is_allowed(text, &sequence))
        pass_held(text, output);
    else
        forget(text);
}

/* A title: `ESC ] 0 ; text BEL`, with 0, 1 or 2. */
static void end_title(struct screen_text *text, struct output *output)
{
    if (!text->is_too_long && text->held_size >= 4 && text->held_size < SCREEN_TEXT_HELD_MAX &&
        is_one_of(text->held[2], "012") && text->held[3] == ';') {
        hold(text, BELL);
        pass_held(text, output);
    } else {
        forget(text);
    }
}

/* Strings end at their end mark, where they are cancelled, and once they are too long. */
static void take_string(struct screen_text *text, uint8_t byte, struct output *output)
{
    bool is_title = text->state == STATE_TITLE;
    if (byte == ESCAPE)
        text->state = is_title ? STATE_TITLE_ESCAPE : STATE_STRING_ESCAPE;
    else if (byte == BELL && is_title)
        end_title(text, output);
    else if (byte == CANCEL || byte == SUBSTITUTE || ++text->string_size >= SCREEN_TEXT_STRING_MAX)
        forget(text);
    else if (is_title && byte >= ' ' && byte < DELETE)
        hold(text, byte);
    else
        text->is_too_long = true; /* no title of plain text */
}

static void take_string_escape(struct screen_text *text, uint8_t byte, struct output *output)
{
    if (byte == '\\' && text->state == STATE_TITLE_ESCAPE) {
        end_title(text, output);
    } else if (byte == '\\') {
        forget(text);
    } else {
        begin(text, STATE_ESCAPE, ESCAPE);
        take_escape(text, byte, output);
    }
}

size_t screen_text_filter(struct screen_text *text, const uint8_t *bytes, size_t size, uint8_t *out)
{
    static void (*const takes[])(struct screen_text *, uint8_t, struct output *) = {
        [STATE_TEXT] = take_text,
        [STATE_UTF8] = take_utf8,
        [STATE_ESCAPE] = take_escape,
        [STATE_INTERMEDIATE] = take_intermediate,
        [STATE_SEQUENCE] = take_sequence,
        [STATE_TITLE] = take_string,
        [STATE_STRING] = take_string,
        [STATE_TITLE_ESCAPE] = take_string_escape,
        [STATE_STRING_ESCAPE] = take_string_escape,
    };
    struct output output = { out, 0 };
    for (size_t i = 0; i < size; i++)
        takes[text->state](text, bytes[i], &output);
    return output.size;
}

/* ---- Afterwards -------------------------------------------------------------------------------
 */

static void put_text(struct output *output, const char *text)
{
    for (; *text != 0; text++)
        put(output, (uint8_t)*text);
}

static void put_number(struct output *output, uint32_t number)
{
    if (number >= 10)
        put_number(output, number / 10); /* of five digits at most */
    put(output, (uint8_t)('0' + number % 10));
}

static void put_mode(struct output *output, uint32_t number, bool is_on)
{
    put_text(output, "\x1b[?");
    put_number(output, number);
    put(output, is_on ? 'h' : 'l');
}

size_t screen_text_leave(const struct screen_text *text, uint8_t out[SCREEN_TEXT_RESTORE_MAX])
{
    struct output output = { out, 0 };
    if (text->has_graphics)
        put_text(&output, "\x1b(B");
    if (text->has_insertion)
        put_text(&output, "\x1b[4l");
    if (text->has_region)
        put_text(&output, "\x1b[r");
    if (text->has_colours)
        put_text(&output, "\x1b[m");
    for (uint32_t i = 0; i < MODE_COUNT; i++)
        if ((text->modes & 1u << i) != 0)
            put_mode(&output, modes[i].number, modes[i].is_usual);
    return output.size;
}

size_t screen_text_restore(struct screen_text *text, uint8_t out[SCREEN_TEXT_RESTORE_MAX])
{
    size_t size = screen_text_leave(text, out);
    *text = (struct screen_text){ 0 };
    return size;
}

/* The other screen is cleared when 1049 enters it, not when 1047 does, which more terminals know than
 * 47; 1049 also keeps where the cursor was. */
size_t screen_text_return(const struct screen_text *text, uint8_t out[SCREEN_TEXT_RESTORE_MAX])
{
    struct output output = { out, 0 };
    if (text->has_graphics)
        put_text(&output, "\x1b(0");
    if (text->has_insertion)
        put_text(&output, "\x1b[4h");
    for (uint32_t i = 0; i < MODE_COUNT; i++) {
        bool is_screen = modes[i].number == 47 || modes[i].number == 1049;
        if ((text->modes & 1u << i) == 0)
            continue;
        if (modes[i].number == 1049)
            put_text(&output, "\x1b"
                              "7");
        put_mode(&output, is_screen ? 1047 : modes[i].number, !modes[i].is_usual);
    }
    return output.size;
}
