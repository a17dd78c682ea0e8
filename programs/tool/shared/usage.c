#include "programs/tool/shared/usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PREFIX = sizeof("usage: ") - 1 };

/* Part of a help text. */
struct part {
    const char *text;
    int size;
};

static struct part name_of(const char *help)
{
    return (struct part){ help + PREFIX, (int)strcspn(help + PREFIX, " \n") };
}

/* The form behind this one, without its prefix; NULL: there is none. */
static const char *next_form(const char *form)
{
    const char *line = form + strcspn(form, "\n");
    line += *line == '\n';
    return strncmp(line, "       ", PREFIX) == 0 ? line + PREFIX : NULL;
}

/* The words that a form is for, of which one is given; none if it begins otherwise. */
static struct part words_of(const char *form, struct part name)
{
    struct part words = { form + name.size, 0 };
    words.text += *words.text == ' ';
    words.text += *words.text == '[';
    if (strspn(words.text, "abcdefghijklmnopqrstuvwxyz|") != 0)
        words.size = (int)strspn(words.text, "abcdefghijklmnopqrstuvwxyz|-");
    return words;
}

static struct part next_word(struct part *words)
{
    struct part word = { words->text, 0 };
    while (word.size < words->size && word.text[word.size] != '|')
        word.size++;
    int used = word.size + (word.size < words->size);
    words->text += used;
    words->size -= used;
    return word;
}

static bool has_word(struct part words, const char *wanted)
{
    while (words.size != 0) {
        struct part word = next_word(&words);
        if (strlen(wanted) == (size_t)word.size && memcmp(word.text, wanted, strlen(wanted)) == 0)
            return true;
    }
    return false;
}

static int tell_more(struct part name)
{
    fprintf(stderr, "`%.*s --help` tells more\n", name.size, name.text);
    return EXIT_USAGE;
}

/* Whether an earlier form has the word, too. */
static bool is_told(const char *help, const char *until, struct part word)
{
    char text[32];
    snprintf(text, sizeof(text), "%.*s", word.size, word.text);
    for (const char *form = help + PREFIX; form != until; form = next_form(form))
        if (has_word(words_of(form, name_of(help)), text))
            return true;
    return false;
}

static void print_words(const char *help)
{
    int count = 0;
    for (const char *form = help + PREFIX; form != NULL; form = next_form(form)) {
        struct part words = words_of(form, name_of(help));
        while (words.size != 0) {
            struct part word = next_word(&words);
            if (!is_told(help, form, word))
                fprintf(stderr, "%s%.*s", count++ == 0 ? "" : ", ", word.size, word.text);
        }
    }
    fputs("\n", stderr);
}

/* False: no form has the word. */
static bool tell_form(const char *help, const char *word)
{
    struct part name = name_of(help);
    for (const char *form = help + PREFIX; form != NULL; form = next_form(form)) {
        struct part words = words_of(form, name);
        const char *rest = words.text + words.size;
        if (!has_word(words, word))
            continue;
        rest += *rest == ']';
        fprintf(stderr, "%.*s: `%s` is used so: %.*s %s%.*s\n", name.size, name.text, word, name.size,
                name.text, word, (int)strcspn(rest, "\n"), rest);
        return true;
    }
    return false;
}

/* One behind the other. */
static void print_forms(const char *help)
{
    const char *before = "it is used so: ";
    for (const char *form = help + PREFIX; form != NULL; form = next_form(form)) {
        fprintf(stderr, "%s%.*s", before, (int)strcspn(form, "\n"), form);
        before = ", or: ";
    }
    fputs("\n", stderr);
}

int tell_misuse(const char *help, int count, char **arguments)
{
    struct part name = name_of(help);
    const char *word = count > 1 ? arguments[1] : NULL;
    bool has_words = words_of(help + PREFIX, name).size != 0;
    if (has_words && word != NULL && tell_form(help, word))
        return tell_more(name);
    fprintf(stderr, "%.*s: ", name.size, name.text);
    if (!has_words) {
        print_forms(help);
        return tell_more(name);
    }
    if (word == NULL)
        fputs("a word has to say what to do: ", stderr);
    else
        fprintf(stderr, "`%s` is none of its words, which are ", word);
    print_words(help);
    return tell_more(name);
}

void take_no_arguments(int count, char **arguments, const char *help)
{
    if (count == 2 && asks_for_help(count, arguments, help))
        exit(0);
    if (count != 1)
        exit(tell_misuse(help, count, arguments));
}

int tell_wrong(const char *help, const char *what, const char *why)
{
    struct part name = name_of(help);
    fprintf(stderr, "%.*s: %s: %s\n", name.size, name.text, what, why);
    return tell_more(name);
}

int read_silo(const char *help, const char *text, uint64_t *silo)
{
    return read_number(text, silo)
               ? 0
               : tell_wrong(help, text, "it is no number of a silo; `silo list` shows them");
}
