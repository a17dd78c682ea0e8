#include "programs/permission/store.h"

#include "interface/files_program.h"
#include "lib/pages.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"
#include "programs/permission/rules.h"

#include <string.h>

/* A line has a rule's five byte strings in two digits each, and some words. */
enum { LINE_MAX = 2 * (3 * SUBJECT_NAME_MAX + SUBJECT_HASH + FOLDER_TEXT_MAX) + 49, PART = 1 << 16 };

static _Alignas(8) uint8_t buffer[PART + 1024];
/* All rules; there only where they are kept. */
static char *text;
enum { TEXT = RULES_MAX * LINE_MAX };

#define FILE_NAME WEFT_BYTES("rules")
#define NEW_NAME WEFT_BYTES("rules.new")

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static void tell(const char *what)
{
    say(LOG_LEVEL_WARNING, WEFT_BYTES("permission"), what);
}

static int32_t open(struct weft_bytes name, uint32_t flags)
{
    struct weft_client client = client_of(start_slot(STORE_SLOT));
    struct files_node_error_result result;
    enum weft_status status = files_node_open(&client, name, flags, &result);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static bool read_all(int32_t file, size_t *size)
{
    struct files_bytes_error_result part;
    *size = 0;
    do {
        struct weft_client client = client_of(file);
        if (files_node_read(&client, *size, PART, &part) != WEFT_OK || part.failed ||
            part.value.size > (size_t)TEXT - *size)
            return false;
        if (part.value.size != 0)
            memcpy(text + *size, part.value.data, part.value.size);
        *size += part.value.size;
    } while (part.value.size != 0);
    return true;
}

void store_load(void)
{
    size_t size;
    if (start_slot(STORE_SLOT) == WEFT_NO_SLOT)
        return;
    text = pages_take(TEXT);
    if (text == NULL) {
        tell("there is no memory for what is remembered");
        return;
    }
    int32_t file = open(FILE_NAME, FILES_OPEN_FLAGS_READ);
    if (file == WEFT_NO_SLOT)
        return; /* nothing was kept yet */
    if (!read_all(file, &size))
        tell("the file of what is remembered cannot be read");
    else if (!rules_read(text, size))
        tell("the file of what is remembered has lines that mean nothing");
    server_close(&file, 1);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static bool write_all(int32_t file, size_t size)
{
    for (size_t done = 0; done < size;) {
        struct weft_client client = client_of(file);
        struct files_u32_error_result result;
        size_t part = size - done < PART ? size - done : PART;
        struct weft_bytes bytes = { (const uint8_t *)text + done, (uint32_t)part };
        if (files_node_write(&client, done, bytes, &result) != WEFT_OK || result.failed ||
            result.value == 0)
            return false;
        done += result.value;
    }
    return true;
}

static bool sync(int32_t file)
{
    struct weft_client client = client_of(file);
    struct files_none_error_result result;
    return files_node_sync(&client, false, &result) == WEFT_OK && !result.failed;
}

/* The new file takes the old one's place in one step. */
static bool put_in_place(void)
{
    int32_t folder = start_slot(STORE_SLOT);
    struct weft_client client = client_of(folder);
    struct files_none_error_result result;
    return files_node_rename(&client, NEW_NAME, folder, FILE_NAME, &result) == WEFT_OK &&
           !result.failed;
}

void store_save(void)
{
    if (text == NULL)
        return;
    size_t size = rules_write(text, (size_t)TEXT);
    int32_t file = open(NEW_NAME, FILES_OPEN_FLAGS_CREATE | FILES_OPEN_FLAGS_TRUNCATE |
                                      FILES_OPEN_FLAGS_WRITE);
    bool is_well = file != WEFT_NO_SLOT && write_all(file, size) && sync(file);
    if (file != WEFT_NO_SLOT)
        server_close(&file, 1);
    if (!is_well || !put_in_place())
        tell("what is remembered cannot be written into its file: it holds until the system ends");
}
