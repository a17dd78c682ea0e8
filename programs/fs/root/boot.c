/* `/boot`: the files of the boot bundle; and `/programs`: its programs by their last names. Both
 * are read by the interface `boot`. */
#include "interface/boot_program.h"
#include "lib/bundle.h"
#include "lib/memory.h"
#include "lib/pages.h"
#include "programs/fs/root/authority.h"
#include "programs/fs/root/root.h"
#include "programs/fs/root/text.h"
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

/* Those in `bin` are what people mean by a name, whatever else is called so. */
static bool is_command(const struct boot_entry *entry)
{
    static const char folder[] = "bin/";
    enum { FOLDER = sizeof(folder) - 1 };
    return entry->name.size > FOLDER && memcmp(entry->name.data, folder, FOLDER) == 0;
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

/* ---- By CID: made when it is asked for first, as each program has to be read and hashed for that.
 * The kernel does so, and can run them from then on. ---- */

static struct tree named;
static struct volume_operations named_operations;
static int (*tree_look_up)(struct volume *, uint64_t, struct weft_bytes, uint64_t *);
static int (*tree_list)(struct volume *, uint64_t, struct listing *);

static void make_named(void)
{
    enum { CIDS_BYTES = 1 << 17 };
    static struct text cid;
    static bool is_made;
    uint8_t *names = is_made ? NULL : pages_take(CIDS_BYTES);
    uint32_t used = 0;
    is_made = true;
    for (uint32_t i = 0; names != NULL && i < programs.count; i++) {
        const struct tree_node *node = &programs.nodes[i];
        struct bundle_program program;
        if (node->is_directory || !bundle_add(entries.data[node->what].name, &program))
            continue;
        cid.size = 0;
        text_cid(&cid, bundle_cid(&program));
        if (cid.size > CIDS_BYTES - used)
            return;
        memcpy(names + used, cid.data, cid.size);
        tree_add(&named, (struct weft_bytes){ names + used, cid.size }, node->size, node->what);
        used += cid.size;
    }
}

static int look_up_named(struct volume *volume, uint64_t directory, struct weft_bytes name,
                         uint64_t *node)
{
    make_named();
    return tree_look_up(volume, directory, name, node);
}

static int list_named(struct volume *volume, uint64_t directory, struct listing *listing)
{
    make_named();
    return tree_list(volume, directory, listing);
}

static void init_named(void)
{
    named_operations.read = read;
    tree_init(&named, &named_operations);
    tree_look_up = named_operations.look_up;
    tree_list = named_operations.list;
    named_operations.look_up = look_up_named;
    named_operations.list = list_named;
}

int volumes_find_cid(struct weft_bytes cid, struct volume_node *node)
{
    int failure = authority_check(BOOT_INTERFACE_HASH);
    if (failure != 0)
        return failure;
    node->volume = &named.volume;
    return look_up_named(&named.volume, VOLUME_ROOT, cid, &node->node);
}

/* ---- Beginning ------------------------------------------------------------------------------- */

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
    init_named();
    if (!fetch())
        return;
    for (uint32_t i = 0; i < entries.count; i++) {
        tree_add(&files, entries.data[i].name, entries.data[i].size, i);
        if (is_command(&entries.data[i]))
            add_program(&entries.data[i], i);
    }
    for (uint32_t i = 0; i < entries.count; i++)
        if (!is_command(&entries.data[i]))
            add_program(&entries.data[i], i);
    volumes_add("/boot", "boot", &files.volume, BOOT_INTERFACE_HASH);
    volumes_add("/programs", "programs", &programs.volume, BOOT_INTERFACE_HASH);
    volumes_add("/cid", "cid", &named.volume, BOOT_INTERFACE_HASH);
}
