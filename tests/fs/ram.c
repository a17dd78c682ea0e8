/* The file system in memory against a slow model: the same random operations on both, the same
 * results and contents; with room and without; and nothing is lost in the end. */
#include "programs/fs/root/ram.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum {
    NODES_MAX = 48,
    NAMES = 7,
    BYTES_MAX = 64 << 10,
    STEPS = 40000,
    CHUNKS_TAKEN_MAX = CHUNKS_MAX,
};

/* ---- The model: nodes, each with its bytes, or with a node for each of the names ----------------
 */

struct model_node {
    bool is_used;
    enum files_node_kind kind;
    uint32_t names; /* how often it is named */
    uint32_t size;
    uint8_t *bytes;
    int below[NAMES]; /* -1: nothing */
    uint64_t real;
};

static struct model_node model[NODES_MAX];
static struct ram ram;
static uint64_t clock_now;
static uint64_t state;

static uint32_t pick(uint32_t count)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % count;
}

static uint64_t now(void)
{
    return ++clock_now;
}

static void *chunks[CHUNKS_TAKEN_MAX];
static uint32_t chunk_count;

static void *take(size_t size)
{
    void *chunk = malloc(size);
    memset(chunk, 0xA5, size);
    chunks[chunk_count++] = chunk;
    return chunk;
}

static struct weft_bytes name_of(uint32_t index)
{
    static const char *const names[NAMES] = { "a", "b", "c", "file", "folder", "quite a long name",
                                              "z" };
    return (struct weft_bytes){ (const uint8_t *)names[index], (uint32_t)strlen(names[index]) };
}

static int new_node(enum files_node_kind kind, uint64_t real)
{
    int index = 0;
    while (model[index].is_used)
        index++;
    model[index] = (struct model_node){ .is_used = true, .kind = kind, .names = 1, .real = real };
    model[index].bytes = calloc(1, BYTES_MAX);
    for (int i = 0; i < NAMES; i++)
        model[index].below[i] = -1;
    return index;
}

static bool has_room(void)
{
    for (int i = 0; i < NODES_MAX; i++)
        if (!model[i].is_used)
            return true;
    return false;
}

static void unname(int index)
{
    if (--model[index].names != 0)
        return;
    free(model[index].bytes);
    model[index].is_used = false;
}

static bool is_empty(const struct model_node *node)
{
    for (int i = 0; i < NAMES; i++)
        if (node->below[i] >= 0)
            return false;
    return true;
}

static int any(bool directory)
{
    for (;;) {
        int index = (int)pick(NODES_MAX);
        if (model[index].is_used && (model[index].kind == FILES_NODE_KIND_DIRECTORY) == directory)
            return index;
        if (!directory && pick(200) == 0)
            return -1;
    }
}

/* Whether `above` is `below` or a directory on the way to it. */
static bool is_above(int above, int below)
{
    if (above == below)
        return true;
    for (int i = 0; i < NAMES; i++) {
        int next = model[above].below[i];
        if (next >= 0 && model[next].kind == FILES_NODE_KIND_DIRECTORY && is_above(next, below))
            return true;
    }
    return false;
}

/* ---- What each operation should give -----------------------------------------------------------
 */

static int should_remove(int index, bool directory)
{
    if (index < 0)
        return FAILURE(NOT_FOUND);
    if (model[index].kind != FILES_NODE_KIND_DIRECTORY)
        return directory ? FAILURE(NOT_DIRECTORY) : 0;
    if (!directory)
        return FAILURE(IS_DIRECTORY);
    return is_empty(&model[index]) ? 0 : FAILURE(NOT_EMPTY);
}

static int should_rename(int index, int to, int there)
{
    if (index < 0)
        return FAILURE(NOT_FOUND);
    if (there == index)
        return 0;
    bool directory = model[index].kind == FILES_NODE_KIND_DIRECTORY;
    if (directory && is_above(index, to))
        return FAILURE(INVALID);
    return there < 0 ? 0 : should_remove(there, directory);
}

/* ---- Steps: false if the two differ -------------------------------------------------------------
 */

static struct volume *volume = &ram.volume;
static bool is_tight; /* there may be no space for what the model has */

