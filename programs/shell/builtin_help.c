/* `help` and `man`, and how commands are used. What is told of a builtin stands with it; programs
 * tell it themselves, with --help. */
#include "programs/shell/builtin.h"
#include "programs/shell/edit/usage.h"
#include "programs/shell/run.h"

#include <stdlib.h>
#include <string.h>

/* ---- The language -------------------------------------------------------------------------------
 */

/* Words of the language, each between blanks, and how they are used. */
static const struct {
    const char *words;
    const char *usage;
} constructs[] = {
    { " if then elif else fi ",
      "usage: if LIST; then LIST; [elif LIST; then LIST;]... [else LIST;] fi\n"
      "Runs the list behind the first condition that is true, or the one behind `else`.\n" },
    { " for in do done ",
      "usage: for NAME [in WORD...]; do LIST; done\n"
      "Runs the list once for each word, or each parameter, with the variable set to it.\n" },
    { " while ", "usage: while LIST; do LIST; done\n"
                 "Runs the second list as long as the first one is true.\n" },
    { " until ", "usage: until LIST; do LIST; done\n"
                 "Runs the second list as long as the first one is false.\n" },
    { " case esac ", "usage: case WORD in [PATTERN[|PATTERN]...) LIST;;]... esac\n"
                     "Runs the list behind the first pattern that matches the word.\n" },
    { " function ", "usage: NAME() COMMAND\n"
                    "       function NAME COMMAND\n"
                    "Makes a command of its own; what it is called with are its parameters.\n" },
    { " { } ", "usage: { LIST; }\n"
               "Runs a list in this shell, with redirections and pipes as one command; ( LIST )\n"
               "runs it in a shell of its own.\n" },
    { " ! ", "usage: ! PIPELINE\n"
             "Is true if the pipeline is false.\n" },
};
enum { CONSTRUCTS = sizeof(constructs) / sizeof(constructs[0]) };

static const char *usage_of_keyword(const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < CONSTRUCTS && size != 0; i++)
        for (const char *at = constructs[i].words; (at = strstr(at, name)) != NULL; at++)
            if (at[-1] == ' ' && at[size] == ' ')
                return constructs[i].usage;
    return NULL;
}

bool is_keyword(const char *name)
{
    return strchr(name, ' ') == NULL && usage_of_keyword(name) != NULL;
}

/* Of a builtin, or of a word of the language; NULL: it is neither. */
static const char *own_usage(const char *name)
{
    const struct builtin *builtin = builtin_find(name);
    if (builtin != NULL)
        return builtin->usage;
    return is_keyword(name) ? usage_of_keyword(name) : NULL;
}

bool usage_of_command(const char *name, struct text *bytes, struct usage *usage)
{
    enum { PROGRAM_MAX = 4 << 20 };
    const char *own = own_usage(name), *why;
    if (own != NULL)
        return usage_find(own, strlen(own), NULL, usage);
    char *path = program_path(name);
    bool is_read = path != NULL && place_look(path, true).size <= PROGRAM_MAX &&
                   place_read(path, bytes, &why);
    free(path);
    const char *slash = strrchr(name, '/');
    name = slash == NULL ? name : slash + 1;
    return is_read && usage_find(bytes->data, bytes->size, name, usage);
}

/* ---- Builtins -----------------------------------------------------------------------------------
 */

void usage_tell(const char *about, const char *text)
{
    struct usage usage;
    if (!usage_find(text, strlen(text), NULL, &usage))
        return;
    char *forms = take_copy(usage.forms, usage.forms_size - 1);
    complain(about, forms);
    free(forms);
}

int builtin_misused(const char *name)
{
    usage_tell(name, builtin_find(name)->usage);
    return STATUS_MISUSED;
}

/* To these all words are alike, as POSIX has it. */
static bool takes_any_word(const char *name)
{
    return strcmp(name, "echo") == 0 || strcmp(name, ":") == 0 || strcmp(name, "true") == 0 ||
           strcmp(name, "false") == 0 || strcmp(name, "test") == 0;
}

int builtin_run(const struct builtin *builtin, struct words *words)
{
    bool asks = words->count == 2 && strcmp(words->data[1], "--help") == 0;
    if (!asks || takes_any_word(builtin->name))
        return builtin->run(words);
    output(builtin->usage);
    return 0;
}

/* ---- help ---------------------------------------------------------------------------------------
 */

static void list_builtins(void)
{
    enum { NAME_WIDTH = 10 };
    struct words names = { 0 };
    struct text text = { 0 };
    builtin_names(&names);
    names_sort(&names);
    for (size_t i = 0; i < names.count; i++) {
        struct usage usage;
        const char *told = builtin_find(names.data[i])->usage;
        text_add_string(&text, names.data[i]);
        for (size_t column = strlen(names.data[i]); column < NAME_WIDTH; column++)
            text_add_char(&text, ' ');
        if (usage_find(told, strlen(told), NULL, &usage))
            usage_summary(&usage, &text);
        text_add_char(&text, '\n');
    }
    text_add_string(&text, "`help NAME` tells more of these, and of if, for, while, until, case, "
                           "function;\n`man NAME` of programs, too.\n");
    output_text(&text);
    text_free(&text);
    words_free(&names);
}

