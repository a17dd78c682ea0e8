/* programs/shell/language/parse.h: what is a command, what goes on, what is wrong; and that a
 * tree's text reads as the same tree. */
#include "programs/shell/language/parse.h"
#include "programs/shell/language/show.h"
#include "tests/tap.h"

#include <string.h>

/* The last result, and all that was read as text again. */
static enum parse_result parse(const char *source, struct text *shown, char *message)
{
    struct region region = { 0 };
    struct parser parser = { .region = &region };
    enum parse_result result;
    text_clear(shown);
    text_add_string(&parser.source, source);
    while ((result = parse_next(&parser)) == PARSE_COMMAND)
        if (parser.node != NULL)
            show_tree(parser.node, shown);
    if (message != NULL)
        strcpy(message, parser.message);
    parser_free(&parser);
    region_free(&region);
    return result;
}

static bool gives(const char *source, const char *expected)
{
    struct text first = { 0 };
    struct text second = { 0 };
    bool good = parse(source, &first, NULL) == PARSE_END &&
                strcmp(text_string(&first), expected) == 0 &&
                parse(text_string(&first), &second, NULL) == PARSE_END &&
                strcmp(text_string(&first), text_string(&second)) == 0;
    if (!good)
        printf("# %s\n# %s\n", text_string(&first), text_string(&second));
    text_free(&first);
    text_free(&second);
    return good;
}

static enum parse_result result_of(const char *source)
{
    struct text shown = { 0 };
    enum parse_result result = parse(source, &shown, NULL);
    text_free(&shown);
    return result;
}

static void test_commands(void)
{
    TAP_OK(gives("", "") && gives("\n\n# c\n", ""), "nothing");
    TAP_OK(gives("a=1 b c>d", "a=1 b c 1>d\n"), "a simple command");
    TAP_OK(gives("a|b&&c||!d;e&f", "a | b && c || !d; e & f\n"), "lists");
    TAP_OK(gives("! a | b", "! a | b\n") && gives("! ! a", "a\n"), "negation");
    TAP_OK(gives("if a;then b;elif c;then d;else e;fi>f",
                 "if a; then b; else if c; then d; else e; fi; fi 1>f\n"),
           "if");
    TAP_OK(gives("while a;do b;done;until a\ndo b\ndone",
                 "while a; do b; done; until a; do \nb; done\n"),
           "loops");
    TAP_OK(gives("for i in a b;do c;done; for i\ndo c;done",
                 "for i in a b; do c; done; for i; do \nc; done\n"),
           "for");
    TAP_OK(gives("case a in b|c) d;; (e) ;; f) g; esac",
                 "case a in (b|c) d; ;; (e) ;; (f) g; ;; esac\n"),
           "case");
    TAP_OK(gives("f(){ a;};(b;c)", "f() { a; }; ( b; c; )\n"), "functions, groups, subshells");
    TAP_OK(gives("a <<E <<-'F' 3<&0\nx\nE\n\ty\n\tF\n", "a 0<<E 0<<'F' 3<&0\nx\nE\ny\nF\n"),
           "here-documents");
    TAP_OK(gives("a <<<\"b $c\" 4<<< d", "a 0<<<\"b $c\" 4<<<d\n"), "lines that are given in place");
    TAP_OK(gives("a \\\nb 'c\nd' \"e$(f \")\" g)\" # h", "a b 'c\nd' \"e$(f \")\" g)\"\n"),
           "quotes, joined lines, comments");
    TAP_OK(gives("u|\"\n\"", "u | \"\n\"\n"), "a command's line is where it begins");
    TAP_OK(gives("{ a; b &\n\nc & }; d", "{ a; b & \n\nc & }; d\n") &&
               gives("f() {\na\n\nb\n}", "f() { \na; \n\nb; }\n"),
           "on the lines where they were");
    TAP_OK(gives("a <<E && for i in b; do c; done\nx\nE\n",
                 "a 0<<E && for i in b\nx\nE\ndo c; done\n") &&
               gives("a <<E && { b &\nx\nE\n}", "a 0<<E && { b &\nx\nE\n}\n"),
           "here-documents in front of what takes more lines");
    TAP_OK(gives("b &\\\n& c", "b && \nc\n") &&
               gives("a\\\nb $\\\n{c\\\n} 'd\\\n'", "ab ${c} 'd\\\n'\n") &&
               gives("a $\\\n(b\\\nc)", "a $(b\\\nc)\n") &&
               gives("<\\\n<E a\nb\nE\n", "a 0<<E\nb\nE\n"),
           "lines that are continued anywhere");
    TAP_OK(gives("a b\\", "a b\\\\\n"), "a backslash at the end stands for itself");
    TAP_OK(gives("function a { b; }; function c() (d)", "a() { b; }; c() ( d; )\n"),
           "functions with the word");
    TAP_OK(gives("echo $(case x in x) y;; esac) $((1+(2))) ${a:-\"}\"} `b`",
                 "echo $(case x in x) y;; esac) $((1+(2))) ${a:-\"}\"} `b`\n"),
           "substitutions");
    TAP_OK(gives("echo if then done {", "echo if then done {\n"),
           "words of the grammar as arguments");
}

