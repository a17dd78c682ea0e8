/* Paths through mounts and links, and the table of mounts. */
#include "programs/fs/root/walk.h"
#include "programs/fs/root/ram.h"
#include "programs/fs/root/tree.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

static struct mounts mounts;
static struct ram ram;
static struct walk found;
static bool permits_all = true;
static void *chunks[64];
static uint32_t chunk_count;

static uint64_t now(void)
{
    return 1;
}

static void *take(size_t size)
{
    return chunks[chunk_count++] = calloc(1, size);
}

static int permits(const struct mount *mount)
{
    (void)mount;
    return permits_all ? 0 : FAILURE(ACCESS);
}

static struct weft_bytes bytes_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

static int add(const char *path, struct volume *volume, int32_t slot, const char *needs)
{
    struct mount mount = { .volume = volume, .slot = slot, .needs = needs };
    return mounts_add(&mounts, bytes_of(path), &mount);
}

static uint64_t make(uint64_t directory, const char *name, const char *target)
{
    struct volume_making making = { .name = bytes_of(name),
                                    .kind = target != NULL ? FILES_NODE_KIND_SYMBOLIC_LINK
                                                           : FILES_NODE_KIND_DIRECTORY };
    uint64_t node = 0;
    if (target != NULL)
        making.target = bytes_of(target);
    ram_create(&ram.volume, directory, &making, &node);
    return node;
}

static const struct volume_node root = { &mounts.volume, VOLUME_ROOT };
static uint64_t folder, inner;

static int go_from(struct volume_node base, const char *path, bool follows)
{
    found.mounts = &mounts;
    found.permits = permits;
    found.follows = follows;
    return walk(&found, base, bytes_of(path));
}

static int go(const char *path)
{
    return go_from(root, path, true);
}

static bool leads_to(const char *path, uint64_t node)
{
    return go(path) == 0 && found.kind == WALK_NODE && found.node.volume == &ram.volume &&
           found.node.node == node;
}

static bool is_foreign(const char *path, int32_t slot, const char *rest)
{
    return go(path) == 0 && found.kind == WALK_FOREIGN && found.mount->slot == slot &&
           volume_name_is(found.rest, rest);
}

static void set_up(void)
{
    mounts_init(&mounts);
    ram_init(&ram, 256, take, now);
    folder = make(VOLUME_ROOT, "folder", NULL);
    inner = make(folder, "inner", NULL);
    make(VOLUME_ROOT, "near", "folder/inner");
    make(inner, "up", "../..");
    make(VOLUME_ROOT, "far", "/tmp/folder");
    make(VOLUME_ROOT, "loop", "loop");
    make(VOLUME_ROOT, "host", "/mnt/disk/x");
    make(VOLUME_ROOT, "nowhere", "not there");
}

static void test_table(void)
{
    struct mount removed;
    TAP_OK(add("/tmp", &ram.volume, 0, NULL) == 0 && add("/mnt/disk", NULL, 7, NULL) == 0 &&
               add("/mnt/other", NULL, 8, NULL) == 0,
           "three mounts, two of them below a directory that is nothing else");
    TAP_OK(add("/tmp", NULL, 9, NULL) == FAILURE(EXISTS) &&
               add("/mnt", NULL, 9, NULL) == FAILURE(EXISTS),
           "no two at one place, nor one above another");
    TAP_OK(add("/mnt/disk/deep", NULL, 9, NULL) == FAILURE(NOT_DIRECTORY),
           "nor one within another");
    const char *const wrong[] = { "", "/", "mnt", "/a//b", "/a/", "/a/../b", "/.", "/a/./b" };
    bool all = true;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        all = all && add(wrong[i], NULL, 9, NULL) == FAILURE(INVALID);
    TAP_OK(all, "paths that are none");
    uint64_t node;
    TAP_OK(mounts.volume.operations->look_up(&mounts.volume, VOLUME_ROOT, bytes_of("a"), &node) ==
               FAILURE(NOT_FOUND),
           "  leave nothing behind");
    TAP_OK(add("/x/y/z", NULL, 9, NULL) == 0 &&
               mounts_remove(&mounts, bytes_of("/x/y/z"), &removed) == 0 && removed.slot == 9 &&
               go("x/y") == FAILURE(NOT_FOUND),
           "one that goes takes the way to it along");
    TAP_OK(mounts_remove(&mounts, bytes_of("/x/y/z"), &removed) == FAILURE(NOT_FOUND) &&
               mounts_remove(&mounts, bytes_of("/mnt"), &removed) == FAILURE(NOT_FOUND),
           "what is not mounted cannot go");
    ram.volume.opened = 1;
    TAP_OK(mounts_remove(&mounts, bytes_of("/tmp"), &removed) == FAILURE(BUSY),
           "nor what is in use");
    ram.volume.opened = 0;
}

