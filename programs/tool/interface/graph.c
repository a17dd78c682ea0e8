/* Who talks to whom: each process and handler of the platform a node, each link an edge. */
#include "programs/tool/interface/interface.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs/tool/shared/definitions.h"
#include "programs/tool/shared/figures.h"

enum { NODES_MAX = 512, EDGES_MAX = 4096, NAME_SHOWN = 40 };

struct node {
    uint64_t process; /* 0: of the kernel or the platform, by its name */
    uint64_t silo;
    char name[NAME_SHOWN + 1];
    bool is_receiver; /* somebody sends to it */
};

struct edge {
    uint32_t from;
    uint32_t to;
    uint64_t interface;
    uint32_t slots;
};

static struct {
    struct node nodes[NODES_MAX];
    uint32_t node_count;
    struct edge edges[EDGES_MAX];
    uint32_t edge_count;
    bool is_cut; /* there is more */
} graph;

/* ---- Finding it ---- */

static uint32_t add_node(uint64_t process, uint64_t silo, struct weft_bytes name)
{
    char text[NAME_SHOWN + 1] = "";
    for (uint32_t i = 0; i < name.size && i < NAME_SHOWN; i++)
        text[i] = name.data[i] < ' ' || name.data[i] == 0x7F ? '?' : (char)name.data[i];
    for (uint32_t i = 0; i < graph.node_count; i++)
        if (graph.nodes[i].process == process &&
            (process != 0 || strcmp(graph.nodes[i].name, text) == 0))
            return i;
    if (graph.node_count == NODES_MAX) {
        graph.is_cut = true;
        return NODES_MAX;
    }
    struct node *node = &graph.nodes[graph.node_count];
    *node = (struct node){ .process = process, .silo = silo };
    memcpy(node->name, text, sizeof(text));
    return graph.node_count++;
}

static void add_edge(uint32_t from, const struct statistics_link *link)
{
    if (link->route != STATISTICS_ROUTE_HANDLED)
        return;
    uint32_t to = add_node(link->handler, 0, link->name);
    if (graph.edge_count == EDGES_MAX || from == NODES_MAX || to == NODES_MAX) {
        graph.is_cut = true;
        return;
    }
    graph.nodes[to].is_receiver = true;
    graph.edges[graph.edge_count++] = (struct edge){ from, to, link->interface, link->slots };
}

static enum weft_status find_edges(const struct figures *figures)
{
    static _Alignas(8) uint8_t buffer[512 << 10];
    struct weft_client client = { .slot = statistics_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    for (uint32_t i = 0; i < figures->processes.count; i++) {
        const struct statistics_process_figures *item = &figures->processes.data[i];
        add_node(item->process, item->silo, item->name);
    }
    for (uint32_t i = 0; i < figures->processes.count; i++) {
        struct statistics_link_list_error_result result;
        const struct statistics_process_figures *item = &figures->processes.data[i];
        enum weft_status status = statistics_links(&client, item->process, &result);
        if (status != WEFT_OK)
            return status;
        uint32_t from = add_node(item->process, item->silo, item->name);
        for (uint32_t k = 0; !result.failed && k < result.value.count; k++)
            add_edge(from, &result.value.data[k]);
    }
    return WEFT_OK;
}

/* ---- As text ---- */

static void print_node(const struct node *node)
{
    if (node->process != 0)
        printf("%" PRIu64 " ", node->process);
    printf("%s", node->name[0] != '\0' ? node->name : "(above)");
}

static void print_graph(void)
{
    for (uint32_t i = 0; i < graph.node_count; i++) {
        bool is_first = true;
        for (uint32_t k = 0; k < graph.edge_count; k++) {
            const struct edge *edge = &graph.edges[k];
            if (edge->from != i)
                continue;
            if (is_first) {
                print_node(&graph.nodes[i]);
                printf("  (silo %" PRIu64 ")\n", graph.nodes[i].silo);
            }
            is_first = false;
            printf("    %-20s -> ", interface_name(edge->interface));
            print_node(&graph.nodes[edge->to]);
            if (edge->slots > 1)
                printf("  by %" PRIu32 " slots", edge->slots);
            putchar('\n');
        }
    }
}

/* ---- As a picture ---- */

enum { ROW = 34, BOX = 24, LEFT = 20, WIDTH = 250, RIGHT = 620 };

static void print_escaped(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<')
            fputs("&lt;", stdout);
        else if (*text == '>')
            fputs("&gt;", stdout);
        else if (*text == '&')
            fputs("&amp;", stdout);
        else
            putchar(*text);
    }
}

static void draw_node(const struct node *node, int x, uint32_t row)
{
    int y = 20 + (int)row * ROW;
    printf("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"%s\" "
           "stroke=\"#555\"/>\n<text x=\"%d\" y=\"%d\">",
           x, y, WIDTH, BOX, node->process != 0 ? "#e8f0ff" : "#eee", x + 8, y + 16);
    if (node->process != 0)
        printf("%" PRIu64 " ", node->process);
    print_escaped(node->name[0] != '\0' ? node->name : "(above)");
    puts("</text>");
}

/* Several interfaces between the same two are one line, which says all. */
static void draw_edge(uint32_t index, const uint32_t *right_rows)
{
    const struct edge *edge = &graph.edges[index];
    for (uint32_t i = 0; i < index; i++)
        if (graph.edges[i].from == edge->from && graph.edges[i].to == edge->to)
            return;
    int from = 20 + (int)edge->from * ROW + BOX / 2;
    int to = 20 + (int)right_rows[edge->to] * ROW + BOX / 2;
    printf("<path d=\"M%d %d C%d %d %d %d %d %d\" fill=\"none\" stroke=\"#88a\"><title>",
           LEFT + WIDTH, from, LEFT + WIDTH + 120, from, RIGHT - 120, to, RIGHT, to);
    const char *before = "";
    for (uint32_t i = index; i < graph.edge_count; i++)
        if (graph.edges[i].from == edge->from && graph.edges[i].to == edge->to) {
            fputs(before, stdout);
            print_escaped(interface_name(graph.edges[i].interface));
            before = ", ";
        }
    puts("</title></path>");
}

/* Who sends stands on the left, who is sent to on the right; many are on both sides. */
static void draw_graph(void)
{
    static uint32_t right_rows[NODES_MAX];
    uint32_t rows = 0;
    for (uint32_t i = 0; i < graph.node_count; i++)
        if (graph.nodes[i].is_receiver)
            right_rows[i] = rows++;
    uint32_t height = rows > graph.node_count ? rows : graph.node_count;
    printf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
           "font-family=\"sans-serif\" font-size=\"13\">\n",
           RIGHT + WIDTH + 20, 40 + (int)height * ROW);
    for (uint32_t i = 0; i < graph.edge_count; i++)
        draw_edge(i, right_rows);
    for (uint32_t i = 0; i < graph.node_count; i++) {
        if (graph.nodes[i].silo != 0)
            draw_node(&graph.nodes[i], LEFT, i);
        if (graph.nodes[i].is_receiver)
            draw_node(&graph.nodes[i], RIGHT, right_rows[i]);
    }
    puts("</svg>");
}

int interface_graph(bool as_picture)
{
    static struct figures figures;
    enum weft_status status = figures_take(&figures);
    if (status == WEFT_OK)
        status = find_edges(&figures);
    if (status != WEFT_OK)
        return tell_status("interface", status);
    if (as_picture)
        draw_graph();
    else
        print_graph();
    if (graph.is_cut)
        fputs("interface: there is more than 512 nodes or 4096 edges: the rest is left out\n",
              stderr);
    return 0;
}
