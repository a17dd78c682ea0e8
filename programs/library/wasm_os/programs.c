/* getargs, and runapp: programs by their names, from the boot bundle, the directories that the
 * program was given, or those of them that PATH names. */
#include "interface/boot_program.h"
#include "interface/files_program.h"
#include "interface/system_program.h"
#include "lib/memory.h"
#include "lib/pages.h"
#include "lib/start.h"
#include "programs/library/wasm_os/wasm_os.h"

enum {
    COMMAND_MAX = 4096, /* bytes of a command line, with its zero */
    WORDS_MAX = COMMAND_MAX / 2,
    READ_MAX = 1 << 16, /* bytes of a program that one message brings */
    PROGRAM_MAX = 64 << 20,
    PATH_MAX_BYTES = 4096, /* of a file with its directory */
    HEAD = 64, /* what is around the bytes in a body */
};

/* ---- Arguments ------------------------------------------------------------------------------ */

int32_t os_getargs(void)
{
    const struct system_start_record *start = start_record();
    uint64_t size = 1;
    if (start == NULL)
        return WASM_OS_FAILED;
    for (uint32_t i = 0; i < start->arguments.count; i++)
        size += (uint64_t)start->arguments.data[i].size + 1;
    int32_t address = size <= INT32_MAX ? os_malloc((uint32_t)size) : WASM_OS_FAILED;
    if (address == WASM_OS_FAILED)
        return WASM_OS_FAILED;
    uint32_t at = (uint32_t)address;
    for (uint32_t i = 0; i < start->arguments.count; i++) {
        const struct weft_bytes *argument = &start->arguments.data[i];
        weft_caller_store(at, argument->data, argument->size);
        weft_caller_store(at + argument->size, "", 1);
        at += argument->size + 1;
    }
    weft_caller_store(at, "", 1);
    return address;
}

/* ---- Finding a program ------------------------------------------------------------------------
 */

/* A place for bytes that lives on and grows: it is the next program's, too. */
struct place {
    uint8_t *bytes;
    uint32_t capacity;
};

static struct place program; /* its bytes */
static struct place message; /* of a client that reads or sends them */

/* What was in it is lost. Doubling keeps what is left behind below what is in use. */
static bool reserve(struct place *place, uint32_t capacity)
{
    if (capacity <= place->capacity)
        return true;
    if (capacity < place->capacity * 2)
        capacity = place->capacity * 2;
    void *bytes = pages_take(capacity);
    if (bytes == NULL)
        return false;
    *place = (struct place){ bytes, capacity };
    return true;
}

static struct weft_client big_client(int32_t slot)
{
    return (
        struct weft_client){ .slot = slot, .buffer = message.bytes, .capacity = message.capacity };
}

/* NAME.wasm */
static struct weft_bytes file_name(struct weft_bytes name)
{
    static uint8_t buffer[COMMAND_MAX + 5];
    memcpy(buffer, name.data, name.size);
    memcpy(buffer + name.size, ".wasm", 5);
    return (struct weft_bytes){ buffer, name.size + 5 };
}

/* The bytes of a program in the boot bundle; 0 if there is none of that name. */
static uint32_t read_boot(struct weft_bytes name, uint64_t size)
{
    if (size > PROGRAM_MAX || !reserve(&program, (uint32_t)size))
        return 0;
    for (uint32_t done = 0; done < size;) {
        struct weft_client client = big_client(boot_slot());
        struct boot_bytes_option part;
        uint32_t left = (uint32_t)size - done;
        if (boot_read(&client, name, done, READ_MAX, &part) != WEFT_OK || !part.present ||
            part.value.size == 0 || part.value.size > left)
            return 0;
        memcpy(program.bytes + done, part.value.data, part.value.size);
        done += part.value.size;
    }
    return (uint32_t)size;
}

static uint32_t find_boot(struct weft_bytes name)
{
    struct weft_client client = big_client(boot_slot());
    struct boot_entry_list entries;
    if (boot_entries(&client, &entries) != WEFT_OK)
        return 0;
    for (uint32_t i = 0; i < entries.count; i++)
        if (entries.data[i].name.size == name.size &&
            memcmp(entries.data[i].name.data, name.data, name.size) == 0)
            return read_boot(name, entries.data[i].size);
    return 0;
}

