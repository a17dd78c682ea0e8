#include "programs/shell/edit/key.h"

#include <stdbool.h>
#include <string.h>

static const enum key controls[32] = {
    [1] = KEY_HOME,       [2] = KEY_LEFT,        [3] = KEY_INTERRUPT, [4] = KEY_END_OF_INPUT,
    [5] = KEY_END,        [6] = KEY_RIGHT,       [7] = KEY_CANCEL,    [8] = KEY_BACKSPACE,
    [9] = KEY_TAB,        [10] = KEY_ENTER,      [11] = KEY_KILL_END, [12] = KEY_CLEAR,
    [13] = KEY_ENTER,     [14] = KEY_DOWN,       [16] = KEY_UP,       [18] = KEY_SEARCH,
    [20] = KEY_TRANSPOSE, [21] = KEY_KILL_START, [22] = KEY_QUOTE,    [23] = KEY_KILL_WORD,
    [25] = KEY_YANK,
};

/* What follows the escape character. */
static const struct {
    const char *bytes;
    enum key key;
} sequences[] = {
    { "[A", KEY_UP },
    { "[B", KEY_DOWN },
    { "[C", KEY_RIGHT },
    { "[D", KEY_LEFT },
    { "[H", KEY_HOME },
    { "[F", KEY_END },
    { "OA", KEY_UP },
    { "OB", KEY_DOWN },
    { "OC", KEY_RIGHT },
    { "OD", KEY_LEFT },
    { "OH", KEY_HOME },
    { "OF", KEY_END },
    { "[1~", KEY_HOME },
    { "[7~", KEY_HOME },
    { "[4~", KEY_END },
    { "[8~", KEY_END },
    { "[3~", KEY_DELETE },
    { "[1;5C", KEY_WORD_RIGHT },
    { "[1;5D", KEY_WORD_LEFT },
    { "[1;3C", KEY_WORD_RIGHT },
    { "[1;3D", KEY_WORD_LEFT },
    { "[200~", KEY_PASTE_BEGIN },
    { "[201~", KEY_PASTE_END },
    { "b", KEY_WORD_LEFT },
    { "f", KEY_WORD_RIGHT },
    { "d", KEY_KILL_WORD_RIGHT },
    { "\x7f", KEY_KILL_WORD_LEFT },
    { "\x1b", KEY_CANCEL },
};

static enum key end(struct key_reader *reader, enum key key)
{
    reader->size = 0;
    return key;
}

static enum key read_escape(struct key_reader *reader)
{
    const char *bytes = reader->bytes + 1;
    size_t size = reader->size - 1;
    if (size == 0)
        return KEY_NONE;
    for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
        if (strlen(sequences[i].bytes) == size && memcmp(sequences[i].bytes, bytes, size) == 0)
            return end(reader, sequences[i].key);
    char last = bytes[size - 1];
    bool goes_on =
        size == 1 ? last == '[' || last == 'O' : bytes[0] == '[' && !(last >= 0x40 && last <= 0x7e);
    if (goes_on && reader->size < sizeof(reader->bytes))
        return KEY_NONE;
    return end(reader, KEY_NONE);
}

/* How many bytes a character has that begins so; 0: none does. */
static size_t character_size(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first >= 0xf5)
        return 0;
    return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

enum key key_read(struct key_reader *reader, char byte)
{
    unsigned char value = (unsigned char)byte;
    bool in_escape = reader->size != 0 && reader->bytes[0] == '\x1b';
    bool in_text = reader->size != 0 && !in_escape;
    /* A character that does not go on as it must is forgotten. */
    if (in_text && (value & 0xc0) != 0x80)
        reader->size = 0;
    reader->bytes[reader->size++] = byte;
    if (in_escape || value == 0x1b)
        return read_escape(reader);
    if (reader->size == 1 && value < 0x20)
        return end(reader, controls[value]);
    if (reader->size == 1 && value == 0x7f)
        return end(reader, KEY_BACKSPACE);
    size_t wanted = character_size((unsigned char)reader->bytes[0]);
    if (wanted == 0)
        return end(reader, KEY_NONE);
    if (reader->size < wanted)
        return KEY_NONE;
    reader->bytes[reader->size] = '\0';
    return end(reader, KEY_TEXT);
}
