#include "programs/fs/root/devices.h"

#include "interface/log_program.h"
#include "interface/random.h"
#include "interface/serial.h"
#include "lib/memory.h"
#include "programs/fs/root/authority.h"
#include "programs/fs/root/facts.h"
#include "programs/fs/root/framebuffer.h"
#include "programs/fs/root/remote.h"
#include "programs/fs/root/root.h"

enum device_kind {
    DEVICE_NULL,
    DEVICE_ZERO,
    DEVICE_FULL,
    DEVICE_RANDOM,
    DEVICE_LOG,
    DEVICE_TERMINAL,
    DEVICE_SERIAL,
    DEVICE_FRAMEBUFFER,
    DEVICE_OWN, /* a stream of the reader's own: its WASI library knows it, nobody else does */
};

static const struct device {
    const char *name;
    enum device_kind kind;
    const char *needs; /* hash of an interface, if it is more than a slot to that; or NULL */
} devices[] = {
    { "console", DEVICE_TERMINAL, NULL },
    { "framebuffer", DEVICE_FRAMEBUFFER, NULL },
    { "full", DEVICE_FULL, NULL },
    { "log", DEVICE_LOG, LOG_INTERFACE_HASH },
    { "null", DEVICE_NULL, NULL },
    { "random", DEVICE_RANDOM, RANDOM_INTERFACE_HASH },
    { "serial0", DEVICE_SERIAL, NULL },
    { "stderr", DEVICE_OWN, NULL },
    { "stdin", DEVICE_OWN, NULL },
    { "stdout", DEVICE_OWN, NULL },
    { "tty", DEVICE_TERMINAL, NULL },
    { "urandom", DEVICE_RANDOM, RANDOM_INTERFACE_HASH },
    { "zero", DEVICE_ZERO, NULL },
};
enum {
    DEVICES = sizeof(devices) / sizeof(devices[0]),
    FIRST = VOLUME_ROOT + 1,
    NODE_CONNECTION = FIRST + DEVICES,
};

static struct weft_bytes connection;

uint64_t devices_connection(struct weft_bytes where)
{
    connection = where;
    return NODE_CONNECTION;
}

/* Not every machine has all of them. */
static bool is_there(const struct device *device)
{
    if (device->kind == DEVICE_SERIAL)
        return authority_exists(SERIAL_INTERFACE_HASH);
    return device->kind != DEVICE_FRAMEBUFFER || framebuffer_is_there();
}

static int look_up(struct volume *volume, uint64_t directory, struct weft_bytes name,
                   uint64_t *node)
{
    (void)volume;
    (void)directory;
    for (uint32_t i = 0; i < DEVICES; i++)
        if (volume_name_is(name, devices[i].name) && is_there(&devices[i])) {
            *node = FIRST + i;
            return 0;
        }
    return FAILURE(NOT_FOUND);
}

static bool is_framebuffer(uint64_t node)
{
    return node >= FIRST && node < NODE_CONNECTION &&
           devices[node - FIRST].kind == DEVICE_FRAMEBUFFER;
}

static int status(struct volume *volume, uint64_t node, struct files_status *status)
{
    (void)volume;
    if (is_framebuffer(node)) {
        framebuffer_status(node, status);
        return 0;
    }
    *status = (struct files_status){
        .inode = node,
        .kind = node == VOLUME_ROOT ? FILES_NODE_KIND_DIRECTORY : FILES_NODE_KIND_CHARACTER_DEVICE,
        .links = 1,
    };
    return 0;
}

static int list(struct volume *volume, uint64_t directory, struct listing *listing)
{
    (void)volume;
    (void)directory;
    for (uint32_t i = 0; i < DEVICES; i++) {
        const char *name = devices[i].name;
        struct files_entry entry = { .inode = FIRST + i,
                                     .kind = is_framebuffer(FIRST + i)
                                                 ? FILES_NODE_KIND_BLOCK_DEVICE
                                                 : FILES_NODE_KIND_CHARACTER_DEVICE,
                                     .name = { (const uint8_t *)name, (uint32_t)strlen(name) } };
        if (is_there(&devices[i]) && !listing_add(listing, LISTING_FIRST + i, &entry))
            break;
    }
    return 0;
}

static int open(struct volume *volume, uint64_t node, uint32_t flags)
{
    (void)volume;
    if (node == VOLUME_ROOT)
        return 0;
    if (node == NODE_CONNECTION)
        return remote_open_tcp(connection, flags);
    const struct device *device = &devices[node - FIRST];
    if (device->kind == DEVICE_OWN)
        return FAILURE(NO_DEVICE);
    if (device->kind == DEVICE_TERMINAL)
        return remote_open_terminal(flags);
    if (device->kind == DEVICE_SERIAL)
        return remote_open_serial(flags);
    if (device->kind == DEVICE_FRAMEBUFFER)
        return framebuffer_open(flags);
    return device->needs == NULL ? 0 : authority_check(device->needs);
}

static int read(struct volume *volume, uint64_t node, uint64_t offset, struct volume_span *span)
{
    (void)volume;
    if (node == VOLUME_ROOT)
        return FAILURE(IS_DIRECTORY);
    switch (devices[node - FIRST].kind) {
    case DEVICE_ZERO:
    case DEVICE_FULL:
        memset(span->data, 0, span->size);
        return 0;
    case DEVICE_RANDOM:
        return span->size == 0 ? 0 : remote_read_random(span->size);
    case DEVICE_LOG:
        return facts_read(&system_log, offset, span);
    default:
        span->size = 0;
        return 0;
    }
}

/* Only one of them has an end. */
static int readable(struct volume *volume, uint64_t node, uint64_t *size)
{
    (void)volume;
    *size = node == VOLUME_ROOT || devices[node - FIRST].kind == DEVICE_NULL ? 0 : ANSWER_MAX;
    return 0;
}

/* A line each, under the number of who opened it: others may write for him, a pipe for instance. */
static void write_log(struct weft_bytes bytes)
{
    enum { LINE_MAX = 900 };
    static struct text line;
    for (uint32_t at = 0; at < bytes.size;) {
        uint32_t size = 0;
        while (at + size < bytes.size && size < LINE_MAX && bytes.data[at + size] != '\n')
            size++;
        line.size = 0;
        text_put(&line, "process ");
        text_number(&line, root_node->process);
        text_put(&line, ": ");
        text_bytes(&line, (struct weft_bytes){ bytes.data + at, size });
        struct weft_bytes text = { line.data, line.size };
        struct weft_client client = root_client(log_slot());
        if (body_is_utf8(text))
            log_write_send(&client, LOG_LEVEL_INFO, text, 0);
        at += size;
        at += at < bytes.size && bytes.data[at] == '\n';
    }
}

static int write(struct volume *volume, uint64_t node, uint64_t offset, struct weft_bytes bytes,
                 uint32_t *count)
{
    (void)volume;
    (void)offset;
    *count = bytes.size;
    if (node == VOLUME_ROOT)
        return FAILURE(IS_DIRECTORY);
    enum device_kind kind = devices[node - FIRST].kind;
    if (kind == DEVICE_FULL)
        return FAILURE(NO_SPACE);
    if (kind == DEVICE_LOG)
        write_log(bytes);
    return kind == DEVICE_RANDOM ? FAILURE(NOT_PERMITTED) : 0;
}

static const struct volume_operations operations = {
    .look_up = look_up,
    .status = status,
    .list = list,
    .read = read,
    .readable = readable,
    .write = write,
    .open = open,
};
struct volume devices_volume = { .operations = &operations };
