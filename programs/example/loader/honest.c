/* A loader that serves the programs of the boot bundle by their names: it hashes each and compares.
 * One block each, up to 256 KiB, which is named by its SHA-256 alone. */
#include "interface/boot_program.h"
#include "interface/loader_program.h"
#include "lib/main.h"
#include "lib/server.h"
#include "programs/example/loader/sha256.h"

enum {
    BLOCK_MAX = 262144,
    READ_MAX = 65536,
    CID_HEAD = 4, /* version 1, raw, SHA-256, 32 bytes */
};

static uint8_t program[BLOCK_MAX];
static _Alignas(8) uint8_t buffer[BLOCK_MAX + 4096]; /* the client's, and then the answer's */

static bool read_program(const struct boot_entry *entry)
{
    struct weft_client client = { .slot = boot_slot(),
                                  .buffer = buffer + BLOCK_MAX / 2,
                                  .capacity = BLOCK_MAX / 2 };
    for (uint32_t done = 0; done < entry->size;) {
        struct boot_bytes_option part;
        if (boot_read(&client, entry->name, done, READ_MAX, &part) != WEFT_OK || !part.present ||
            part.value.size == 0 || part.value.size > BLOCK_MAX - done)
            return false;
        memcpy(program + done, part.value.data, part.value.size);
        done += part.value.size;
    }
    return true;
}

/* Size of the program with that hash, which lies in `program`; 0 if the bundle has none. */
static uint32_t find(const uint8_t *wanted)
{
    struct weft_client client = { .slot = boot_slot(),
                                  .buffer = buffer,
                                  .capacity = BLOCK_MAX / 2 };
    struct boot_entry_list entries;
    uint8_t hash[32];
    if (boot_entries(&client, &entries) != WEFT_OK)
        return 0;
    for (uint32_t i = 0; i < entries.count; i++) {
        uint64_t size = entries.data[i].size;
        if (size == 0 || size > BLOCK_MAX || !read_program(&entries.data[i]))
            continue;
        sha256(program, (uint32_t)size, hash);
        if (memcmp(hash, wanted, sizeof(hash)) == 0)
            return (uint32_t)size;
    }
    return 0;
}

static enum weft_status load(void *context, const struct weft_event *event,
                             const struct loader_load_arguments *arguments)
{
    static const uint8_t head[CID_HEAD] = { 1, 0x55, 0x12, 32 };
    struct weft_bytes cid = arguments->cid;
    struct loader_bytes_error_result result = { .failed = true, .error = LOADER_ERROR_BAD_NAME };
    struct body_writer writer;
    (void)context;
    if (cid.size == CID_HEAD + 32 && memcmp(cid.data, head, CID_HEAD) == 0) {
        uint32_t size = find(cid.data + CID_HEAD);
        result.error = LOADER_ERROR_NOT_FOUND;
        result.failed = size == 0;
        if (size != 0)
            result.value = (struct weft_bytes){ program, size };
    }
    body_writer_init(&writer, buffer, sizeof(buffer));
    return loader_load_answer(&writer, event->id, &result);
}

int weft_main(void)
{
    static const struct loader_server loader = { .load = load };
    static _Alignas(8) uint8_t inbox[4096];
    struct weft_server server = { .buffer = inbox, .capacity = sizeof(inbox) };
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server, loader_dispatch(&loader, NULL, &server.event, &server.reader));
}
