/* Runs trees. What a command makes of those around it (`break`, `return`, `exit`) is in shell.flow:
 * whoever runs commands one after the other stops when it is not FLOW_ON. */
#include "programs/shell/run.h"
#include "programs/shell/language/pattern.h"
#include "programs/shell/language/show.h"

#include <stdlib.h>
#include <string.h>

static const struct node *running; /* the innermost command; NULL: none */

static int run_loop(const struct node *node);

/* ---- Small commands -----------------------------------------------------------------------------
 */

static int run_sequence(const struct node *node)
{
    int status = 0;
    for (const struct child *child = node->children; child != NULL; child = child->next) {
        status = run_node(child->node);
        if (shell.flow != FLOW_ON)
            break;
    }
    return status;
}

static int run_unchecked(const struct node *node)
{
    shell.unchecked++;
    int status = run_node(node);
    shell.unchecked--;
    return status;
}

static int run_and_or(const struct node *node)
{
    int status = run_unchecked(node->first);
    if (shell.flow != FLOW_ON || (status == 0) != (node->kind == NODE_AND))
        return status;
    return run_node(node->second);
}

static int run_if(const struct node *node)
{
    int status = run_unchecked(node->first);
    if (shell.flow != FLOW_ON)
        return status;
    if (status == 0)
        return run_node(node->second);
    return node->third == NULL ? 0 : run_node(node->third);
}

static int run_case(const struct node *node)
{
    struct expander expander = run_expander();
    struct text word = { 0 };
    const struct case_item *chosen = NULL;
    expand_single(&expander, node->name, &word);
    for (const struct case_item *item = node->items; item != NULL && chosen == NULL;
         item = item->next)
        for (const struct word *at = item->patterns; at != NULL && chosen == NULL; at = at->next) {
            struct text pattern = { 0 };
            expand_pattern(&expander, at->text, &pattern);
            if (expander.mistake.size == 0 &&
                pattern_matches(text_string(&pattern), text_string(&word), word.size))
                chosen = item;
            text_free(&pattern);
        }
    bool failed = expander.mistake.size != 0;
    run_mistake(&expander);
    text_free(&word);
    if (failed)
        return STATUS_FAILED;
    return chosen == NULL || chosen->body == NULL ? 0 : run_node(chosen->body);
}

/* ---- Loops --------------------------------------------------------------------------------------
 */

/* After one turn: whether there is another. */
static bool goes_on(void)
{
    bool breaks = shell.flow == FLOW_BREAK;
    if (shell.interrupted || shell.left_job || job_interrupted())
        return false;
    if (breaks || shell.flow == FLOW_CONTINUE) {
        if (--shell.flow_count > 0)
            return false;
        shell.flow = FLOW_ON;
    }
    signal_poll();
    signal_run();
    return shell.flow == FLOW_ON && !breaks;
}

static int run_while(const struct node *node)
{
    int status = 0;
    do {
        int condition = run_unchecked(node->first);
        if (shell.flow != FLOW_ON)
            continue;
        if ((condition == 0) != (node->kind == NODE_WHILE))
            break;
        status = run_node(node->second);
    } while (goes_on());
    return shell.flow == FLOW_ON ? status : shell.status;
}

static int run_for(const struct node *node)
{
    struct expander expander = run_expander();
    struct words words = { 0 };
    int status = 0;
    for (const struct word *word = node->words; word != NULL; word = word->next)
        expand_word(&expander, word->text, &words);
    for (size_t i = 0; !node->has_in && i < shell.parameters.count; i++)
        words_add_copy(&words, shell.parameters.data[i]);
    bool failed = expander.mistake.size != 0;
    run_mistake(&expander);
    for (size_t i = 0; i < words.count && !failed; i++) {
        if (!variables_set(&shell.variables, node->name, words.data[i], 0)) {
            complain(node->name, "it is read-only");
            status = STATUS_FAILED;
            break;
        }
        status = run_node(node->first);
        if (!goes_on())
            break;
    }
    words_free(&words);
    return failed ? STATUS_FAILED : shell.flow == FLOW_ON ? status : shell.status;
}

static int run_loop(const struct node *node)
{
    shell.loops++;
    int status = node->kind == NODE_FOR ? run_for(node) : run_while(node);
    shell.loops--;
    shell.left_job = shell.left_job && shell.loops != 0;
    return status;
}

/* ---- Other processes ----------------------------------------------------------------------------
 */

/* In the foreground, and in a process of its own. */
static int run_apart(const struct node *node)
{
    struct started started = { 0 };
    struct job *job = job_create();
    int status = subshell_start(node, NULL, descriptors, &started, job);
    int ended = job_wait(job, WEFT_NO_SLOT, NULL);
    return status != 0 ? status : ended;
}

