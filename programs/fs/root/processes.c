/* `/proc`: a directory for each process that the reader may see, which are those of its silo and of
 * the silos below, as `system` would tell it itself; and what programs for Unix look for there. */
#include "interface/machine_program.h"
#include "interface/system_program.h"
#include "lib/memory.h"
#include "programs/fs/root/facts.h"
#include "programs/fs/root/root.h"

/* Nodes: small numbers are files of the directory itself, others a process and one of its files. */
enum {
    FILE_BITS = 8,
    NODE_SELF = 2,
    FIRST_FACT = 3,
    PROCESS_DIRECTORY = 0,
    FIRST_PROCESS = 1 << FILE_BITS, /* place in a listing of what would be number 0 */
    PAGE = 256, /* processes at a time */
    BUFFER_BYTES = 1 << 17,
    PAGE_KIB = 64,
};

static _Alignas(8) uint8_t buffer[BUFFER_BYTES];
static uint64_t asked_process; /* of which a fact is to be written */

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

/* ---- Who may see what ------------------------------------------------------------------------ */

/* Those that the reader sees, from number `from` on. */
static bool fetch(uint64_t from, uint32_t count, struct system_process_status_list *processes)
{
    struct weft_client client = client_of(system_slot());
    return system_processes(&client, root_event->sender_silo, from, count, processes) == WEFT_OK;
}

static const struct system_process_status *find(uint64_t process)
{
    static struct system_process_status found;
    struct system_process_status_list processes;
    if (!fetch(process, 1, &processes) || processes.count == 0)
        return NULL;
    found = processes.data[0];
    return found.process == process ? &found : NULL;
}

/* ---- Of one process -------------------------------------------------------------------------- */

static bool write_status(struct text *text)
{
    const struct system_process_status *process = find(asked_process);
    if (process == NULL)
        return false;
    text_row(text, "name", process->name);
    text_row(text, "program", process->program);
    text_count(text, "process", process->process);
    text_count(text, "silo", process->silo);
    text_count(text, "memory-kib", process->memory_pages * PAGE_KIB);
    text_count(text, "threads", process->threads);
    text_count(text, "slots", process->slots);
    text_count(text, "messages", process->messages);
    text_put(text, "cpu-seconds\t");
    text_seconds(text, process->cpu);
    text_put(text, "\nstarted\t");
    text_seconds(text, process->started);
    text_put(text, "\n");
    return true;
}

static bool write_name(struct text *text)
{
    const struct system_process_status *process = find(asked_process);
    if (process == NULL)
        return false;
    text_bytes(text, process->name);
    text_put(text, "\n");
    return true;
}

static bool write_program(struct text *text)
{
    const struct system_process_status *process = find(asked_process);
    if (process == NULL)
        return false;
    text_bytes(text, process->program);
    text_put(text, "\n");
    return true;
}

static const struct fact process_facts[] = {
    { "comm", NULL, write_name },
    { "program", NULL, write_program },
    { "status", NULL, write_status },
};
enum { PROCESS_FACTS = sizeof(process_facts) / sizeof(process_facts[0]) };

/* ---- Of the system, as Linux writes them -------------------------------------------------------
 */

static bool write_uptime(struct text *text)
{
    struct weft_client client = client_of(machine_slot());
    struct machine_u64_cpu_list_tuple cpus;
    uint64_t idle = 0;
    if (machine_cpus(&client, &cpus) != WEFT_OK)
        return false;
    for (uint32_t i = 0; i < cpus.f1.count; i++)
        idle += cpus.f1.data[i].idle;
    text_seconds(text, cpus.f0);
    text_put(text, " ");
    text_seconds(text, idle);
    text_put(text, "\n");
    return true;
}

static void put_kilobytes(struct text *text, const char *name, uint64_t bytes)
{
    text_put(text, name);
    text_number(text, bytes / 1024);
    text_put(text, " kB\n");
}