static void test_limits(void)
{
    char path[] = "/many/00";
    struct mount removed;
    uint32_t count = 0;
    int failure = 0;
    for (; failure == 0; count++) {
        path[6] = (char)('0' + count / 10);
        path[7] = (char)('0' + count % 10);
        failure = add(path, NULL, 20, NULL);
    }
    TAP_OK(failure == FAILURE(NO_SPACE) && count - 1 + 3 == MOUNTS_MAX,
           "as many mounts as there can be, and one more is refused");
    while (--count > 0) {
        path[6] = (char)('0' + (count - 1) / 10);
        path[7] = (char)('0' + (count - 1) % 10);
        mounts_remove(&mounts, bytes_of(path), &removed);
    }
    char deep[2 * PLACES_MAX + 1];
    for (uint32_t i = 0; i < PLACES_MAX; i++)
        memcpy(deep + 2 * i, "/d", 2);
    deep[2 * PLACES_MAX] = 0;
    TAP_OK(add(deep, NULL, 20, NULL) == FAILURE(NO_SPACE) && go("d") == 0 &&
               found.kind == WALK_MISSING,
           "so it is with places, and nothing of a path that is refused stays");
}

static void test_paths(void)
{
    TAP_OK(leads_to("tmp/folder/inner", inner) && leads_to("tmp//folder/./inner/", inner),
           "into a mount and on");
    TAP_OK(leads_to("tmp/near", inner) && leads_to("tmp/far/inner", inner) &&
               leads_to("tmp/near/up/folder", folder),
           "along links, relative and absolute");
    TAP_OK(leads_to("tmp/near/..", folder), "`..` behind a link is above what it leads to");
    TAP_OK(leads_to("tmp/../tmp/folder", folder) && leads_to("../../tmp/folder", folder) &&
               leads_to("mnt/../tmp/folder/../folder", folder),
           "`..` goes out of mounts, and at `/` stays there");
    TAP_OK(go("tmp/loop") == FAILURE(LOOP) && go("tmp/nowhere") == 0 &&
               found.kind == WALK_MISSING && volume_name_is(found.name, "not there"),
           "a link to itself, and one to nothing, which might be made");
    uint64_t link = 0;
    struct volume_making making = { WEFT_BYTES("cut"), FILES_NODE_KIND_SYMBOLIC_LINK,
                                    { (const uint8_t *)"a\0b", 3 } };
    TAP_OK(ram_create(&ram.volume, VOLUME_ROOT, &making, &link) == 0 &&
               go("tmp/cut") == FAILURE(INVALID),
           "a link whose target has a zero byte leads nowhere");
    TAP_OK(go_from(root, "tmp/near", false) == 0 && volume_name_is(found.name, "near"),
           "a link that is not followed is what is found");
    TAP_OK(go("tmp/folder/new") == 0 && found.kind == WALK_MISSING &&
               found.directory.node == folder && go("tmp/new/new") == FAILURE(NOT_FOUND),
           "the last name may be missing, and no other");
    TAP_OK(go("") == FAILURE(NOT_FOUND) && go("/tmp") == FAILURE(NOT_CAPABLE), "no path is empty");
}

static void test_confined(void)
{
    struct volume_node base = { &ram.volume, folder };
    TAP_OK(go_from(base, "inner", true) == 0 && found.node.node == inner,
           "from a directory on its own");
    TAP_OK(go_from(base, "..", true) == FAILURE(NOT_CAPABLE) &&
               go_from(base, "inner/../..", true) == FAILURE(NOT_CAPABLE) &&
               go_from(base, "inner/up", true) == FAILURE(NOT_CAPABLE),
           "  `..` and links do not lead out of it");
    base.node = VOLUME_ROOT;
    TAP_OK(go_from(base, "far", true) == FAILURE(NOT_CAPABLE), "  nor do absolute links");
}