static bool same(int real, int should)
{
    return real == should || (is_tight && real == FAILURE(NO_SPACE) && should == 0);
}

static bool step_create(void)
{
    static const enum files_node_kind kinds[] = { FILES_NODE_KIND_REGULAR_FILE,
                                                  FILES_NODE_KIND_DIRECTORY,
                                                  FILES_NODE_KIND_SYMBOLIC_LINK };
    int directory = any(true);
    uint32_t name = pick(NAMES);
    struct volume_making making = { name_of(name), kinds[pick(3)], { 0 } };
    uint64_t node = 0;
    if (making.kind == FILES_NODE_KIND_SYMBOLIC_LINK)
        making.target = name_of(pick(NAMES));
    if (!has_room())
        return true;
    int should = model[directory].below[name] >= 0 ? FAILURE(EXISTS) : 0;
    int real = ram_create(volume, model[directory].real, &making, &node);
    if (real == 0 && should == 0) {
        int made = new_node(making.kind, node);
        if (making.target.size != 0)
            memcpy(model[made].bytes, making.target.data, making.target.size);
        model[made].size = making.target.size;
        model[directory].below[name] = made;
    }
    return same(real, should);
}

static bool step_remove(void)
{
    int directory = any(true);
    uint32_t name = pick(NAMES);
    bool as_directory = pick(2) == 0;
    int index = model[directory].below[name];
    int should = should_remove(index, as_directory);
    int real = ram_remove(volume, model[directory].real, name_of(name), as_directory);
    if (real == 0 && should == 0) {
        model[directory].below[name] = -1;
        unname(index);
    }
    return real == should;
}

static bool step_rename(void)
{
    int from = any(true), to = any(true);
    uint32_t name = pick(NAMES), to_name = pick(NAMES);
    int index = model[from].below[name], there = model[to].below[to_name];
    int should = should_rename(index, to, there);
    int real =
        ram_rename(volume, model[from].real, name_of(name), model[to].real, name_of(to_name));
    if (real == 0 && should == 0 && index != there) {
        if (there >= 0)
            unname(there);
        model[from].below[name] = -1;
        model[to].below[to_name] = index;
    }
    return real == should;
}

static bool step_link(void)
{
    int directory = any(true), file = any(false);
    uint32_t name = pick(NAMES);
    if (file < 0)
        return true;
    int should = model[directory].below[name] >= 0 ? FAILURE(EXISTS) : 0;
    int real = ram_link(volume, model[file].real, model[directory].real, name_of(name));
    if (real == 0 && should == 0) {
        model[directory].below[name] = file;
        model[file].names++;
    }
    return same(real, should);
}

static bool step_write(void)
{
    static uint8_t bytes[BYTES_MAX];
    int file = any(false);
    uint32_t offset = pick(BYTES_MAX), size = pick(pick(2) == 0 ? 100 : BYTES_MAX);
    uint32_t count;
    if (file < 0 || model[file].kind != FILES_NODE_KIND_REGULAR_FILE)
        return true;
    size = size < BYTES_MAX - offset ? size : BYTES_MAX - offset;
    for (uint32_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)pick(256);
    int real =
        ram_write(volume, model[file].real, offset, (struct weft_bytes){ bytes, size }, &count);
    if (real == 0 && count != 0) {
        memcpy(model[file].bytes + offset, bytes, count);
        if (model[file].size < offset + count)
            model[file].size = offset + count;
    }
    return same(real, 0) && (real != 0 || count == size || is_tight);
}

static bool step_size(void)
{
    int file = any(false);
    uint32_t size = pick(4) == 0 ? 0 : pick(BYTES_MAX);
    if (file < 0 || model[file].kind != FILES_NODE_KIND_REGULAR_FILE)
        return true;
    if (size < model[file].size)
        memset(model[file].bytes + size, 0, model[file].size - size);
    model[file].size = size;
    return ram_set_size(volume, model[file].real, size) == 0;
}

static bool step_read(void)
{
    static uint8_t bytes[BYTES_MAX];
    int file = any(false);
    uint32_t offset = pick(BYTES_MAX);
    struct volume_span span = { bytes, pick(BYTES_MAX) };
    uint32_t wanted = span.size;
    if (file < 0)
        return true;
    const struct model_node *node = &model[file];
    uint32_t left = offset < node->size ? node->size - offset : 0;
    return ram_read(volume, node->real, offset, &span) == 0 &&
           span.size == (wanted < left ? wanted : left) &&
           memcmp(bytes, node->bytes + offset, span.size) == 0;
}

