/* A function for each rule of the grammar (POSIX.1-2017, XCU 2.10). The first mistake sticks: what
 * is read after it is an end. */
#include "programs/shell/language/parse.h"

#include "programs/shell/language/lex.h"

#include <string.h>

static struct node *parse_list(struct parser *parser, bool ends_with_line);
static struct node *parse_command(struct parser *parser);

static struct node *node_make(struct parser *parser, enum node_kind kind)
{
    struct node *node = region_take(parser->region, sizeof(*node));
    node->kind = kind;
    node->line = parser->token >= 0 ? parser->begin_line : parser->line;
    return node;
}

static const char *keep(struct parser *parser, const char *text)
{
    return region_copy(parser->region, text, strlen(text));
}

static bool is_wrong(const struct parser *parser)
{
    return parser->result != PARSE_COMMAND;
}

static void unexpected(struct parser *parser)
{
    enum token token = lex_peek(parser);
    if (token == TOKEN_END)
        lex_fail(parser, PARSE_INCOMPLETE, "the command is not complete", "");
    else
        lex_fail(parser, PARSE_ERROR, "not expected here: ",
                 token == TOKEN_NEWLINE ? "the end of the line" : text_string(&parser->word));
}

/* Takes the word, or complains. */
static void expect_word(struct parser *parser, const char *word)
{
    if (lex_is_word(parser, word))
        lex_take(parser);
    else
        unexpected(parser);
}

static void expect(struct parser *parser, enum token token)
{
    if (lex_peek(parser) == token)
        lex_take(parser);
    else
        unexpected(parser);
}

static void take_newline(struct parser *parser)
{
    lex_take(parser);
    lex_read_here_documents(parser);
}

static void skip_newlines(struct parser *parser)
{
    while (lex_peek(parser) == TOKEN_NEWLINE)
        take_newline(parser);
}

static struct word *word_make(struct parser *parser)
{
    struct word *word = region_take(parser->region, sizeof(*word));
    word->text = keep(parser, text_string(&parser->word));
    lex_take(parser);
    return word;
}

static void word_append(struct word **list, struct word *word)
{
    while (*list != NULL)
        list = &(*list)->next;
    *list = word;
}

static void child_append(struct parser *parser, struct node *node, struct node *child)
{
    struct child *entry = region_take(parser->region, sizeof(*entry));
    struct child **end = &node->children;
    entry->node = child;
    while (*end != NULL)
        end = &(*end)->next;
    *end = entry;
}

/* ---- Redirections -------------------------------------------------------------------------------
 */

static void await_here_document(struct parser *parser, struct redirect *redirect)
{
    redirect->is_expanded = strpbrk(redirect->word, "'\"\\`") == NULL;
    if (parser->waiting == NULL)
        parser->waiting = redirect;
    else
        parser->waiting_last->next_waiting = redirect;
    parser->waiting_last = redirect;
}

static bool is_input(enum redirect_kind kind)
{
    return kind == REDIRECT_INPUT || kind == REDIRECT_COPY_INPUT || kind == REDIRECT_HERE ||
           kind == REDIRECT_TEXT || kind == REDIRECT_BOTH;
}

/* One redirection, if there is one; it goes to the end of the list. */
static bool parse_redirect(struct parser *parser, struct redirect **list)
{
    enum token token = lex_peek(parser);
    int number = -1;
    if (token == TOKEN_NUMBER) {
        number = parser->word.size == 1 ? parser->word.data[0] - '0' : -2;
        lex_take(parser);
        token = lex_peek(parser);
    }
    if (token < TOKEN_REDIRECTS)
        return false;
    lex_take(parser);
    if (number == -2) {
        lex_fail(parser, PARSE_ERROR, "a descriptor is a digit", "");
        return false;
    }
    struct redirect *redirect = region_take(parser->region, sizeof(*redirect));
    redirect->strips = token == TOKEN_HERE_STRIP;
    redirect->kind =
        redirect->strips ? REDIRECT_HERE : (enum redirect_kind)(token - TOKEN_REDIRECTS);
    redirect->number = number >= 0 ? number : !is_input(redirect->kind);
    enum token word = lex_peek(parser);
    if (word != TOKEN_WORD && word != TOKEN_NUMBER) {
        unexpected(parser);
        return false;
    }
    redirect->word = keep(parser, text_string(&parser->word));
    lex_take(parser);
    while (*list != NULL)
        list = &(*list)->next;
    *list = redirect;
    if (redirect->kind == REDIRECT_HERE)
        await_here_document(parser, redirect);
    return true;
}

/* ---- Compound commands --------------------------------------------------------------------------
 */

