#include "programs/permission/rules.h"

#include "programs/permission/wording.h"

#include <string.h>

struct rules rules;

static struct rule *find(const struct subject *subject)
{
    for (uint32_t i = 0; i < rules.count; i++)
        if (subject_equal(&rules.list[i].subject, subject))
            return &rules.list[i];
    return NULL;
}

const struct rule *rules_find(const struct subject *subject)
{
    return find(subject);
}

bool rules_set(const struct subject *subject, enum permissions_choice choice, uint64_t since)
{
    struct rule *rule = find(subject);
    if (rule == NULL && rules.count == RULES_MAX)
        return false;
    if (rule == NULL)
        rule = &rules.list[rules.count++];
    *rule = (struct rule){ *subject, choice, since };
    return true;
}

bool rules_forget(const struct subject *subject)
{
    struct rule *rule = find(subject);
    if (rule == NULL)
        return false;
    *rule = rules.list[--rules.count];
    return true;
}

bool rules_overlap(const struct subject *subject)
{
    for (uint32_t i = 0; i < rules.count; i++) {
        const struct subject *other = &rules.list[i].subject;
        if (other->folder.size != 0 && subject_is_akin(other, subject) &&
            !folder_equal(&other->folder, &subject->folder) &&
            folder_overlaps(&other->folder, &subject->folder))
            return true;
    }
    return false;
}

/* ---- As text --------------------------------------------------------------------------------- */

static const char *const choices[] = {
    [PERMISSIONS_CHOICE_ALLOW] = "allow",
    [PERMISSIONS_CHOICE_DENY] = "deny",
    [PERMISSIONS_CHOICE_SUBSTITUTE] = "substitute",
    [PERMISSIONS_CHOICE_ASK] = "ask",
};

enum { CHOICES = sizeof(choices) / sizeof(choices[0]) };

size_t rules_write(char *bytes, size_t capacity)
{
    struct wording text = { bytes, (uint32_t)capacity, 0 };
    for (uint32_t i = 0; i < rules.count; i++) {
        const struct rule *rule = &rules.list[i];
        struct permissions_subject subject = subject_give(&rule->subject);
        wording_add(&text, choices[rule->choice]);
        wording_add(&text, " ");
        wording_add_number(&text, rule->since);
        wording_add(&text, " ");
        wording_add_hex(&text, subject.program);
        wording_add(&text, " ");
        wording_add_hex(&text, subject.interface);
        wording_add(&text, " ");
        wording_add_hex(&text, subject.program_name);
        wording_add(&text, " ");
        wording_add_hex(&text, subject.interface_name);
        if (subject.folder.size != 0)
            wording_add(&text, " ");
        wording_add_hex(&text, subject.folder);
        wording_add(&text, " .\n");
    }
    return text.size;
}

/* The next word of the line, which ends at a space or `end`. */
struct words {
    const char *at, *end;
};

static struct weft_bytes next_word(struct words *words)
{
    const char *begin = words->at;
    while (words->at < words->end && *words->at != ' ')
        words->at++;
    struct weft_bytes word = { (const uint8_t *)begin, (uint32_t)(words->at - begin) };
    words->at += words->at < words->end;
    return word;
}

static int digit_of(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Into `to`; false: they are no digits, or too many. */
static bool read_hex(struct weft_bytes digits, uint8_t *to, uint32_t capacity,
                     struct weft_bytes *bytes)
{
    if (digits.size % 2 != 0 || digits.size / 2 > capacity)
        return false;
    for (uint32_t i = 0; i < digits.size; i += 2) {
        int high = digit_of(digits.data[i]), low = digit_of(digits.data[i + 1]);
        if (high < 0 || low < 0)
            return false;
        to[i / 2] = (uint8_t)(high << 4 | low);
    }
    *bytes = (struct weft_bytes){ to, digits.size / 2 };
    return true;
}

static bool read_choice(struct weft_bytes word, enum permissions_choice *choice)
{
    for (int i = 0; i < CHOICES; i++)
        if (word.size == strlen(choices[i]) && memcmp(word.data, choices[i], word.size) == 0) {
            *choice = (enum permissions_choice)i;
            return true;
        }
    return false;
}

static bool read_number(struct weft_bytes digits, uint64_t *number)
{
    *number = 0;
    for (uint32_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        *number = *number * 10 + (uint64_t)(digits.data[i] - '0');
    }
    return digits.size != 0 && digits.size < 20;
}

/* So that a line that was cut is none. */
static bool is_end(struct weft_bytes word)
{
    return word.size == 1 && word.data[0] == '.';
}

/* Folders can be allowed only, and none in another. */
static bool is_possible(const struct subject *subject, enum permissions_choice choice)
{
    return subject->folder.size == 0 ||
           (choice == PERMISSIONS_CHOICE_ALLOW && !rules_overlap(subject));
}

/* The folder, if there is one, and the end. */
static bool read_folder(struct words *line, uint8_t *to, struct weft_bytes *folder)
{
    struct weft_bytes word = next_word(line);
    *folder = (struct weft_bytes){ 0 };
    if (is_end(word))
        return true;
    return word.size != 0 && read_hex(word, to, FOLDER_TEXT_MAX, folder) &&
           is_end(next_word(line));
}

static bool read_line(struct words line)
{
    uint8_t bytes[4][SUBJECT_NAME_MAX], folder[FOLDER_TEXT_MAX];
    struct permissions_subject from = { 0 };
    struct subject subject;
    enum permissions_choice choice;
    uint64_t since;
    return read_choice(next_word(&line), &choice) && read_number(next_word(&line), &since) &&
           read_hex(next_word(&line), bytes[0], SUBJECT_CID_MAX, &from.program) &&
           read_hex(next_word(&line), bytes[1], SUBJECT_HASH, &from.interface) &&
           read_hex(next_word(&line), bytes[2], SUBJECT_NAME_MAX, &from.program_name) &&
           read_hex(next_word(&line), bytes[3], SUBJECT_NAME_MAX, &from.interface_name) &&
           read_folder(&line, folder, &from.folder) && line.at == line.end &&
           subject_take(&from, &subject) && is_possible(&subject, choice) &&
           rules_set(&subject, choice, since);
}

bool rules_read(const char *text, size_t size)
{
    bool is_well = true;
    const char *end = text + size;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline == NULL ? end : newline;
        is_well &= read_line((struct words){ text, stop });
        text = newline == NULL ? end : newline + 1;
    }
    return is_well;
}
