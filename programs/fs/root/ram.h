/* A file system in memory: files, directories, symbolic and hard links, times; sparse files. It is
 * bounded in blocks, which names and nodes are charged to as well as contents.
 *
 * It calls nobody outside: time and memory come by the two functions that it is given. */
#ifndef PROGRAMS_FS_ROOT_RAM_H
#define PROGRAMS_FS_ROOT_RAM_H

#include "programs/fs/root/blocks.h"
#include "programs/fs/root/volume.h"

enum {
    RAM_BUCKETS = 1 << 12,
    RAM_FILE_BLOCKS_MAX = 1 << 20, /* 4 GiB */
    RAM_LINKS_MAX = 32000,
};

struct ram_node {
    uint8_t kind;                     /* enum files_node_kind */
    uint8_t height;                   /* of the tree of tables that leads to the contents */
    uint32_t links;                   /* names; of a directory 1, or 0 once it is removed */
    uint32_t holds;                   /* who has it open */
    uint32_t parent;                  /* of a directory */
    uint32_t first_entry, last_entry; /* of a directory, in the order of their places */
    uint32_t directories;             /* in a directory */
    uint32_t contents; /* block of a file, or of the table that leads to them; 0: none */
    uint32_t number;   /* its own */
    uint64_t inode;
    uint64_t size;
    uint64_t accessed, modified, changed;
};

struct ram_entry {
    uint32_t directory, node;
    uint32_t next, previous; /* in the directory */
    uint32_t next_of_bucket;
    uint16_t name_size;
    uint16_t padding;
    uint64_t place;
    uint8_t name[VOLUME_NAME_MAX + 1];
};

struct ram {
    struct volume volume;
    uint64_t (*now)(void);
    struct blocks blocks;
    struct records nodes, entries;
    uint32_t root;
    uint64_t next_place;
    uint64_t next_inode;
    uint64_t seed; /* of the hash of names */
    uint32_t buckets[RAM_BUCKETS];
};

/* `take` gives memory in pieces of 64 KiB. False: not even the root has room. */
bool ram_init(struct ram *ram, uint32_t block_limit, void *(*take)(size_t size),
              uint64_t (*now)(void));

/* ---- Between its files ---- */

static inline struct ram_node *ram_node_of(const struct ram *ram, uint64_t node)
{
    return records_at(&ram->nodes, node == VOLUME_ROOT ? ram->root : (uint32_t)node);
}
static inline struct ram_entry *ram_entry_of(const struct ram *ram, uint32_t entry)
{
    return records_at(&ram->entries, entry);
}
/* Gives contents and node back once nobody names or holds it. */
void ram_drop(struct ram *ram, struct ram_node *node);

/* ram_data.c */
int ram_read(struct volume *volume, uint64_t node, uint64_t offset, struct volume_span *span);
int ram_write(struct volume *volume, uint64_t node, uint64_t offset, struct weft_bytes bytes,
              uint32_t *count);
int ram_set_size(struct volume *volume, uint64_t node, uint64_t size);
int ram_allocate(struct volume *volume, uint64_t node, uint64_t end);
/* All contents go. */
void ram_empty(struct ram *ram, struct ram_node *node);

/* ram_names.c */
int ram_look_up(struct volume *volume, uint64_t directory, struct weft_bytes name, uint64_t *node);
int ram_list(struct volume *volume, uint64_t directory, struct listing *listing);
int ram_create(struct volume *volume, uint64_t directory, const struct volume_making *making,
               uint64_t *node);
int ram_link(struct volume *volume, uint64_t node, uint64_t directory, struct weft_bytes name);
int ram_remove(struct volume *volume, uint64_t directory, struct weft_bytes name,
               bool is_directory);
int ram_rename(struct volume *volume, uint64_t directory, struct weft_bytes name,
               uint64_t to_directory, struct weft_bytes to_name);

#endif