static char *text_of(const struct node *node)
{
    struct text text = { 0 };
    show_tree(node, &text);
    return text_release(&text);
}

char *run_shown(void)
{
    return running == NULL ? take_copy("", 0) : text_of(running);
}

/* Without a person, what runs behind does not read what the shell reads. */
static int run_background(const struct node *node)
{
    char *text = text_of(node);
    struct job *job = job_create_behind(text);
    struct stream *streams[DESCRIPTORS];
    memcpy(streams, descriptors, sizeof(streams));
    struct stream *nothing = shell.interactive ? NULL : stream_nothing();
    if (nothing != NULL)
        streams[0] = nothing;
    int status = run_start(node, streams, job, true);
    stream_release(nothing);
    free(text);
    job_leave(job, shell.interactive);
    return status;
}

static size_t child_count(const struct node *node)
{
    size_t count = 0;
    for (const struct child *child = node->children; child != NULL; child = child->next)
        count++;
    return count;
}

/* All of a pipeline's commands are processes; each has one end of the pipe before it and one of
 * that behind it, and nobody else has them. */
static int run_pipeline(const struct node *node)
{
    struct job *job = job_create();
    struct stream *before = stream_hold(descriptors[0]);
    size_t left = child_count(node);
    int status = 0;
    for (const struct child *child = node->children; child != NULL; child = child->next) {
        struct stream *streams[DESCRIPTORS];
        int32_t reading = WEFT_NO_SLOT, writing = WEFT_NO_SLOT;
        memcpy(streams, descriptors, sizeof(streams));
        if (--left != 0 && !stream_pipe(&reading, &writing)) {
            status = STATUS_FAILED;
            break;
        }
        streams[0] = before;
        if (left != 0)
            streams[1] = stream_create(writing);
        status = run_start(child->node, streams, job, false);
        stream_release(before);
        before = left != 0 ? stream_create(reading) : NULL;
        if (left != 0)
            stream_release(streams[1]);
    }
    stream_release(before);
    int ended = job_wait(job, WEFT_NO_SLOT, NULL);
    return status != 0 ? status : ended;
}

/* ---- All kinds ----------------------------------------------------------------------------------
 */

static int run_kind(const struct node *node)
{
    switch (node->kind) {
    case NODE_SIMPLE:
        return run_simple(node);
    case NODE_PIPELINE:
        return run_pipeline(node);
    case NODE_NOT:
        return run_unchecked(node->first) == 0;
    case NODE_AND:
    case NODE_OR:
        return run_and_or(node);
    case NODE_SEQUENCE:
        return run_sequence(node);
    case NODE_BACKGROUND:
        return run_background(node->first);
    case NODE_GROUP:
        return run_node(node->first);
    case NODE_SUBSHELL:
        return run_apart(node->first);
    case NODE_IF:
        return run_if(node);
    case NODE_WHILE:
    case NODE_UNTIL:
    case NODE_FOR:
        return run_loop(node);
    case NODE_CASE:
        return run_case(node);
    case NODE_FUNCTION:
        function_define(node->name, node->first);
        return 0;
    }
    return 0;
}

/* Whether set -e looks at this command itself, and not at one within. */
static bool is_checked(const struct node *node)
{
    return node->kind == NODE_SIMPLE || node->kind == NODE_PIPELINE || node->kind == NODE_SUBSHELL;
}

int run_node(const struct node *node)
{
    struct saved saved;
    bool redirects = node->redirects != NULL && node->kind != NODE_SIMPLE;
    const struct node *outer = running;
    shell.line = node->line;
    if (shell.no_execute && !shell.interactive)
        return 0;
    running = node;
    if (!redirects) {
        shell.status = run_kind(node);
    } else {
        shell.status = redirect_begin(node->redirects, &saved) ? run_kind(node) : STATUS_MISUSED;
        redirect_end(&saved);
    }
    running = outer;
    if (shell.pending != 0)
        signal_run();
    if (shell.ended_by != 0)
        shell.status = STATUS_SIGNAL + shell.ended_by;
    if (shell.interrupted && shell.flow == FLOW_ON) {
        shell.flow = FLOW_EXIT;
        shell.status = STATUS_INTERRUPTED;
    }
    if (shell.status != 0 && shell.exit_on_error && shell.unchecked == 0 && is_checked(node) &&
        shell.flow == FLOW_ON)
        shell.flow = FLOW_EXIT;
    return shell.status;
}