static bool lists(int directory)
{
    static struct listing listing;
    uint32_t count = 0;
    listing = (struct listing){ .room = 4096 };
    if (ram_list(volume, model[directory].real, &listing) != 0)
        return false;
    for (uint32_t name = 0; name < NAMES; name++) {
        uint64_t node = 0;
        int index = model[directory].below[name];
        int found = ram_look_up(volume, model[directory].real, name_of(name), &node);
        if (found != (index < 0 ? FAILURE(NOT_FOUND) : 0) ||
            (index >= 0 && node != model[index].real))
            return false;
        count += index >= 0;
    }
    return listing.count == count;
}

static bool has_status(int index)
{
    struct files_status status;
    const struct model_node *node = &model[index];
    uint64_t links = node->names;
    for (int i = 0; i < NAMES; i++)
        links += node->below[i] >= 0 && model[node->below[i]].kind == FILES_NODE_KIND_DIRECTORY;
    links += node->kind == FILES_NODE_KIND_DIRECTORY;
    return volume->operations->status(volume, node->real, &status) == 0 &&
           status.kind == node->kind && status.links == links && status.size == node->size;
}

static bool step(void)
{
    bool (*const steps[])(void) = { step_create, step_create, step_remove, step_rename, step_link,
                                    step_write,  step_write,  step_size,   step_read,   step_read };
    bool is_same = steps[pick(sizeof(steps) / sizeof(steps[0]))]();
    int directory = any(true);
    return is_same && lists(directory) && has_status(directory);
}

/* Away with all below. */
static void clear(int directory)
{
    for (uint32_t name = 0; name < NAMES; name++) {
        int index = model[directory].below[name];
        if (index < 0)
            continue;
        bool is_directory = model[index].kind == FILES_NODE_KIND_DIRECTORY;
        if (is_directory)
            clear(index);
        ram_remove(volume, model[directory].real, name_of(name), is_directory);
        model[directory].below[name] = -1;
        unname(index);
    }
}

static void begin(uint32_t blocks)
{
    chunk_count = 0;
    ram_init(&ram, blocks, take, now);
    memset(model, 0, sizeof(model));
    new_node(FILES_NODE_KIND_DIRECTORY, VOLUME_ROOT);
}

static void end(void)
{
    clear(0);
    unname(0);
    for (uint32_t i = 0; i < chunk_count; i++)
        free(chunks[i]);
}

static void run_model(uint32_t blocks, bool tight, const char *name)
{
    bool is_same = true;
    is_tight = tight;
    state = blocks;
    begin(blocks);
    uint32_t at_first = ram.blocks.used;
    for (uint32_t i = 0; i < STEPS && is_same; i++)
        is_same = step();
    TAP_OK(is_same, name);
    clear(0);
    TAP_OK(ram.blocks.used == at_first, "  and all of it is given back");
    end();
}

/* ---- What random steps seldom meet
 * --------------------------------------------------------------- */

static uint64_t make_file(const char *name)
{
    struct volume_making making = { { (const uint8_t *)name, (uint32_t)strlen(name) },
                                    FILES_NODE_KIND_REGULAR_FILE,
                                    { 0 } };
    uint64_t node = 0;
    return ram_create(volume, VOLUME_ROOT, &making, &node) == 0 ? node : 0;
}

static void test_large(void)
{
    const uint64_t last = ((uint64_t)RAM_FILE_BLOCKS_MAX * BLOCK_BYTES) - 1;
    uint8_t byte = 7, read = 0;
    uint32_t count;
    struct volume_span span = { &read, 1 };
    begin(64);
    uint64_t file = make_file("large");
    TAP_OK(ram_write(volume, file, last, (struct weft_bytes){ &byte, 1 }, &count) == 0 &&
               ram.blocks.used < 16,
           "the last byte that a file can have, and few blocks for it");
    TAP_OK(ram_write(volume, file, last + 1, (struct weft_bytes){ &byte, 1 }, &count) ==
                   FAILURE(TOO_BIG) &&
               ram_set_size(volume, file, last + 2) == FAILURE(TOO_BIG),
           "one further is too big");
    TAP_OK(ram_read(volume, file, last, &span) == 0 && span.size == 1 && read == 7, "it is read");
    ram_set_size(volume, file, 5000);
    ram_set_size(volume, file, last + 1);
    TAP_OK(ram_read(volume, file, last, &span) == 0 && span.size == 1 && read == 0,
           "and gone once the file was cut");
    end();
}