static bool write_memory(struct text *text)
{
    struct weft_client client = client_of(machine_slot());
    struct machine_memory memory;
    if (machine_memory(&client, &memory) != WEFT_OK)
        return false;
    put_kilobytes(text, "MemTotal:       ", memory.total);
    put_kilobytes(text, "MemFree:        ", memory.free);
    put_kilobytes(text, "MemAvailable:   ", memory.free);
    return true;
}

/* A space in a path would end it there. */
static void put_path(struct text *text, struct weft_bytes path)
{
    for (uint32_t i = 0; i < path.size; i++) {
        struct weft_bytes byte = { path.data + i, 1 };
        text_bytes(text, path.data[i] == ' '    ? WEFT_BYTES("\\040")
                         : path.data[i] == '\n' ? WEFT_BYTES("\\012")
                         : path.data[i] == '\\' ? WEFT_BYTES("\\134")
                                                : byte);
    }
}

static bool write_mounts(struct text *text)
{
    static uint8_t path[VOLUME_PATH_MAX + 1];
    for (uint32_t i = 0; i < MOUNTS_MAX; i++) {
        struct volume_span span = { path, sizeof(path) };
        const struct mount *mount = &mounts.mounts[i];
        if (!mounts.taken[i] || !mounts_path(&mounts, i, &span))
            continue;
        put_path(text, (struct weft_bytes){ mount->what, mount->what_size });
        text_put(text, " ");
        put_path(text, (struct weft_bytes){ span.data, span.size });
        text_put(text, mount->volume == NULL                       ? " foreign rw 0 0\n"
                          : mount->volume->operations->create == NULL ? " own ro 0 0\n"
                                                                      : " own rw 0 0\n");
    }
    return true;
}

static const struct fact facts[] = {
    { "meminfo", MACHINE_INTERFACE_HASH, write_memory },
    { "mounts", NULL, write_mounts },
    { "uptime", MACHINE_INTERFACE_HASH, write_uptime },
};
enum { FACTS = sizeof(facts) / sizeof(facts[0]) };

/* ---- As a volume ----------------------------------------------------------------------------- */

static uint64_t process_of(uint64_t node)
{
    return node >> FILE_BITS;
}

static const struct fact *fact_of(uint64_t node)
{
    uint64_t index = node & ((1u << FILE_BITS) - 1);
    if (process_of(node) != 0)
        return index == PROCESS_DIRECTORY ? NULL : &process_facts[index - 1];
    return index < FIRST_FACT ? NULL : &facts[index - FIRST_FACT];
}

static bool is_directory(uint64_t node)
{
    return node != NODE_SELF && fact_of(node) == NULL;
}

static int find_fact(const struct fact *list, uint32_t count, struct weft_bytes name)
{
    for (uint32_t i = 0; i < count; i++)
        if (volume_name_is(name, list[i].name))
            return (int)i;
    return -1;
}

static bool take_number(struct weft_bytes name, uint64_t *number)
{
    enum { DIGITS_MAX = 16 };
    *number = 0;
    for (uint32_t i = 0; i < name.size; i++) {
        if (name.data[i] < '0' || name.data[i] > '9' || (i == 0 && name.data[0] == '0'))
            return false;
        *number = *number * 10 + (name.data[i] - '0');
    }
    return name.size != 0 && name.size <= DIGITS_MAX;
}

static int look_up(struct volume *volume, uint64_t directory, struct weft_bytes name,
                   uint64_t *node)
{
    uint64_t process;
    (void)volume;
    if (directory != VOLUME_ROOT) {
        int fact = find_fact(process_facts, PROCESS_FACTS, name);
        *node = directory + 1 + (uint64_t)fact;
        return fact < 0 ? FAILURE(NOT_FOUND) : 0;
    }
    if (volume_name_is(name, "self")) {
        *node = NODE_SELF;
        return 0;
    }
    if (take_number(name, &process) && find(process) != NULL) {
        *node = process << FILE_BITS;
        return 0;
    }
    int fact = find_fact(facts, FACTS, name);
    *node = (uint64_t)(FIRST_FACT + fact);
    return fact < 0 ? FAILURE(NOT_FOUND) : 0;
}

