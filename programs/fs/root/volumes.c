#include "programs/fs/root/volumes.h"

#include "interface/machine_program.h"
#include "lib/pages.h"
#include "programs/fs/root/authority.h"
#include "programs/fs/root/devices.h"
#include "programs/fs/root/facts.h"
#include "programs/fs/root/ram.h"
#include "programs/fs/root/remote.h"
#include "programs/fs/root/root.h"

/* `/tmp` is at most so large, and at most this part of the machine's ram, where that may be
 * asked. Memory is taken as it is needed. */
enum { TMP_BYTES_MAX = 64 << 20, TMP_PART = 8 };

static struct ram tmp;

static uint32_t tmp_blocks(void)
{
    uint8_t buffer[64];
    struct weft_client client = { .slot = machine_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct machine_memory memory;
    uint64_t bytes = TMP_BYTES_MAX;
    if (authority_exists(MACHINE_INTERFACE_HASH) && machine_memory(&client, &memory) == WEFT_OK && memory.total / TMP_PART < bytes)
        bytes = memory.total / TMP_PART;
    return (uint32_t)(bytes / BLOCK_BYTES);
}

void volumes_mount(void)
{
    if (ram_init(&tmp, tmp_blocks(), pages_take, root_now))
        volumes_add("/tmp", "memory", &tmp.volume, NULL);
    remote_init();
    volumes_add("/dev", "devices", &devices_volume, NULL);
    volumes_add("/proc", "processes", &processes_volume, SYSTEM_INTERFACE_HASH);
    volumes_add("/sys", "system", &system_volume, NULL);
    volumes_mount_boot();
}
