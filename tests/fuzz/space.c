/* A name space, on any bytes: each is an operation and a path of what follows, on files in memory
 * with a few mounts, hardly any space, and nodes that are held open. All that is taken is given
 * back in the end. Before that they are where a connection leads to. */
#include "programs/fs/root/address.h"
#include "programs/fs/root/ram.h"
#include "programs/fs/root/walk.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 24, HELD_MAX = 8, CHUNKS = 4, NAME = 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mounts mounts;
static struct ram ram;
static struct walk walks[2];
static uint64_t held[HELD_MAX];
static uint8_t chunks[CHUNKS][BLOCKS_OF_CHUNK * BLOCK_BYTES];
static uint32_t chunk_count;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void *take(size_t size)
{
    must(size == sizeof(chunks[0]));
    return chunk_count == CHUNKS ? NULL : chunks[chunk_count++];
}

static uint64_t now(void)
{
    return 1;
}

static int permits(const struct mount *mount)
{
    return mount->slot != 3 ? 0 : FAILURE(ACCESS);
}

/* What is left of the input. */
struct input {
    const uint8_t *data;
    size_t size;
};

static uint8_t next(struct input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->data++;
}

/* A path of few different names, or some bytes as they are. */
static struct weft_bytes next_path(struct input *input, char text[4 * NAME])
{
    static const char *const names[] = { "a", "b", ".", "..", "tmp", "/", "mnt/x", "c/" };
    uint8_t first = next(input);
    text[0] = 0;
    if (first >= 0xF0) {
        size_t size = input->size < (first & 15u) ? input->size : (first & 15u);
        struct weft_bytes raw = { input->data, (uint32_t)size };
        input->data += size;
        input->size -= size;
        return raw;
    }
    for (uint32_t i = 0; i <= first % 4u; i++) {
        strcat(text, names[next(input) % 8]);
        strcat(text, i < first % 4u ? "/" : "");
    }
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

static bool is_own(struct volume_node node)
{
    return node.volume == &ram.volume;
}

static int go(struct walk *at, struct input *input)
{
    static const struct volume_node root = { &mounts.volume, VOLUME_ROOT };
    char text[4 * NAME];
    uint8_t base = next(input);
    struct volume_node from = root;
    at->mounts = &mounts;
    at->permits = permits;
    at->follows = (base & 1) != 0;
    if ((base & 2) != 0 && held[base / 4 % HELD_MAX] != 0)
        from = (struct volume_node){ &ram.volume, held[base / 4 % HELD_MAX] };
    int failure = walk(at, from, next_path(input, text));
    if (failure == 0 && at->kind == WALK_FOREIGN)
        return FAILURE(CROSS_DEVICE);
    return failure;
}

static void create(struct input *input)
{
    static const enum files_node_kind kinds[] = { FILES_NODE_KIND_DIRECTORY,
                                                  FILES_NODE_KIND_REGULAR_FILE,
                                                  FILES_NODE_KIND_SYMBOLIC_LINK };
    char text[4 * NAME];
    struct walk *at = &walks[0];
    uint64_t node;
    if (go(at, input) != 0 || at->kind != WALK_MISSING || !is_own(at->directory))
        return;
    struct volume_making making = { at->name, kinds[next(input) % 3], { 0 } };
    if (making.kind == FILES_NODE_KIND_SYMBOLIC_LINK)
        making.target = next_path(input, text);
    ram_create(&ram.volume, at->directory.node, &making, &node);
}

static void change(struct input *input, uint8_t operation)
{
    struct walk *at = &walks[0], *to = &walks[1];
    uint32_t count;
    struct weft_bytes bytes = { input->data, (uint32_t)(input->size < 64 ? input->size : 64) };
    if (go(at, input) != 0 || at->kind != WALK_NODE || !is_own(at->node))
        return;
    if (operation == 0 && at->name.size != 0 && is_own(at->directory))
        ram_remove(&ram.volume, at->directory.node, at->name, next(input) % 2 != 0);
    else if (operation == 1)
        ram_write(&ram.volume, at->node.node, (uint64_t)next(input) << next(input) % 40, bytes,
                  &count);
    else if (operation == 2)
        ram_set_size(&ram.volume, at->node.node, (uint64_t)next(input) << next(input) % 40);
    else if (operation == 3 && go(to, input) == 0 && is_own(to->directory) && to->name.size != 0 &&
             at->name.size != 0 && is_own(at->directory))
        ram_rename(&ram.volume, at->directory.node, at->name, to->directory.node, to->name);
    else if (operation == 4 && go(to, input) == 0 && is_own(to->directory) && to->name.size != 0)
        ram_link(&ram.volume, at->node.node, to->directory.node, to->name);
}

static void hold(struct input *input)
{
    uint64_t *place = &held[next(input) % HELD_MAX];
    if (*place != 0)
        ram.volume.operations->release(&ram.volume, *place);
    *place = 0;
    if (go(&walks[0], input) != 0 || walks[0].kind != WALK_NODE || !is_own(walks[0].node))
        return;
    *place = walks[0].node.node;
    ram.volume.operations->hold(&ram.volume, *place);
}

static void mount(struct input *input)
{
    char text[4 * NAME];
    struct mount row = { .slot = next(input) % 4, .needs = "" };
    struct weft_bytes path = next_path(input, text);
    if (next(input) % 2 == 0)
        mounts_add(&mounts, path, &row);
    else if (!volume_name_is(path, "/tmp"))
        mounts_remove(&mounts, path, &row);
}

/* All names go, from below. */
static void clear(void)
{
    static struct listing listing;
    uint64_t directory = VOLUME_ROOT, node;
    for (;;) {
        listing = (struct listing){ .room = 2 * VOLUME_NAME_MAX };
        must(ram_list(&ram.volume, directory, &listing) == 0);
        if (listing.count == 0 && directory == VOLUME_ROOT)
            return;
        must(listing.count != 0);
        struct weft_bytes name = listing.entries[0].name;
        bool is_directory = listing.entries[0].kind == FILES_NODE_KIND_DIRECTORY;
        int failure = ram_remove(&ram.volume, directory, name, is_directory);
        must(failure == 0 || failure == FAILURE(NOT_EMPTY));
        if (failure == 0)
            directory = VOLUME_ROOT;
        else if (ram_look_up(&ram.volume, directory, name, &node) == 0)
            directory = node;
    }
}

static void read_address(const uint8_t *data, size_t size)
{
    struct weft_bytes host, where = { data, (uint32_t)size };
    uint8_t parts[4];
    uint16_t port;
    if (!address_divide(where, &host, &port))
        return;
    must(port != 0 && host.size != 0 && host.data[host.size] == ':');
    address_read(host, parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_address(data, size);
    struct input input = { data, size < 512 ? size : 512 };
    struct mount tmp = { .volume = &ram.volume };
    chunk_count = 0;
    mounts_init(&mounts);
    must(ram_init(&ram, BLOCKS, take, now));
    must(mounts_add(&mounts, WEFT_BYTES("/tmp"), &tmp) == 0);
    uint32_t at_first = ram.blocks.used;
    while (input.size != 0) {
        uint8_t operation = next(&input) % 10;
        if (operation < 3)
            create(&input);
        else if (operation < 8)
            change(&input, operation - 3);
        else if (operation == 8)
            hold(&input);
        else
            mount(&input);
        must(ram.blocks.used <= BLOCKS);
    }
    clear();
    for (uint32_t i = 0; i < HELD_MAX; i++) {
        if (held[i] != 0)
            ram.volume.operations->release(&ram.volume, held[i]);
        held[i] = 0;
    }
    must(ram.blocks.used == at_first);
    return 0;
}
