#include "tools/wit/lex.h"

#include "tools/wit/print.h"

void lexer_fail_values(struct lexer *lexer, struct wit_place place, const char *format,
                       va_list values)
{
    if (!lexer_ok(lexer))
        return;
    lexer->status = STATUS_INVALID;
    lexer->error->place = place;
    struct writer writer;
    writer_init(&writer, lexer->error->text, sizeof(lexer->error->text));
    struct printer printer = { .writer = &writer };
    print_values(&printer, format, values);
    writer_terminate(&writer);
}

void lexer_fail(struct lexer *lexer, struct wit_place place, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    lexer_fail_values(lexer, place, format, values);
    va_end(values);
}

void lexer_fail_memory(struct lexer *lexer)
{
    if (!lexer_ok(lexer))
        return;
    lexer_fail(lexer, lexer->place, "out of memory");
    lexer->status = STATUS_NO_MEMORY;
}

static bool is_letter(u8 byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(u8 byte)
{
    return byte >= '0' && byte <= '9';
}

static bool starts_with(const struct lexer *lexer, const char *text)
{
    return bytes_start_with((struct bytes){ lexer->at, (usize)(lexer->end - lexer->at) },
                            bytes_from_text(text));
}

/* Moves over `count` bytes. */
static void skip(struct lexer *lexer, usize count)
{
    for (; count != 0; count--, lexer->at++) {
        if (*lexer->at == '\n')
            lexer->place = (struct wit_place){ lexer->place.line + 1, 1 };
        else if ((*lexer->at & 0xC0) != 0x80)
            lexer->place.column++;
    }
}

/* Bytes of the well-formed character at `at`; 0: there is none. */
static usize character_size(const u8 *at, const u8 *end)
{
    for (usize size = 1; size <= 4 && size <= (usize)(end - at); size++)
        if (bytes_are_utf8((struct bytes){ at, size }))
            return size;
    return 0;
}

static void check_characters(struct lexer *lexer)
{
    while (lexer->at != lexer->end && lexer_ok(lexer)) {
        u8 byte = *lexer->at;
        usize size = character_size(lexer->at, lexer->end);
        if (size == 0)
            lexer_fail(lexer, lexer->place, "this is not UTF-8 text");
        else if (byte == 0x7F || (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t'))
            lexer_fail(lexer, lexer->place, "control character %u in a text", (u32)byte);
        else
            skip(lexer, size);
    }
}

void lexer_init(struct lexer *lexer, struct bytes text, struct wit_error *error)
{
    struct wit_place start = { 1, 1 };
    *lexer = (struct lexer){ text.data, text.data + text.size, start, error, STATUS_OK };
    if (text.size > WIT_FILE_SIZE_MAX)
        lexer_fail(lexer, start, "the file is larger than %u bytes", (u32)WIT_FILE_SIZE_MAX);
    check_characters(lexer);
    lexer->at = text.data;
    lexer->place = start;
}

static void skip_line(struct lexer *lexer)
{
    while (lexer->at != lexer->end && *lexer->at != '\n')
        skip(lexer, 1);
}

/* Block comments nest. */
static void skip_block(struct lexer *lexer)
{
    struct wit_place start = lexer->place;
    u32 open = 0;
    do {
        if (lexer->at == lexer->end) {
            lexer_fail(lexer, start, "this comment is never closed: expected `*/`");
            return;
        }
        bool opens = starts_with(lexer, "/*");
        bool closes = starts_with(lexer, "*/");
        open = open + opens - closes;
        skip(lexer, opens || closes ? 2 : 1);
    } while (open != 0);
}

/* Skips what stands between tokens; gives the documentation in it. */
static struct bytes skip_space(struct lexer *lexer)
{
    struct bytes documentation = { 0 };
    while (lexer->at != lexer->end && lexer_ok(lexer)) {
        u8 byte = *lexer->at;
        const u8 *start = lexer->at;
        if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
            skip(lexer, 1);
        } else if (starts_with(lexer, "//")) {
            bool documents = starts_with(lexer, "///");
            skip_line(lexer);
            if (documents && documentation.data == NULL)
                documentation.data = start;
            if (documents)
                documentation.size = (usize)(lexer->at - documentation.data);
        } else if (starts_with(lexer, "/*")) {
            skip_block(lexer);
        } else {
            break;
        }
    }
    return documentation;
}

/* Words joined by single `-`; each begins with a letter and is all small or all capital. */
static bool is_kebab(struct bytes name)
{
    bool word_begins = true;
    bool capital = false;
    for (usize i = 0; i < name.size; i++) {
        u8 byte = name.data[i];
        bool upper = byte >= 'A' && byte <= 'Z';
        if (byte == '-' && !word_begins && i + 1 != name.size)
            word_begins = true;
        else if (word_begins ? !is_letter(byte)
                             : !is_digit(byte) && (!is_letter(byte) || upper != capital))
            return false;
        else if (word_begins) {
            capital = upper;
            word_begins = false;
        }
    }
    return name.size != 0;
}

static void take_name(struct lexer *lexer, struct token *token)
{
    token->kind = TOKEN_NAME;
    token->escaped = *lexer->at == '%';
    skip(lexer, token->escaped);
    token->text.data = lexer->at;
    while (
        lexer->at != lexer->end && !starts_with(lexer, "->") &&
        (is_letter(*lexer->at) || is_digit(*lexer->at) || *lexer->at == '-' || *lexer->at == '_'))
        skip(lexer, 1);
    token->text.size = (usize)(lexer->at - token->text.data);
    if (token->text.size > WIT_NAME_SIZE_MAX)
        lexer_fail(lexer, token->place, "this name is longer than %u characters",
                   (u32)WIT_NAME_SIZE_MAX);
    else if (!is_kebab(token->text))
        lexer_fail(lexer, token->place,
                   "`%b` is not a name: expected words of small letters and digits with `-` "
                   "between them, like `open-flags`",
                   token->text);
}

static void take_sign(struct lexer *lexer, struct token *token)
{
    token->kind = TOKEN_SIGN;
    bool version = *lexer->at == '@';
    skip(lexer, starts_with(lexer, "->") ? 2 : character_size(lexer->at, lexer->end));
    while (version && lexer->at != lexer->end &&
           (is_letter(*lexer->at) || is_digit(*lexer->at) || *lexer->at == '.' ||
            *lexer->at == '+' || *lexer->at == '-'))
        skip(lexer, 1);
    token->text.size = (usize)(lexer->at - token->text.data);
}

struct token lexer_next(struct lexer *lexer)
{
    struct token token = { .documentation = skip_space(lexer) };
    token.text.data = lexer->at;
    token.place = lexer->place;
    if (!lexer_ok(lexer) || lexer->at == lexer->end)
        return (struct token){ .place = token.place };
    if (is_letter(*lexer->at) || *lexer->at == '%')
        take_name(lexer, &token);
    else
        take_sign(lexer, &token);
    return lexer_ok(lexer) ? token : (struct token){ .place = token.place };
}