static uint32_t read_file(int32_t slot)
{
    struct weft_client client = big_client(slot);
    struct files_status_error_result status;
    if (files_node_status(&client, &status) != WEFT_OK || status.failed ||
        status.value.size > PROGRAM_MAX || !reserve(&program, (uint32_t)status.value.size))
        return 0;
    uint32_t size = (uint32_t)status.value.size;
    for (uint32_t done = 0; done < size;) {
        struct files_bytes_error_result part;
        if (files_node_read(&client, done, READ_MAX, &part) != WEFT_OK || part.failed ||
            part.value.size == 0 || part.value.size > size - done)
            return 0;
        memcpy(program.bytes + done, part.value.data, part.value.size);
        done += part.value.size;
    }
    return size;
}

static void close_slot(int32_t slot)
{
    system_close(client_of(system_slot()), (struct system_any_list){ &slot, 1 });
}

static bool is_directory(struct weft_bytes name)
{
    return name.size >= 4 && memcmp(name.data, "dir:", 4) == 0;
}

/* The path as it is called from the directory in that slot; empty: the slot has none, or it leads elsewhere. */
static struct weft_bytes below(struct weft_bytes slot, struct weft_bytes path)
{
    if (!is_directory(slot))
        return (struct weft_bytes){ 0 };
    if (path.data[0] != '/')
        return path;
    struct weft_bytes directory = { slot.data + 4, slot.size - 4 };
    directory.size -= directory.size != 0 && directory.data[directory.size - 1] == '/';
    if (path.size <= directory.size || path.data[directory.size] != '/' ||
        memcmp(path.data, directory.data, directory.size) != 0)
        return (struct weft_bytes){ 0 };
    return (struct weft_bytes){ path.data + directory.size + 1, path.size - directory.size - 1 };
}

static uint32_t find_file(struct weft_bytes path)
{
    const struct system_start_record *start = start_record();
    uint32_t size = 0;
    for (uint32_t i = 0; start != NULL && i < start->slots.count && size == 0; i++) {
        struct weft_client client = big_client(start->slots.data[i].slot);
        struct weft_bytes name = below(start->slots.data[i].name, path);
        struct files_node_error_result file;
        if (name.size == 0 ||
            files_node_open(&client, name, FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_FOLLOW,
                            &file) != WEFT_OK ||
            file.failed)
            continue;
        size = read_file(file.value);
        close_slot(file.value);
    }
    return size;
}

static uint32_t find_in(struct weft_bytes directory, struct weft_bytes name)
{
    static uint8_t path[PATH_MAX_BYTES];
    if (directory.size == 0 || directory.size + 1 + name.size > sizeof(path))
        return 0;
    memcpy(path, directory.data, directory.size);
    path[directory.size] = '/';
    memcpy(path + directory.size + 1, name.data, name.size);
    return find_file((struct weft_bytes){ path, directory.size + 1 + name.size });
}

static struct system_string_string_tuple_list environment(void)
{
    const struct system_start_record *start = start_record();
    return start == NULL ? (struct system_string_string_tuple_list){ 0 } : start->environment;
}

static struct weft_bytes search_path(void)
{
    struct system_string_string_tuple_list variables = environment();
    for (uint32_t i = 0; i < variables.count; i++) {
        struct weft_bytes name = variables.data[i].f0;
        if (name.size == 4 && memcmp(name.data, "PATH", 4) == 0)
            return variables.data[i].f1;
    }
    return (struct weft_bytes){ 0 };
}

/* How many bytes come before the first of that value. */
static uint32_t size_before(struct weft_bytes bytes, uint8_t value)
{
    uint32_t size = 0;
    while (size < bytes.size && bytes.data[size] != value)
        size++;
    return size;
}

static uint32_t find_in_path(struct weft_bytes name)
{
    struct weft_bytes left = search_path();
    uint32_t found = 0;
    while (left.size != 0 && found == 0 && size_before(name, '/') == name.size) {
        uint32_t size = size_before(left, ':');
        found = find_in((struct weft_bytes){ left.data, size }, name);
        size += size < left.size;
        left = (struct weft_bytes){ left.data + size, left.size - size };
    }
    return found;
}