/* Whether the program says how it is used when it is asked. One that knows nothing of --help would just
 * run, and do what it does. */
static bool is_asked(const struct program_name *program)
{
    struct program_name own = { 0 };
    struct text bytes = { 0 };
    if (program_itself(&own) && own.size == program->size &&
        memcmp(own.cid, program->cid, own.size) == 0)
        return true;
    bool is_told = program_read(program, &bytes) && usage_is_told(bytes.data, bytes.size);
    text_free(&bytes);
    return is_told;
}

/* Whether the command can be asked. 0, or told. */
static int look(const char *name)
{
    struct program_name program;
    struct script script = { 0 };
    const char *why = "";
    if (function_find(name) != NULL || variables_get(&shell.aliases, name) != NULL) {
        complain(name, "a function or an alias of this shell, which has no manual");
        return STATUS_FAILED;
    }
    int status = program_find(name, &program, &script, &why);
    if (script.path != NULL) {
        complain(name, "a file that is no program, and has no manual");
    } else if (status == STATUS_NOT_FOUND) {
        names_tell_missing(name);
    } else if (status != 0) {
        complain(name, why);
    } else if (!is_asked(&program)) {
        complain(name, "there is no text in it on how it is used: it has no manual");
        status = STATUS_FAILED;
    }
    free(script.path);
    text_free(&script.line);
    return status;
}

/* What a program says with --help. */
static int ask(const char *name)
{
    struct words words = { 0 };
    words_add_copy(&words, name);
    words_add_copy(&words, "--help");
    int status = run_words(&words, true);
    words_free(&words);
    return status;
}

/* Neither takes options. */
static bool has_option(const struct words *words)
{
    return words->count > 1 && words->data[1][0] == '-';
}

static int builtin_help(struct words *words)
{
    int status = 0;
    if (has_option(words))
        return builtin_misused("help");
    if (words->count == 1)
        list_builtins();
    for (size_t i = 1; i < words->count; i++) {
        const char *name = words->data[i], *told = own_usage(name);
        int looked = told == NULL ? look(name) : 0;
        if (told != NULL)
            output(told);
        else
            status = looked == 0 ? ask(name) : looked;
    }
    return status;
}

/* ---- man ----------------------------------------------------------------------------------------
 */

/* The same as `ask`, into memory, whichever stream it is on. */
static void capture(const char *name, struct text *text)
{
    struct stream *outer[3];
    struct stream memory = { .holds = 3, .slot = WEFT_NO_SLOT, .memory = text };
    memcpy(outer, descriptors, sizeof(outer));
    descriptors[0] = stream_nothing();
    descriptors[1] = descriptors[2] = &memory;
    ask(name);
    if (descriptors[0] != NULL)
        stream_release(descriptors[0]);
    memcpy(descriptors, outer, sizeof(outer));
}

static bool is_program(const char *name)
{
    struct program_name program;
    struct script script = { 0 };
    const char *why;
    bool found = program_find(name, &program, &script, &why) == 0;
    free(script.path);
    text_free(&script.line);
    return found;
}

/* To a person by what PAGER says, or by `less` where there is one. */
static int show_page(const struct text *page)
{
    static const char by_pager[] = "$PAGER", by_less[] = "less -F";
    const char *pager = variables_get(&shell.variables, "PAGER");
    bool is_set = pager != NULL && pager[0] != '\0';
    struct stream *outer = descriptors[0];
    struct stream *input = NULL;
    if (stream_is_terminal(descriptors[1]) && (is_set || is_program("less")))
        input = stream_of_text(page->data, page->size);
    if (input == NULL) {
        output_text(page);
        return 0;
    }
    descriptors[0] = input;
    int status = is_set ? run_text(by_pager, strlen(by_pager)) : run_text(by_less, strlen(by_less));
    descriptors[0] = outer;
    stream_release(input);
    return status;
}

static int show_manual(const char *name)
{
    struct text told = { 0 };
    struct text page = { 0 };
    struct usage usage;
    const char *own = own_usage(name);
    int status = own == NULL ? look(name) : 0;
    if (own != NULL)
        text_add_string(&told, own);
    else if (status == 0)
        capture(name, &told);
    if (usage_find(told.data, told.size, NULL, &usage))
        usage_page(&usage, name, &page);
    else
        text_add(&page, told.data, told.size);
    if (page.size != 0) {
        status = show_page(&page);
    } else if (status == 0) {
        complain(name, "it says nothing of itself: it has no manual");
        status = STATUS_FAILED;
    }
    text_free(&told);
    text_free(&page);
    return status;
}

static int builtin_man(struct words *words)
{
    int status = 0;
    if (words->count < 2 || has_option(words))
        return builtin_misused("man");
    for (size_t i = 1; i < words->count; i++)
        status = show_manual(words->data[i]);
    return status;
}

const struct builtin builtins_help[] = {
    { "help", builtin_help,
      "usage: help [COMMAND...]\n"
      "Lists the builtins, or tells how commands are used.\n",
      false, false },
    { "man", builtin_man,
      "usage: man COMMAND...\n"
      "Shows the manual of commands: what they say of themselves with --help. At a terminal it\n"
      "goes through $PAGER, or `less`.\n",
      false, false },
    { NULL, NULL, NULL, false, false },
};