static void test_incomplete(void)
{
    static const char *const texts[] = {
        "if a",          "a &&",  "a |\n", "'a",      "\"a",         "$(a",           "`a",
        "${a",           "{ a",   "(a",    "case a",  "for i in a;", "a <<E\nb",      "f()",
        "while a; do b", "$((1+", "a <<E", "a \"$(b", "!",           "case a in b) c"
    };
    bool all = true;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        bool good = result_of(texts[i]) == PARSE_INCOMPLETE;
        if (!good)
            printf("# %s\n", texts[i]);
        all = all && good;
    }
    TAP_OK(all, "what is not complete is not wrong");
}

static void test_wrong(void)
{
    static const char *const texts[] = { ")",
                                         "fi",
                                         "a ;; b",
                                         "| a",
                                         "a || || b",
                                         "do",
                                         "for 1 in",
                                         "if ; then",
                                         "{ ; }",
                                         "a > ;",
                                         "( )",
                                         "a-b() { c; }",
                                         "f() a",
                                         "esac",
                                         "12<\n",
                                         "for i in a; b",
                                         "case a in b c) d;; esac",
                                         "& a" };
    bool all = true;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        bool good = result_of(texts[i]) == PARSE_ERROR;
        if (!good)
            printf("# %s\n", texts[i]);
        all = all && good;
    }
    TAP_OK(all, "what is wrong is wrong");
}

static void repeat(struct text *text, const char *what, int count)
{
    while (count-- > 0)
        text_add_string(text, what);
}

static void test_deep(void)
{
    static const char *const parts[] = { "(", "$(", "{ ", "\"$(", "${a-", "if ", "$((", "! ", "`" };
    bool all = true;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct text text = { 0 };
        repeat(&text, parts[i], 20000);
        enum parse_result result = result_of(text_string(&text));
        all = all && (result == PARSE_ERROR || result == PARSE_INCOMPLETE || result == PARSE_END);
        text_free(&text);
    }
    TAP_OK(all, "nesting is bounded");
    struct text text = { 0 };
    repeat(&text, "(", 60);
    text_add_string(&text, "a");
    repeat(&text, ")", 60);
    TAP_OK(result_of(text_string(&text)) == PARSE_END, "60 levels are fine");
    text_free(&text);
}

static const char *alias(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "ll") == 0   ? "ls -l"
           : strcmp(name, "ls") == 0 ? "ls -F"
           : strcmp(name, "a") == 0  ? "b"
           : strcmp(name, "b") == 0  ? "a"
           : strcmp(name, "w") == 0  ? "while"
           : strcmp(name, "n") == 0  ? "nice "
           : strcmp(name, "B") == 0  ? "{"
           : strcmp(name, "E") == 0  ? "}"
                                     : NULL;
}

static void test_aliases(void)
{
    struct region region = { 0 };
    struct parser parser = { .region = &region, .alias = alias };
    struct text shown = { 0 };
    text_add_string(&parser.source, "ll x; a; echo ll; w c; do d; done\n");
    while (parse_next(&parser) == PARSE_COMMAND)
        show_tree(parser.node, &shown);
    TAP_OK(strstr(text_string(&shown), "ls -F -l x;") != NULL, "aliases of aliases");
    TAP_OK(strstr(text_string(&shown), "echo ll; while c; do d; done\n") != NULL,
           "only of commands, and words of the grammar too");
    text_clear(&shown);
    text_add_string(&parser.source, "n ls ls; n n ls; B ls; E\n");
    while (parse_next(&parser) == PARSE_COMMAND)
        show_tree(parser.node, &shown);
    TAP_OK(strstr(text_string(&shown), "nice ls -F ls; nice nice ls -F; { ls -F; }\n") != NULL,
           "after one that ends with a blank, and for a word that ends something");
    text_free(&shown);
    parser_free(&parser);
    region_free(&region);
}

int main(void)
{
    test_commands();
    test_incomplete();
    test_wrong();
    test_deep();
    test_aliases();
    return tap_done();
}
