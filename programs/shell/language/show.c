#include "programs/shell/language/show.h"

#include <stddef.h>

enum { WAITING_MAX = 64 };

/* Here-documents follow the line that they are named in. */
struct shower {
    struct text *text;
    uint32_t line;  /* of the source: where the text stands that was shown up to... */
    size_t counted; /* ... here */
    const struct redirect *waiting[WAITING_MAX];
    size_t waiting_count;
};

static void show(struct shower *shower, const struct node *node);

static void add(struct shower *shower, const char *string)
{
    text_add_string(shower->text, string);
}

static void end_line(struct shower *shower)
{
    add(shower, "\n");
    for (size_t i = 0; i < shower->waiting_count; i++) {
        struct text delimiter = { 0 };
        add(shower, shower->waiting[i]->body);
        for (const char *at = shower->waiting[i]->word; *at != '\0'; at++)
            if (*at != '\\' && *at != '\'' && *at != '"')
                text_add_char(&delimiter, *at);
        add(shower, text_string(&delimiter));
        text_free(&delimiter);
        add(shower, "\n");
    }
    shower->waiting_count = 0;
}

uint32_t show_line(const struct node *node)
{
    for (;;)
        switch (node->kind) {
        case NODE_PIPELINE:
        case NODE_SEQUENCE:
            node = node->children->node;
            break;
        case NODE_NOT:
        case NODE_AND:
        case NODE_OR:
        case NODE_BACKGROUND:
            node = node->first;
            break;
        default:
            return node->line;
        }
}

/* A place where lines may end, in front of a command: as many do as the source has more than what
 * was shown, so that LINENO means the same. */
static void catch_up(struct shower *shower, const struct node *node)
{
    for (; shower->counted < shower->text->size; shower->counted++)
        shower->line += shower->text->data[shower->counted] == '\n';
    uint32_t line = show_line(node);
    while (shower->waiting_count == 0 && shower->line < line) {
        add(shower, "\n");
        shower->line++;
        shower->counted++;
    }
}

static bool ends_with_ampersand(const struct node *node)
{
    while (node->kind == NODE_SEQUENCE) {
        const struct child *child = node->children;
        while (child->next != NULL)
            child = child->next;
        node = child->node;
    }
    return node->kind == NODE_BACKGROUND;
}

/* Behind a command in a list. */
static void end_command(struct shower *shower, const struct node *node)
{
    if (shower->waiting_count != 0)
        end_line(shower);
    else
        add(shower, ends_with_ampersand(node) ? " " : "; ");
}

/* Where a line may end, but needs not. */
static void may_end_line(struct shower *shower)
{
    if (shower->waiting_count != 0)
        end_line(shower);
    else
        add(shower, " ");
}

static void show_redirects(struct shower *shower, const struct redirect *redirect)
{
    static const char *const signs[] = {
        [REDIRECT_INPUT] = "<",        [REDIRECT_OUTPUT] = ">", [REDIRECT_CLOBBER] = ">|",
        [REDIRECT_APPEND] = ">>",      [REDIRECT_BOTH] = "<>",  [REDIRECT_COPY_INPUT] = "<&",
        [REDIRECT_COPY_OUTPUT] = ">&", [REDIRECT_HERE] = "<<", [REDIRECT_TEXT] = "<<<",
    };
    for (; redirect != NULL; redirect = redirect->next) {
        add(shower, " ");
        text_add_number(shower->text, redirect->number);
        add(shower, signs[redirect->kind]);
        add(shower, redirect->word);
        if (redirect->kind != REDIRECT_HERE)
            continue;
        if (shower->waiting_count == WAITING_MAX)
            end_line(shower);
        shower->waiting[shower->waiting_count++] = redirect;
    }
}

static void show_words(struct shower *shower, const struct word *word, const char *between)
{
    for (; word != NULL; word = word->next) {
        add(shower, word->text);
        if (word->next != NULL)
            add(shower, between);
    }
}

