#include "platform/bare/options.h"

struct options options;

/* ---- Values ---- */

static bool take_number(struct bytes value, u64 *number)
{
    *number = 0;
    for (usize i = 0; i < value.size; i++) {
        u8 digit = (u8)(value.data[i] - '0');
        if (digit > 9 || *number > UINT32_MAX)
            return false;
        *number = *number * 10 + digit;
    }
    return value.size != 0;
}

static u32 shift_of(u8 suffix)
{
    switch (suffix) {
    case 'K':
        return 10;
    case 'M':
        return 20;
    case 'G':
        return 30;
    default:
        return 0;
    }
}

/* The place of `value` among `names`; `count` if it is none. */
static u32 find_name(struct bytes value, const char *const *names, u32 count)
{
    u32 index = 0;
    while (index < count && !bytes_equal(value, bytes_from_text(names[index])))
        index++;
    return index;
}

/* ---- Words ---- */

static bool take_init(struct bytes value)
{
    options.init = value;
    return value.size != 0;
}

static bool take_manifest(struct bytes value)
{
    options.manifest = value;
    return value.size != 0;
}

static bool take_log(struct bytes value)
{
    static const char *const names[] = { "error", "warning", "info", "debug", "trace", "none" };
    enum { COUNT = BASE_ARRAY_COUNT(names), NONE = COUNT - 1 };
    u32 index = find_name(value, names, COUNT);
    if (index < COUNT)
        options.log = index == NONE ? LOG_NONE : (enum log_severity)index;
    return index < COUNT;
}

static bool take_cpus(struct bytes value)
{
    u64 number;
    bool valid = take_number(value, &number) && number >= 1;
    if (valid)
        options.cpus = (u32)u64_min(number, UINT32_MAX);
    return valid;
}

static bool take_memory(struct bytes value)
{
    u64 number;
    u32 shift = value.size == 0 ? 0 : shift_of(value.data[value.size - 1]);
    value.size -= shift != 0;
    bool valid = take_number(value, &number) && number != 0;
    if (valid)
        options.memory_bytes = number > UINT64_MAX >> shift ? UINT64_MAX : number << shift;
    return valid;
}

static bool take_engine(struct bytes value)
{
    static const char *const names[] = { "compiler", "interpreter" };
    u32 index = find_name(value, names, BASE_ARRAY_COUNT(names));
    if (index < BASE_ARRAY_COUNT(names))
        options.interprets = index == 1;
    return index < BASE_ARRAY_COUNT(names);
}

static bool take_interrupts(struct bytes value)
{
    static const char *const names[] = { "messages", "lines" };
    u32 index = find_name(value, names, BASE_ARRAY_COUNT(names));
    if (index < BASE_ARRAY_COUNT(names))
        options.only_lines = index == 1;
    return index < BASE_ARRAY_COUNT(names);
}

static bool take_panic(struct bytes value)
{
    static const char *const names[] = { "halt", "reboot", "off" };
    u32 index = find_name(value, names, BASE_ARRAY_COUNT(names));
    if (index < BASE_ARRAY_COUNT(names))
        options.panic = (enum panic_way)index;
    return index < BASE_ARRAY_COUNT(names);
}

static bool take_debug_exit(struct bytes value)
{
    options.debug_exit = true;
    return value.size == 0;
}

static bool take_mistake(struct bytes value)
{
    options.mistake = value;
    return value.size != 0;
}

static bool take_word(struct bytes word)
{
    static const struct {
        struct bytes name;
        bool (*take)(struct bytes value);
    } rows[] = {
        { BYTES_LITERAL("init="), take_init },
        { BYTES_LITERAL("manifest="), take_manifest },
        { BYTES_LITERAL("log="), take_log },
        { BYTES_LITERAL("cpus="), take_cpus },
        { BYTES_LITERAL("memory="), take_memory },
        { BYTES_LITERAL("engine="), take_engine },
        { BYTES_LITERAL("interrupts="), take_interrupts },
        { BYTES_LITERAL("panic="), take_panic },
        { BYTES_LITERAL("debug-exit"), take_debug_exit },
        { BYTES_LITERAL("mistake="), take_mistake },
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++)
        if (bytes_start_with(word, rows[i].name))
            return rows[i].take(
                (struct bytes){ word.data + rows[i].name.size, word.size - rows[i].name.size });
    return false;
}

/* ---- The line ---- */

/* The next word from `*at` on; empty at the end. */
static struct bytes next_word(const char **at)
{
    const char *start = *at;
    while (*start == ' ')
        start++;
    const char *end = start;
    while (*end != 0 && *end != ' ')
        end++;
    *at = end;
    return (struct bytes){ (const u8 *)start, (usize)(end - start) };
}

static void note_unknown(struct bytes word)
{
    if (options.unknown_count < OPTIONS_UNKNOWN_MAX)
        options.unknown[options.unknown_count] = word;
    options.unknown_count++;
}

static void take_argument(struct bytes word)
{
    if (options.argument_count < OPTIONS_ARGUMENTS_MAX)
        options.arguments[options.argument_count++] = word;
    else
        note_unknown(word);
}

void options_read(const char *line)
{
    bool in_arguments = false;
    options = (struct options){ .log = LOG_INFO };
    for (struct bytes word = next_word(&line); word.size != 0; word = next_word(&line)) {
        if (in_arguments)
            take_argument(word);
        else if (bytes_equal(word, BYTES_LITERAL("--")))
            in_arguments = true;
        else if (!take_word(word))
            note_unknown(word);
    }
}
