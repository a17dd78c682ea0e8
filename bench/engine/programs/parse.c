/* A text of nested lists, numbers, words and escapes, read to a tree and written again. */
#include "bench/engine/programs/program.h"

enum { TEXT_BYTES = 1 << 17, NODES_MAX = 1 << 16, DEPTH_MAX = 12, ROUNDS = 220 };

enum kind { NUMBER, WORD, LIST };

struct node {
    enum kind kind;
    uint32_t next, first; /* nodes; 0: none */
    int64_t number;
    uint32_t at, size; /* of a word */
};

static char text[TEXT_BYTES + 64], out[2 * TEXT_BYTES];
static struct node nodes[NODES_MAX];
static uint32_t node_count;
static size_t at, written;

static void make(int depth)
{
    uint64_t r = random_next();
    if (depth < DEPTH_MAX && r % 3 != 0) {
        text[at++] = '[';
        for (uint64_t i = 0; i < 1 + (r >> 8) % 6 && at < TEXT_BYTES - 64; i++) {
            if (i != 0)
                text[at++] = ',';
            make(depth + 1);
        }
        text[at++] = ']';
    } else if (r & 1 << 10) {
        at += (size_t)sprintf(text + at, "%s%u", r & 1 << 11 ? "-" : " ", (unsigned)(r >> 34));
    } else {
        text[at++] = '"';
        for (uint64_t i = 0; i < (r >> 20) % 14; i++) {
            if (random_next() % 9 == 0)
                text[at++] = '\\';
            text[at++] = (char)('a' + random_next() % 26);
        }
        text[at++] = '"';
    }
}

static void skip(void)
{
    while (text[at] == ' ' || text[at] == '\n')
        at++;
}

static uint32_t node_new(enum kind kind)
{
    if (node_count == NODES_MAX)
        exit(1);
    nodes[node_count] = (struct node){ .kind = kind };
    return node_count++;
}

static uint32_t read_number(void)
{
    uint32_t node = node_new(NUMBER);
    int is_negative = text[at] == '-';
    int64_t number = 0;
    for (at += (size_t)is_negative; text[at] >= '0' && text[at] <= '9'; at++)
        number = number * 10 + (text[at] - '0');
    nodes[node].number = is_negative ? -number : number;
    return node;
}

static uint32_t read_word(void)
{
    uint32_t node = node_new(WORD);
    nodes[node].at = (uint32_t)++at;
    while (text[at] != '"')
        at += text[at] == '\\' ? 2 : 1;
    nodes[node].size = (uint32_t)at++ - nodes[node].at;
    return node;
}

static uint32_t read_value(void)
{
    skip();
    if (text[at] == '"')
        return read_word();
    if (text[at] != '[')
        return read_number();
    uint32_t list = node_new(LIST), last = 0;
    do {
        at++;
        uint32_t value = read_value();
        *(last == 0 ? &nodes[list].first : &nodes[last].next) = value;
        last = value;
        skip();
    } while (text[at] == ',');
    at++;
    return list;
}

static void write_number(int64_t number)
{
    char digits[24];
    int count = 0;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        digits[count++] = (char)('0' + left % 10);
    while ((left /= 10) != 0);
    if (number < 0)
        out[written++] = '-';
    while (count != 0)
        out[written++] = digits[--count];
}

static void write_value(const struct node *node)
{
    if (node->kind == NUMBER) {
        write_number(node->number);
        return;
    }
    out[written++] = node->kind == LIST ? '[' : '"';
    if (node->kind == WORD) {
        memcpy(out + written, text + node->at, node->size);
        written += node->size;
    }
    for (uint32_t child = node->first; child != 0; child = nodes[child].next) {
        write_value(&nodes[child]);
        out[written++] = ',';
    }
    out[written++] = node->kind == LIST ? ']' : '"';
}

int main(void)
{
    uint64_t sum = 0;
    text[at++] = '[';
    do {
        if (at != 1)
            text[at++] = ',';
        make(1);
    } while (at < TEXT_BYTES - 4096);
    text[at++] = ']';
    for (int round = 0; round < ROUNDS; round++) {
        at = written = 0;
        node_count = 1;
        write_value(&nodes[read_value()]);
        for (size_t i = 0; i < written; i++)
            sum = sum * 31 + (uint8_t)out[i];
    }
    return finish("parse", sum);
}