static void show_simple(struct shower *shower, const struct node *node)
{
    show_words(shower, node->assignments, " ");
    if (node->assignments != NULL && node->words != NULL)
        add(shower, " ");
    show_words(shower, node->words, " ");
}

/* After `before` and in front of `after`. */
static void show_part(struct shower *shower, const char *before, const struct node *node,
                      const char *after)
{
    add(shower, before);
    catch_up(shower, node);
    show(shower, node);
    end_command(shower, node);
    add(shower, after);
}

static void show_children(struct shower *shower, const struct node *node)
{
    for (const struct child *child = node->children; child != NULL; child = child->next) {
        catch_up(shower, child->node);
        show(shower, child->node);
        if (child->next == NULL)
            break;
        if (node->kind == NODE_PIPELINE)
            add(shower, " | ");
        else
            end_command(shower, child->node);
    }
}

static void show_for(struct shower *shower, const struct node *node)
{
    add(shower, "for ");
    add(shower, node->name);
    if (node->has_in) {
        add(shower, " in ");
        show_words(shower, node->words, " ");
    }
    if (shower->waiting_count != 0)
        end_line(shower);
    else
        add(shower, "; ");
    show_part(shower, "do ", node->first, "done");
}

static void show_case(struct shower *shower, const struct node *node)
{
    add(shower, "case ");
    add(shower, node->name);
    add(shower, " in");
    may_end_line(shower);
    for (const struct case_item *item = node->items; item != NULL; item = item->next) {
        add(shower, "(");
        show_words(shower, item->patterns, "|");
        add(shower, ") ");
        if (item->body != NULL) {
            catch_up(shower, item->body);
            show(shower, item->body);
            end_command(shower, item->body);
        }
        add(shower, ";;");
        may_end_line(shower);
    }
    add(shower, "esac");
}

static void show_if(struct shower *shower, const struct node *node)
{
    show_part(shower, "if ", node->first, "then ");
    show_part(shower, "", node->second, "");
    if (node->third != NULL)
        show_part(shower, "else ", node->third, "");
    add(shower, "fi");
}

static void show_two(struct shower *shower, const struct node *node, const char *between)
{
    show(shower, node->first);
    add(shower, between);
    catch_up(shower, node->second);
    show(shower, node->second);
}

static void show_kind(struct shower *shower, const struct node *node)
{
    switch (node->kind) {
    case NODE_SIMPLE:
        show_simple(shower, node);
        break;
    case NODE_PIPELINE:
    case NODE_SEQUENCE:
        show_children(shower, node);
        break;
    case NODE_NOT:
        add(shower, "! ");
        show(shower, node->first);
        break;
    case NODE_AND:
        show_two(shower, node, " && ");
        break;
    case NODE_OR:
        show_two(shower, node, " || ");
        break;
    case NODE_BACKGROUND:
        show(shower, node->first);
        add(shower, " &");
        break;
    case NODE_GROUP:
        show_part(shower, "{ ", node->first, "}");
        break;
    case NODE_SUBSHELL:
        show_part(shower, "( ", node->first, ")");
        break;
    case NODE_IF:
        show_if(shower, node);
        break;
    case NODE_WHILE:
    case NODE_UNTIL:
        show_part(shower, node->kind == NODE_WHILE ? "while " : "until ", node->first, "do ");
        show_part(shower, "", node->second, "done");
        break;
    case NODE_FOR:
        show_for(shower, node);
        break;
    case NODE_CASE:
        show_case(shower, node);
        break;
    case NODE_FUNCTION:
        add(shower, node->name);
        add(shower, "() ");
        show(shower, node->first);
        break;
    }
}

static void show(struct shower *shower, const struct node *node)
{
    show_kind(shower, node);
    show_redirects(shower, node->redirects);
}

void show_tree(const struct node *node, struct text *text)
{
    struct shower shower = { .text = text, .line = show_line(node), .counted = text->size };
    show(&shower, node);
    end_line(&shower);
}