static void test_foreign(void)
{
    TAP_OK(is_foreign("mnt/disk/a/b", 7, "a/b") && is_foreign("mnt/disk", 7, "") &&
               is_foreign("mnt/disk/", 7, ""),
           "what is below another's mount is told to that");
    TAP_OK(is_foreign("mnt/disk/a/../b", 7, "a/../b") && is_foreign("mnt/disk/../other/c", 8, "c"),
           "`..` within it too, and where it leaves that, the walk goes on here");
    TAP_OK(is_foreign("tmp/host/y", 7, "x/y") && leads_to("mnt/disk/a/../../../tmp/folder", folder),
           "links lead there, and `..` back");
}

static void test_permission(void)
{
    struct mount removed;
    add("/secret", &ram.volume, 0, "hash");
    permits_all = false;
    TAP_OK(go("secret/folder") == FAILURE(ACCESS) && go("tmp/folder") == 0,
           "who may not, does not come in");
    permits_all = true;
    TAP_OK(go("secret/folder") == 0, "who may, does");
    mounts_remove(&mounts, bytes_of("/secret"), &removed);
}

static void test_long(void)
{
    static char path[VOLUME_PATH_MAX + 2];
    char name[VOLUME_NAME_MAX + 2];
    memset(path, '/', sizeof(path) - 1);
    memcpy(path, "tmp", 3);
    TAP_OK(go(path) == FAILURE(NAME_TOO_LONG), "a path that is too long");
    path[VOLUME_PATH_MAX] = 0;
    TAP_OK(go(path) == 0, "and one that is not");
    memset(name, 'n', sizeof(name) - 1);
    name[VOLUME_NAME_MAX + 1] = 0;
    TAP_OK(go(name) == FAILURE(NAME_TOO_LONG), "a name that is too long");
    name[VOLUME_NAME_MAX] = 0;
    TAP_OK(go(name) == 0 && found.kind == WALK_MISSING, "and one that is not");
    struct volume_node at = { &ram.volume, VOLUME_ROOT };
    for (int i = 0; i < WALK_DEPTH_MAX + 8; i++)
        at.node = make(at.node, "d", NULL);
    path[0] = 0;
    for (uint32_t i = 0; i < WALK_DEPTH_MAX - 1; i++)
        memcpy(path + 2 * i, "d/", 3);
    at.node = VOLUME_ROOT;
    TAP_OK(go_from(at, path, true) == 0, "as deep as a walk can go");
    strcat(path, "d");
    TAP_OK(go_from(at, path, true) == FAILURE(NAME_TOO_LONG), "and one deeper");
}

static void test_tree(void)
{
    static struct tree tree;
    static struct volume_operations operations;
    static struct listing listing = { .room = 4096 };
    uint64_t node;
    tree_init(&tree, &operations);
    TAP_OK(tree_add(&tree, bytes_of("a/b/c"), 5, 1) && tree_add(&tree, bytes_of("a/d"), 6, 2) &&
               tree_add(&tree, bytes_of("e"), 7, 3),
           "a tree of three files");
    TAP_OK(!tree_add(&tree, bytes_of("a"), 1, 4) && !tree_add(&tree, bytes_of("e/f"), 1, 4) &&
               !tree_add(&tree, bytes_of("a//f"), 1, 4) && !tree_add(&tree, bytes_of(""), 1, 4) &&
               !tree_add(&tree, bytes_of("../f"), 1, 4) && !tree_add(&tree, bytes_of("e"), 1, 4),
           "names that are taken, or none");
    TAP_OK(operations.look_up(&tree.volume, VOLUME_ROOT, bytes_of("e"), &node) == 0 &&
               tree_node_of(&tree, node)->what == 3 &&
               operations.list(&tree.volume, VOLUME_ROOT, &listing) == 0 && listing.count == 2,
           "they are found and listed");
}

int main(void)
{
    set_up();
    test_table();
    test_limits();
    test_paths();
    test_confined();
    test_foreign();
    test_permission();
    test_long();
    test_tree();
    for (uint32_t i = 0; i < chunk_count; i++)
        free(chunks[i]);
    return tap_done();
}