/* A list that must not be empty, and ends with one of the grammar's words. */
static struct node *parse_body(struct parser *parser)
{
    struct node *list = parse_list(parser, false);
    if (list == NULL && !is_wrong(parser))
        unexpected(parser);
    return list;
}

static struct node *parse_do_group(struct parser *parser)
{
    skip_newlines(parser);
    expect_word(parser, "do");
    struct node *body = parse_body(parser);
    expect_word(parser, "done");
    return body;
}

static struct node *parse_if(struct parser *parser)
{
    struct node *node = node_make(parser, NODE_IF);
    lex_take(parser);
    node->first = parse_body(parser);
    expect_word(parser, "then");
    node->second = parse_body(parser);
    if (lex_is_word(parser, "elif")) {
        if (++parser->depth > PARSE_DEPTH_MAX)
            lex_fail(parser, PARSE_ERROR, "commands are nested too deeply", "");
        else
            node->third = parse_if(parser); /* which takes the `fi`, too */
        parser->depth--;
        return node;
    }
    if (lex_is_word(parser, "else")) {
        lex_take(parser);
        node->third = parse_body(parser);
    }
    expect_word(parser, "fi");
    return node;
}

static struct node *parse_while(struct parser *parser, enum node_kind kind)
{
    struct node *node = node_make(parser, kind);
    lex_take(parser);
    node->first = parse_body(parser);
    node->second = parse_do_group(parser);
    return node;
}

static struct node *parse_for(struct parser *parser)
{
    struct node *node = node_make(parser, NODE_FOR);
    lex_take(parser);
    if (lex_peek(parser) != TOKEN_WORD ||
        name_size(text_string(&parser->word)) != parser->word.size) {
        unexpected(parser);
        return node;
    }
    node->name = word_make(parser)->text;
    skip_newlines(parser);
    node->has_in = lex_is_word(parser, "in");
    if (node->has_in) {
        lex_take(parser);
        while (lex_peek(parser) == TOKEN_WORD || lex_peek(parser) == TOKEN_NUMBER)
            word_append(&node->words, word_make(parser));
        if (lex_peek(parser) != TOKEN_SEMICOLON && lex_peek(parser) != TOKEN_NEWLINE)
            unexpected(parser);
    }
    if (lex_peek(parser) == TOKEN_SEMICOLON)
        lex_take(parser);
    node->first = parse_do_group(parser);
    return node;
}

static struct case_item *parse_case_item(struct parser *parser)
{
    struct case_item *item = region_take(parser->region, sizeof(*item));
    if (lex_peek(parser) == TOKEN_OPEN)
        lex_take(parser);
    for (;;) {
        if (lex_peek(parser) != TOKEN_WORD && lex_peek(parser) != TOKEN_NUMBER) {
            unexpected(parser);
            return item;
        }
        word_append(&item->patterns, word_make(parser));
        if (lex_peek(parser) != TOKEN_PIPE)
            break;
        lex_take(parser);
    }
    expect(parser, TOKEN_CLOSE);
    skip_newlines(parser);
    if (lex_peek(parser) != TOKEN_CASE_END && !lex_is_word(parser, "esac"))
        item->body = parse_body(parser);
    return item;
}

static struct node *parse_case(struct parser *parser)
{
    struct node *node = node_make(parser, NODE_CASE);
    struct case_item **end = &node->items;
    lex_take(parser);
    if (lex_peek(parser) != TOKEN_WORD && lex_peek(parser) != TOKEN_NUMBER) {
        unexpected(parser);
        return node;
    }
    node->name = word_make(parser)->text;
    skip_newlines(parser);
    expect_word(parser, "in");
    skip_newlines(parser);
    while (!is_wrong(parser) && !lex_is_word(parser, "esac")) {
        *end = parse_case_item(parser);
        end = &(*end)->next;
        if (lex_peek(parser) != TOKEN_CASE_END)
            break;
        lex_take(parser);
        skip_newlines(parser);
    }
    expect_word(parser, "esac");
    return node;
}

static struct node *parse_group(struct parser *parser)
{
    struct node *node = node_make(parser, NODE_GROUP);
    lex_take(parser);
    node->first = parse_body(parser);
    expect_word(parser, "}");
    return node;
}

static struct node *parse_subshell(struct parser *parser)
{
    struct node *node = node_make(parser, NODE_SUBSHELL);
    lex_take(parser);
    node->first = parse_body(parser);
    expect(parser, TOKEN_CLOSE);
    return node;
}

