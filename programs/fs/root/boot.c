/* `/boot`: the files of the boot bundle; and `/programs`: its programs by their last names. Both
 * are read by the interface `boot`. */
#include "interface/boot_program.h"
#include "lib/memory.h"
#include "lib/pages.h"
#include "programs/fs/root/root.h"
#include "programs/fs/root/tree.h"
#include "programs/fs/root/volumes.h"

enum { ENTRIES_BYTES = 1 << 18, READ_MAX = ANSWER_MAX, HEAD_BYTES = 512 };

static struct tree files;
static struct tree programs;
static struct boot_entry_list entries;

static int read(struct volume *volume, uint64_t number, uint64_t offset, struct volume_span *span)
{
    static _Alignas(8) uint8_t buffer[READ_MAX + HEAD_BYTES];
    const struct tree_node *node = tree_node_of((struct tree *)(void *)volume, number);
    struct boot_bytes_option part;
    struct weft_client client = { .slot = boot_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    if (node->is_directory)
        return FAILURE(IS_DIRECTORY);
    uint64_t left = offset < node->size ? node->size - offset : 0;
    uint32_t size = span->size < left ? span->size : (uint32_t)left;
    span->size = 0;
    if (size == 0)
        return 0;
    if (boot_read(&client, entries.data[node->what].name, offset, size, &part) != WEFT_OK ||
        !part.present || part.value.size > size)
        return FAILURE(IO);
    memcpy(span->data, part.value.data, part.value.size);
    span->size = part.value.size;
    return 0;
}

/* `example/hello/hello.wasm` is the program `hello`; of two with one name the first is. */
static void add_program(const struct boot_entry *entry, uint64_t index)
{
    static const char end[] = ".wasm";
    enum { END = sizeof(end) - 1 };
    struct weft_bytes name = entry->name;
    if (name.size <= END || memcmp(name.data + name.size - END, end, END) != 0)
        return;
    uint32_t at = name.size -= END;
    while (at > 0 && name.data[at - 1] != '/')
        at--;
    tree_add(&programs, (struct weft_bytes){ name.data + at, name.size - at }, entry->size, index);
}

/* The list lives for ever, names and all. */
static bool fetch(void)
{
    uint8_t *room = pages_take(ENTRIES_BYTES);
    struct weft_client client = { .slot = boot_slot(), .buffer = room, .capacity = ENTRIES_BYTES };
    return room != NULL && boot_entries(&client, &entries) == WEFT_OK;
}

void volumes_mount_boot(void)
{
    static struct volume_operations operations = { .read = read };
    tree_init(&files, &operations);
    tree_init(&programs, &operations);
    if (!fetch())
        return;
    for (uint32_t i = 0; i < entries.count; i++) {
        tree_add(&files, entries.data[i].name, entries.data[i].size, i);
        add_program(&entries.data[i], i);
    }
    volumes_add("/boot", "boot bundle", &files.volume, BOOT_INTERFACE_HASH);
    volumes_add("/programs", "programs of the boot bundle", &programs.volume, BOOT_INTERFACE_HASH);
}
