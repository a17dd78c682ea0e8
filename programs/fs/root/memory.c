#include "programs/fs/root/memory.h"

#include "lib/memory.h"

static struct memory *of(struct volume *volume)
{
    return (struct memory *)(void *)volume; /* its first member */
}

void memory_drop(struct memory *memory, struct memory_node *node)
{
    if (node->links != 0 || node->holds != 0)
        return;
    memory_empty(memory, node);
    records_give(&memory->nodes, node->number);
}

static int status(struct volume *volume, uint64_t number, struct files_status *status)
{
    const struct memory_node *node = memory_node_of(of(volume), number);
    uint64_t links = node->links;
    if (node->kind == FILES_NODE_KIND_DIRECTORY && links != 0)
        links = 2 + (uint64_t)node->directories;
    *status = (struct files_status){
        .inode = node->inode,
        .kind = (enum files_node_kind)node->kind,
        .links = links,
        .size = node->size,
        .accessed = node->accessed,
        .modified = node->modified,
        .changed = node->changed,
    };
    return 0;
}

static int read_link(struct volume *volume, uint64_t number, struct volume_span *span)
{
    if (memory_node_of(of(volume), number)->kind != FILES_NODE_KIND_SYMBOLIC_LINK)
        return FAILURE(INVALID);
    return memory_read(volume, number, 0, span);
}

static uint64_t new_time(const struct files_new_time *wanted, uint64_t before, uint64_t now)
{
    if (wanted->tag == FILES_NEW_TIME_KEEP)
        return before;
    return wanted->tag == FILES_NEW_TIME_NOW ? now : wanted->at;
}

static int set_times(struct volume *volume, uint64_t number, const struct files_new_time *accessed,
                     const struct files_new_time *modified)
{
    struct memory_node *node = memory_node_of(of(volume), number);
    uint64_t now = of(volume)->now();
    node->accessed = new_time(accessed, node->accessed, now);
    node->modified = new_time(modified, node->modified, now);
    node->changed = now;
    return 0;
}

static int space(struct volume *volume, struct files_space *space)
{
    const struct blocks *blocks = &of(volume)->blocks;
    space->total = (uint64_t)blocks->limit * BLOCK_BYTES;
    space->free = (uint64_t)(blocks->limit - blocks->used) * BLOCK_BYTES;
    return 0;
}

static void hold(struct volume *volume, uint64_t number)
{
    memory_node_of(of(volume), number)->holds++;
}

static void release(struct volume *volume, uint64_t number)
{
    struct memory_node *node = memory_node_of(of(volume), number);
    node->holds--;
    memory_drop(of(volume), node);
}

static const struct volume_operations operations = {
    .look_up = memory_look_up,
    .status = status,
    .list = memory_list,
    .read = memory_read,
    .read_link = read_link,
    .write = memory_write,
    .set_size = memory_set_size,
    .allocate = memory_allocate,
    .set_times = set_times,
    .create = memory_create,
    .link = memory_link,
    .remove = memory_remove,
    .rename = memory_rename,
    .space = space,
    .hold = hold,
    .release = release,
};

bool memory_init(struct memory *memory, uint32_t block_limit, void *(*take)(size_t size),
                 uint64_t (*now)(void))
{
    memset(memory, 0, sizeof(*memory));
    memory->volume.operations = &operations;
    memory->now = now;
    memory->blocks.take = take;
    memory->blocks.limit = block_limit;
    memory->nodes = (struct records){ &memory->blocks, sizeof(struct memory_node), 0 };
    memory->entries = (struct records){ &memory->blocks, sizeof(struct memory_entry), 0 };
    memory->next_place = LISTING_FIRST;
    memory->next_inode = 1;
    memory->root = records_take(&memory->nodes);
    if (memory->root == 0)
        return false;
    struct memory_node *root = memory_node_of(memory, memory->root);
    uint64_t time = now();
    *root = (struct memory_node){
        .kind = FILES_NODE_KIND_DIRECTORY,
        .links = 1,
        .parent = memory->root,
        .number = memory->root,
        .inode = memory->next_inode++,
        .accessed = time,
        .modified = time,
        .changed = time,
    };
    return true;
}