/* NULL: it is no compound command. */
static struct node *parse_compound(struct parser *parser)
{
    if (lex_peek(parser) == TOKEN_OPEN)
        return parse_subshell(parser);
    if (lex_is_word(parser, "{"))
        return parse_group(parser);
    if (lex_is_word(parser, "if"))
        return parse_if(parser);
    if (lex_is_word(parser, "while"))
        return parse_while(parser, NODE_WHILE);
    if (lex_is_word(parser, "until"))
        return parse_while(parser, NODE_UNTIL);
    if (lex_is_word(parser, "for"))
        return parse_for(parser);
    if (lex_is_word(parser, "case"))
        return parse_case(parser);
    return NULL;
}

/* ---- Simple commands and functions --------------------------------------------------------------
 */

static bool is_reserved(struct parser *parser)
{
    static const char *const words[] = { "!",   "{",     "}",  "if",   "then", "elif", "else", "fi",
                                         "for", "while", "do", "done", "case", "esac", "until" };
    if (lex_peek(parser) != TOKEN_WORD)
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i], text_string(&parser->word)) == 0)
            return true;
    return false;
}

static bool is_assignment(const char *word)
{
    size_t size = name_size(word);
    return size != 0 && word[size] == '=';
}

/* The name was taken; the parentheses behind it are at hand, if there are any. */
static struct node *parse_function(struct parser *parser, struct node *node)
{
    const char *name = node->words->text;
    if (lex_peek(parser) == TOKEN_OPEN) {
        lex_take(parser);
        expect(parser, TOKEN_CLOSE);
    }
    if (!is_wrong(parser) && name_size(name) != strlen(name))
        lex_fail(parser, PARSE_ERROR, "this cannot be the name of a function: ", name);
    skip_newlines(parser);
    *node = (struct node){ .kind = NODE_FUNCTION, .line = node->line, .name = name };
    node->first = parse_command(parser);
    if (node->first != NULL && node->first->kind == NODE_SIMPLE && !is_wrong(parser))
        lex_fail(parser, PARSE_ERROR, "the body of a function is a compound command: ", name);
    return node;
}

/* NAME() or `function NAME`, whose parentheses need not be there. */
static struct node *parse_named_function(struct parser *parser)
{
    struct node *node = node_make(parser, NODE_FUNCTION);
    lex_take(parser);
    if (lex_peek(parser) != TOKEN_WORD) {
        unexpected(parser);
        return node;
    }
    node->words = word_make(parser);
    return parse_function(parser, node);
}

static struct node *parse_simple(struct parser *parser)
{
    struct node *node = node_make(parser, NODE_SIMPLE);
    bool is_first = true;
    for (;;) {
        bool may_be_alias = node->words == NULL || lex_follows_blank(parser);
        while (may_be_alias && lex_expand_alias(parser))
            if (node->words == NULL && is_reserved(parser) && node->assignments == NULL &&
                node->redirects == NULL)
                return parse_command(parser);
        if (parse_redirect(parser, &node->redirects)) {
            is_first = false;
            continue;
        }
        enum token token = lex_peek(parser);
        if (token == TOKEN_OPEN && node->words != NULL && node->words->next == NULL &&
            node->assignments == NULL && node->redirects == NULL)
            return parse_function(parser, node);
        if (token != TOKEN_WORD)
            break;
        bool assigns = node->words == NULL && is_assignment(text_string(&parser->word));
        word_append(assigns ? &node->assignments : &node->words, word_make(parser));
        is_first = false;
    }
    if (is_first && !is_wrong(parser))
        unexpected(parser);
    return node;
}

static struct node *parse_inner_command(struct parser *parser)
{
    if (lex_is_word(parser, "function"))
        return parse_named_function(parser);
    struct node *node = parse_compound(parser);
    if (node == NULL && is_reserved(parser))
        unexpected(parser);
    if (node == NULL)
        return is_wrong(parser) ? node_make(parser, NODE_SIMPLE) : parse_simple(parser);
    while (parse_redirect(parser, &node->redirects))
        continue;
    return node;
}

static struct node *parse_command(struct parser *parser)
{
    struct node *node = NULL;
    if (++parser->depth > PARSE_DEPTH_MAX)
        lex_fail(parser, PARSE_ERROR, "commands are nested too deeply", "");
    node = parse_inner_command(parser);
    parser->depth--;
    return node;
}

/* ---- Lists --------------------------------------------------------------------------------------
 */

static struct node *parse_pipeline(struct parser *parser)
{
    bool negates = false;
    while (lex_is_word(parser, "!")) {
        negates = !negates;
        lex_take(parser);
    }
    struct node *node = parse_command(parser);
    if (lex_peek(parser) == TOKEN_PIPE) {
        struct node *first = node;
        node = node_make(parser, NODE_PIPELINE);
        child_append(parser, node, first);
    }
    while (lex_peek(parser) == TOKEN_PIPE) {
        lex_take(parser);
        skip_newlines(parser);
        child_append(parser, node, parse_command(parser));
    }
    if (!negates)
        return node;
    struct node *not = node_make(parser, NODE_NOT);
    not->first = node;
    return not;
}