/* ---- Running it -------------------------------------------------------------------------------
 */

static struct weft_bytes words[WORDS_MAX];

/* The words between the spaces of a command line, which lies in `line`. */
static uint32_t split_words(const uint8_t *line)
{
    uint32_t count = 0;
    for (uint32_t at = 0; line[at] != 0;) {
        uint32_t size = 0;
        while (line[at + size] != 0 && line[at + size] != ' ')
            size++;
        if (size != 0)
            words[count++] = (struct weft_bytes){ line + at, size };
        at += size + (line[at + size] == ' ');
    }
    return count;
}

/* Loads text up to its zero; false if there is none within bounds. */
static bool load_line(uint32_t address, uint8_t *line)
{
    for (uint32_t size = 0; size < COMMAND_MAX; size++) {
        if (address > UINT32_MAX - size || weft_caller_load(line + size, address + size, 1) != 0)
            return false;
        if (line[size] == 0)
            return body_is_utf8((struct weft_bytes){ line, size });
    }
    return false;
}

/* Second slots for all that the program was given: the child gets the same. */
static struct system_named_slot_list copy_slots(void)
{
    static struct system_named_slot copies[WEFT_GIFTS_MAX];
    const struct system_start_record *start = start_record();
    struct system_named_slot_list list = { copies, 0 };
    for (uint32_t i = 0; start != NULL && i < start->slots.count && list.count < WEFT_GIFTS_MAX;
         i++) {
        struct system_any_error_result copy;
        if (system_copy(client_of(system_slot()), start->slots.data[i].slot, &copy) == WEFT_OK &&
            !copy.failed)
            copies[list.count++] =
                (struct system_named_slot){ start->slots.data[i].name, copy.value };
    }
    return list;
}

static int32_t wait_for_end(int32_t process)
{
    static _Alignas(8) uint8_t buffer[1 << 14];
    struct weft_client client = { .slot = process, .buffer = buffer, .capacity = sizeof(buffer) };
    struct system_ending ending;
    enum weft_status status = system_process_ended(&client, &ending);
    close_slot(process);
    return status == WEFT_OK && ending.tag == SYSTEM_ENDING_EXITED ? 0 : RUN_BROKEN;
}

static int32_t spawn(struct weft_bytes cid, uint32_t word_count)
{
    uint8_t name[64];
    if (cid.size > sizeof(name))
        return RUN_BROKEN;
    memcpy(name, cid.data, cid.size);
    struct system_spawn_options options = {
        .program = { name, cid.size },
        .arguments = { words, word_count },
        .environment = environment(),
    };
    struct system_named_slot_list slots = copy_slots();
    struct weft_client client = big_client(system_slot());
    struct system_process_error_result result;
    enum weft_status status = system_spawn(&client, options, slots, &result);
    if (status == WEFT_OK && !result.failed)
        return wait_for_end(result.value);
    for (uint32_t i = 0; i < slots.count; i++) /* what was not taken is still there */
        close_slot(slots.data[i].slot);
    return RUN_BROKEN;
}

int32_t os_runapp(uint32_t command)
{
    static uint8_t line[COMMAND_MAX];
    if (!load_line(command, line) || !reserve(&message, READ_MAX * 2))
        return WASM_OS_FAILED;
    uint32_t word_count = split_words(line);
    if (word_count == 0)
        return WASM_OS_FAILED;
    struct weft_bytes name = file_name(words[0]);
    uint32_t size = find_boot(name);
    if (size == 0)
        size = find_file(name);
    if (size == 0)
        size = find_in_path(name);
    if (size == 0)
        return WASM_OS_FAILED;
    if (!reserve(&message, size + HEAD))
        return RUN_BROKEN;
    struct weft_client client = big_client(system_slot());
    struct system_bytes_error_result cid;
    enum weft_status status =
        system_add_program(&client, (struct weft_bytes){ program.bytes, size }, &cid);
    if (status != WEFT_OK || cid.failed)
        return RUN_BROKEN;
    return spawn(cid.value, word_count);
}
