#include "programs/fs/root/ram.h"

#include "lib/memory.h"

static struct ram *of(struct volume *volume)
{
    return (struct ram *)(void *)volume; /* its first member */
}

void ram_drop(struct ram *ram, struct ram_node *node)
{
    if (node->links != 0 || node->holds != 0)
        return;
    ram_empty(ram, node);
    records_give(&ram->nodes, node->number);
}

static int status(struct volume *volume, uint64_t number, struct files_status *status)
{
    const struct ram_node *node = ram_node_of(of(volume), number);
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
    if (ram_node_of(of(volume), number)->kind != FILES_NODE_KIND_SYMBOLIC_LINK)
        return FAILURE(INVALID);
    return ram_read(volume, number, 0, span);
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
    struct ram_node *node = ram_node_of(of(volume), number);
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
    ram_node_of(of(volume), number)->holds++;
}

static void release(struct volume *volume, uint64_t number)
{
    struct ram_node *node = ram_node_of(of(volume), number);
    node->holds--;
    ram_drop(of(volume), node);
}

static const struct volume_operations operations = {
    .look_up = ram_look_up,
    .status = status,
    .list = ram_list,
    .read = ram_read,
    .read_link = read_link,
    .write = ram_write,
    .set_size = ram_set_size,
    .allocate = ram_allocate,
    .set_times = set_times,
    .create = ram_create,
    .link = ram_link,
    .remove = ram_remove,
    .rename = ram_rename,
    .space = space,
    .hold = hold,
    .release = release,
};

bool ram_init(struct ram *ram, uint32_t block_limit, void *(*take)(size_t size),
              uint64_t (*now)(void))
{
    memset(ram, 0, sizeof(*ram));
    ram->volume.operations = &operations;
    ram->now = now;
    ram->blocks.take = take;
    ram->blocks.limit = block_limit;
    ram->nodes = (struct records){ &ram->blocks, sizeof(struct ram_node), 0 };
    ram->entries = (struct records){ &ram->blocks, sizeof(struct ram_entry), 0 };
    ram->next_place = LISTING_FIRST;
    ram->next_inode = 1;
    ram->root = records_take(&ram->nodes);
    if (ram->root == 0)
        return false;
    struct ram_node *root = ram_node_of(ram, ram->root);
    uint64_t time = now();
    *root = (struct ram_node){
        .kind = FILES_NODE_KIND_DIRECTORY,
        .links = 1,
        .parent = ram->root,
        .number = ram->root,
        .inode = ram->next_inode++,
        .accessed = time,
        .modified = time,
        .changed = time,
    };
    return true;
}
