/* Names that stand for themselves, wherever they are said: `log:`, `null:` and the other devices,
 * `tcp:HOST:PORT`, `cid:CID`. They count as the last name of a path, since a program's library may
 * have put its current directory before it. */
#include "programs/fs/root/devices.h"
#include "programs/fs/root/root.h"
#include "programs/fs/root/volumes.h"

static bool begins_with(struct weft_bytes name, const char *text, struct weft_bytes *rest)
{
    uint32_t i = 0;
    while (text[i] != 0 && i < name.size && name.data[i] == (uint8_t)text[i])
        i++;
    *rest = (struct weft_bytes){ name.data + i, name.size - i };
    return text[i] == 0;
}

static struct weft_bytes last_of(struct weft_bytes path)
{
    uint32_t at = path.size;
    while (at > 0 && path.data[at - 1] != '/')
        at--;
    return (struct weft_bytes){ path.data + at, path.size - at };
}

/* A device's name and a colon. */
static bool find_device(struct weft_bytes name, struct volume_node *node)
{
    struct weft_bytes device = { name.data, name.size - 1 };
    if (name.size < 2 || name.data[name.size - 1] != ':')
        return false;
    node->volume = &devices_volume;
    return devices_volume.operations->look_up(&devices_volume, VOLUME_ROOT, device, &node->node) ==
           0;
}

bool scheme_find(struct weft_bytes path, struct volume_node *node, int *failure)
{
    struct weft_bytes name = last_of(path), rest;
    *failure = 0;
    if (find_device(name, node))
        return true;
    if (begins_with(name, "tcp:", &rest)) {
        *node = (struct volume_node){ &devices_volume, devices_connection(rest) };
        return true;
    }
    if (begins_with(name, "cid:", &rest)) {
        *failure = volumes_find_cid(rest, node);
        return true;
    }
    return false;
}