static void test_full(void)
{
    static uint8_t bytes[8 * BLOCK_BYTES];
    uint32_t count = 0;
    begin(16);
    uint64_t file = make_file("full");
    uint64_t offset = 0;
    int failure = 0;
    while (failure == 0) {
        failure =
            ram_write(volume, file, offset, (struct weft_bytes){ bytes, sizeof(bytes) }, &count);
        offset += count;
    }
    TAP_OK(failure == FAILURE(NO_SPACE) && ram.blocks.used == 16,
           "a full one says that there is no space, and is full");
    TAP_OK(ram_write(volume, file, 0, (struct weft_bytes){ bytes, 10 }, &count) == 0 && count == 10,
           "what is there may be written again");
    struct volume_making making = { WEFT_BYTES("more"), FILES_NODE_KIND_SYMBOLIC_LINK,
                                    WEFT_BYTES("target") };
    uint64_t node;
    uint32_t used = ram.blocks.used;
    TAP_OK(ram_create(volume, VOLUME_ROOT, &making, &node) == FAILURE(NO_SPACE) &&
               ram.blocks.used == used &&
               ram_look_up(volume, VOLUME_ROOT, making.name, &node) == FAILURE(NOT_FOUND),
           "what cannot be made whole is not made");
    struct files_space space = { 0 };
    TAP_OK(volume->operations->space(volume, &space) == 0 &&
               space.total == (uint64_t)16 * BLOCK_BYTES && space.free == 0,
           "and its space tells that");
    ram_remove(volume, VOLUME_ROOT, WEFT_BYTES("full"), false);
    TAP_OK(ram.blocks.used <= 2, "removing it makes room");
    end();
}

static void test_held(void)
{
    uint8_t byte = 1;
    uint32_t count;
    begin(64);
    uint64_t file = make_file("held");
    ram_write(volume, file, 0, (struct weft_bytes){ &byte, 1 }, &count);
    volume->operations->hold(volume, file);
    ram_remove(volume, VOLUME_ROOT, WEFT_BYTES("held"), false);
    struct volume_span span = { &byte, 1 };
    TAP_OK(ram_read(volume, file, 0, &span) == 0 && span.size == 1,
           "who has a removed file open reads it");
    TAP_OK(ram_link(volume, file, VOLUME_ROOT, WEFT_BYTES("again")) == FAILURE(NOT_FOUND),
           "but it gets no name again");
    uint32_t used = ram.blocks.used;
    volume->operations->release(volume, file);
    TAP_OK(ram.blocks.used < used, "and with the last one it is gone");
    end();
}

/* A listing goes on where it was while names come and go. */
static void test_listing(void)
{
    static struct listing listing;
    char name[] = "n00";
    uint32_t seen = 0;
    begin(256);
    for (int i = 0; i < 40; i++) {
        name[1] = (char)('0' + i / 10);
        name[2] = (char)('0' + i % 10);
        make_file(name);
    }
    for (;;) {
        listing.count = listing.names_used = 0;
        listing.room = 3 * (32 + 3);
        if (ram_list(volume, VOLUME_ROOT, &listing) != 0 || listing.count == 0)
            break;
        seen += listing.count;
        listing.from = listing.entries[listing.count - 1].next;
        for (uint32_t i = 0; i < listing.count; i++)
            ram_remove(volume, VOLUME_ROOT, listing.entries[i].name, false);
    }
    TAP_OK(seen == 40, "all are listed, three at a time, each removed when it was seen");
    end();
}

int main(void)
{
    run_model(1 << 14, false, "random steps are as the model has them");
    run_model(40, true, "also where there is hardly any space");
    test_large();
    test_full();
    test_held();
    test_listing();
    return tap_done();
}
