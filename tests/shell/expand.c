/* programs/shell/language/expand.h: the fields of words. */
#include "tests/shell/support/host.h"
#include "tests/tap.h"

#include <string.h>

static struct host host;

static bool gives(const char *word, const char *expected)
{
    const char *shown = host_fields(&host, word);
    bool same = strcmp(shown, expected) == 0;
    if (!same)
        printf("# %s gives %s, not %s\n", word, shown, expected);
    return same;
}

static void set(const char *name, const char *value)
{
    variables_set(&host.variables, name, value, 0);
}

/* With the variables that main sets. */
static void test_slices(void)
{
    TAP_OK(gives("${v:1}", "[alue]") && gives("${v:1:2}", "[al]") && gives("${v: -2}", "[ue]") &&
               gives("${v:1:-1}", "[alu]") && gives("${v::2}", "[va]") && gives("${v:5}", "") &&
               gives("${v:6}", "") && gives("${v: -6}", "") &&
               gives("${v:0:9223372036854775807}", "[value]") && gives("${v:4:-3}", "") &&
               gives("${v:1+1:0?9:1}", "[l]") && gives("${u:1}", ""),
           "parts by place");
    set("w", "äöü");
    TAP_OK(gives("${w:1:1}", "[ö]") && gives("${w: -1}", "[ü]") && gives("\"${s:1}\"", "[a  b ]") &&
               gives("${v:1/0}", "!1/0: division by zero") &&
               gives("${v:}", "!${..}: this substitution means nothing"),
           "which are characters");
    TAP_OK(gives("${v/l/LL}", "[vaLLue]") && gives("${p//\\//-}", "[-usr-lib-x.tar.gz]") &&
               gives("${p////-}", "[-usr-lib-x.tar.gz]") &&
               gives("${p/\\/}", "[usr/lib/x.tar.gz]") &&
               gives("${p/'/'/}", "[usr/lib/x.tar.gz]") && gives("${v/a*/x}", "[vx]") &&
               gives("${v/x/y}", "[value]") && gives("${v//?/ab}", "[ababababab]") &&
               gives("${v/}", "[value]") && gives("${v//}", "[value]") && gives("${u/*/x}", "") &&
               gives("${e/*/x}", "[x]"),
           "other text in the place of what matches");
    TAP_OK(gives("${v/#va/x}", "[xlue]") && gives("${v/#a/x}", "[value]") &&
               gives("${v/%ue/x}", "[valx]") && gives("${v/%u/x}", "[value]") &&
               gives("${v/#/x}", "[xvalue]") && gives("${v/%/x}", "[valuex]") &&
               gives("\"${s/a/'x y'}\"", "[ x y  b ]") && gives("${s/a/'x y'}", "[x][y][b]") &&
               gives("${w//ö/o}", "[äoü]"),
           "at the start, at the end, quoted");
    TAP_OK(gives("\"${#v}\"", "[5]") && gives("${#=}", "!${..}: this substitution means nothing"),
           "sizes in quotes, and of nothing");
}

int main(void)
{
    set("v", "value");
    set("s", " a  b ");
    set("e", "");
    set("p", "/usr/lib/x.tar.gz");
    set("HOME", "/h");
    words_add_copy(&host.parameters, "one");
    words_add_copy(&host.parameters, "two three");
    words_add_copy(&host.parameters, "");
    words_add_copy(&host.paths, "a1");
    words_add_copy(&host.paths, "a b");
    TAP_OK(gives("plain", "[plain]") && gives("'a b'\"c\"\\d", "[a bcd]"), "quotes");
    TAP_OK(gives("''", "[]") && gives("\"\"", "[]") && gives("$e", "") && gives("$e''", "[]"),
           "empty words");
    TAP_OK(gives("$v", "[value]") && gives("${v}x$", "[valuex$]") && gives("$s", "[a][b]") &&
               gives("\"$s\"", "[ a  b ]") && gives("x$s", "[x][a][b]"),
           "variables, split or not");
    TAP_OK(gives("\"$@\"", "[one][two three][]") && gives("$@", "[one][two][three]") &&
               gives("\"$*\"", "[one two three ]") && gives("x\"$@\"y", "[xone][two three][y]"),
           "all parameters");
    TAP_OK(gives("${u-d}", "[d]") && gives("${e:-d}", "[d]") && gives("${e-d}", "") &&
               gives("${v+d}", "[d]") && gives("${u+d}", "") && gives("${n:=new}$n", "[newnew]"),
           "defaults");
    TAP_OK(gives("${#v}", "[5]") && gives("${p##*/}", "[x.tar.gz]") &&
               gives("${p%.*}", "[/usr/lib/x.tar]") && gives("${p%%.*}", "[/usr/lib/x]") &&
               gives("${p#/*/}", "[lib/x.tar.gz]") && gives("${v%'*'}", "[value]"),
           "sizes and parts");
    test_slices();
    TAP_OK(gives("${u?no}", "!u: no") && gives("${u:?}", "!u: is not set, or empty") &&
               gives("${}", "!${..}: this substitution means nothing"),
           "mistakes");
    TAP_OK(gives("$(a b)", "[<a][b>]") && gives("\"$(a \")\" b)\"", "[<a \")\" b>]") &&
               gives("`a \\`b\\``", "[<a][`b`>]"),
           "commands");
    TAP_OK(gives("$((1+2*3))", "[7]") && gives("$((n2=4))$n2", "[44]") &&
               gives("$((1/0))", "!1/0: division by zero"),
           "arithmetic");
    TAP_OK(gives("~", "[/h]") && gives("~/x", "[/h/x]") && gives("'~'", "[~]") &&
               gives("a~", "[a~]"),
           "tildes");
    TAP_OK(gives("a*", "[a1][a b]") && gives("'a*'", "[a*]") && gives("b*", "[b*]") &&
               gives("a\\*", "[a*]"),
           "paths");
    TAP_OK(gives("$'a\\tb\\x41\\101\\'c'", "[a\tbAA'c]"), "escapes");
    set("IFS", ":");
    set("c", "a::b:");
    TAP_OK(gives("$c", "[a][][b]") && gives("$s", "[ a  b ]") &&
               gives("\"$*\"", "[one:two three:]"),
           "other separators");
    struct words fields = { 0 };
    expand_split("  a b  c d ", " \t\n", false, 3, &fields);
    TAP_OK(fields.count == 3 && strcmp(fields.data[2], "c d") == 0,
           "read leaves the rest to the last");
    words_free(&fields);
    struct expander expander = host_expander(&host);
    struct text here = { 0 };
    expand_here(&expander, "\"$v\" 'x' \\$v $(c)\n", &here);
    TAP_OK(strcmp(text_string(&here), "\"value\" 'x' $v <c>\n") == 0, "here-documents");
    text_free(&here);
    host_free(&host);
    return tap_done();
}