static int status(struct volume *volume, uint64_t node, struct files_status *status)
{
    (void)volume;
    *status = (struct files_status){
        .inode = node,
        .kind = node == NODE_SELF    ? FILES_NODE_KIND_SYMBOLIC_LINK
                : is_directory(node) ? FILES_NODE_KIND_DIRECTORY
                                     : FILES_NODE_KIND_REGULAR_FILE,
        .links = 1,
    };
    asked_process = process_of(node);
    if (fact_of(node) != NULL)
        status->size = facts_size(fact_of(node));
    return 0;
}

static struct weft_bytes bytes_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

static bool list_facts(struct listing *listing, uint64_t first_node, const struct fact *list,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct files_entry entry = { .inode = first_node + i,
                                     .kind = FILES_NODE_KIND_REGULAR_FILE,
                                     .name = bytes_of(list[i].name) };
        if (!listing_add(listing, LISTING_FIRST + i, &entry))
            return false;
    }
    return true;
}

static bool list_process(struct listing *listing, uint64_t process)
{
    static struct text number;
    number.size = 0;
    text_number(&number, process);
    struct files_entry entry = { .inode = process << FILE_BITS,
                                 .kind = FILES_NODE_KIND_DIRECTORY,
                                 .name = { number.data, number.size } };
    return listing_add(listing, FIRST_PROCESS + process, &entry);
}

/* A process's place is its number, so that a listing goes on while others come and go. */
static int list_processes(struct listing *listing)
{
    struct system_process_status_list processes;
    uint64_t from = listing->from < FIRST_PROCESS ? 0 : listing->from - FIRST_PROCESS;
    do {
        if (!fetch(from, PAGE, &processes))
            return FAILURE(IO);
        for (uint32_t i = 0; i < processes.count; i++) {
            from = processes.data[i].process + 1;
            if (!list_process(listing, processes.data[i].process))
                return 0;
        }
    } while (processes.count != 0);
    return 0;
}

static int list(struct volume *volume, uint64_t directory, struct listing *listing)
{
    struct files_entry self = { .inode = NODE_SELF,
                                .kind = FILES_NODE_KIND_SYMBOLIC_LINK,
                                .name = WEFT_BYTES("self") };
    (void)volume;
    if (directory != VOLUME_ROOT) {
        list_facts(listing, directory + 1, process_facts, PROCESS_FACTS);
        return 0;
    }
    return list_facts(listing, FIRST_FACT, facts, FACTS) &&
                   listing_add(listing, LISTING_FIRST + FACTS, &self)
               ? list_processes(listing)
               : 0;
}

static int read(struct volume *volume, uint64_t node, uint64_t offset, struct volume_span *span)
{
    const struct fact *fact = fact_of(node);
    (void)volume;
    if (fact == NULL)
        return FAILURE(IS_DIRECTORY);
    asked_process = process_of(node);
    return facts_read(fact, offset, span);
}

static int open(struct volume *volume, uint64_t node, uint32_t flags)
{
    const struct fact *fact = fact_of(node);
    (void)volume;
    (void)flags;
    return fact == NULL ? 0 : facts_check(fact);
}

static int read_link(struct volume *volume, uint64_t node, struct volume_span *span)
{
    static struct text number;
    (void)volume;
    if (node != NODE_SELF)
        return FAILURE(INVALID);
    number.size = 0;
    text_number(&number, root_event->sender);
    memcpy(span->data, number.data, number.size);
    span->size = number.size;
    return 0;
}

static const struct volume_operations operations = {
    .look_up = look_up,
    .status = status,
    .list = list,
    .read = read,
    .read_link = read_link,
    .open = open,
};
struct volume processes_volume = { .operations = &operations };