static struct node *parse_and_or(struct parser *parser)
{
    struct node *node = parse_pipeline(parser);
    while (lex_peek(parser) == TOKEN_AND_AND || lex_peek(parser) == TOKEN_OR_OR) {
        struct node *both =
            node_make(parser, lex_peek(parser) == TOKEN_AND_AND ? NODE_AND : NODE_OR);
        lex_take(parser);
        skip_newlines(parser);
        both->first = node;
        both->second = parse_pipeline(parser);
        node = both;
    }
    return node;
}

/* Whether a command can begin here. */
static bool is_command(struct parser *parser)
{
    static const char *const ends[] = { "}", "then", "elif", "else", "fi", "do", "done", "esac" };
    while (lex_expand_alias(parser))
        continue;
    enum token token = lex_peek(parser);
    if (token == TOKEN_END || token == TOKEN_CLOSE || token == TOKEN_CASE_END ||
        token == TOKEN_NEWLINE)
        return false;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (lex_is_word(parser, ends[i]))
            return false;
    return true;
}

/* Commands up to what cannot be one, or, with `ends_with_line`, the end of the line; NULL: none. */
static struct node *parse_list(struct parser *parser, bool ends_with_line)
{
    struct node *list = NULL;
    if (!ends_with_line)
        skip_newlines(parser);
    while (!is_wrong(parser) && is_command(parser)) {
        struct node *node = parse_and_or(parser);
        enum token token = lex_peek(parser);
        if (token == TOKEN_AND) {
            struct node *background = node_make(parser, NODE_BACKGROUND);
            background->first = node;
            node = background;
        }
        if (list == NULL)
            list = node_make(parser, NODE_SEQUENCE);
        child_append(parser, list, node);
        if (token == TOKEN_AND || token == TOKEN_SEMICOLON)
            lex_take(parser);
        else if (token != TOKEN_NEWLINE || ends_with_line)
            break;
        if (!ends_with_line)
            skip_newlines(parser);
    }
    if (list != NULL && list->children->next == NULL)
        return list->children->node;
    return list;
}

static enum parse_result finish(struct parser *parser)
{
    /* Without a newline a here-document's text may still come. */
    if (parser->waiting != NULL && parser->is_all)
        lex_read_here_documents(parser);
    else if (parser->waiting != NULL)
        lex_fail(parser, PARSE_INCOMPLETE, "a here-document does not end: ", parser->waiting->word);
    return parser->result;
}

static void begin(struct parser *parser)
{
    parser->result = PARSE_COMMAND;
    parser->node = NULL;
    parser->token = -1;
    parser->alias_end = 0;
    parser->alias_count = 0;
    parser->alias_blank = 0;
    parser->waiting = NULL;
    parser->waiting_last = NULL;
    parser->message[0] = '\0';
    if (parser->line == 0)
        parser->line = 1;
}

enum parse_result parse_next(struct parser *parser)
{
    begin(parser);
    text_add(&parser->source, "", 0);
    if (lex_peek(parser) == TOKEN_END && !is_wrong(parser))
        return PARSE_END;
    parser->node = parse_list(parser, true);
    enum token token = lex_peek(parser);
    if (token == TOKEN_NEWLINE)
        take_newline(parser);
    else if (token != TOKEN_END && !is_wrong(parser))
        unexpected(parser);
    return finish(parser);
}

/* `$(` is read as commands, in a parser of its own whose tree nobody wants. */
size_t parse_skip_substitution(const char *text, size_t at, uint32_t depth)
{
    struct region region = { 0 };
    struct parser parser = { .region = &region, .depth = depth, .line = 1 };
    if (depth >= PARSE_DEPTH_MAX)
        return 0;
    /* Borrowed: without aliases nothing is put in its place. */
    parser.source = (struct text){ .data = (char *)(uintptr_t)text, .size = strlen(text) };
    parser.at = at + 2;
    begin(&parser);
    parse_list(&parser, false);
    bool closed = lex_peek(&parser) == TOKEN_CLOSE && !is_wrong(&parser);
    size_t end = closed ? parser.at : 0;
    parser.source = (struct text){ 0 };
    parser_free(&parser);
    region_free(&region);
    return end;
}

void parser_free(struct parser *parser)
{
    text_free(&parser->source);
    text_free(&parser->word);
}
