/* Who may come to what is had by an interface: this process has the rights of the session, and must
 * not lend them to those who have fewer. The kernel says in which silo the sender of a message is,
 * and what that silo's table says. A row that would ask has not been answered yet, so it is a no,
 * but for what nobody is asked about and what was decided for that program before. */
#include "interface/permissions_program.h"
#include "interface/system_program.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "programs/fs/root/root.h"
#include "programs/init/program.h"
#include "programs/permission/known.h"

enum {
    LISTING_BYTES = 1 << 18, /* of as many rows as a table can have */
    LINE_BYTES = 256,
};

static bool is_same(struct weft_bytes hash, const struct interface_hash *wanted)
{
    return hash.size == INTERFACE_HASH_BYTES &&
           memcmp(hash.data, wanted->bytes, INTERFACE_HASH_BYTES) == 0;
}

static bool is_usual(struct weft_bytes hash)
{
    const struct known *known = known_by_hash(hash);
    return known != NULL && known->is_usual;
}

/* ---- What is left open -------------------------------------------------------------------------
 */

static const uint64_t patience_ns = 1000000000; /* who decides may be starting again */

/* Of the process that asks; false: it has ended. The name lives until the next call. */
static bool find_program(struct bundle_program *cid, struct weft_bytes *name)
{
    static _Alignas(8) uint8_t listing[LISTING_BYTES];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = listing,
                                  .capacity = sizeof(listing) };
    struct system_process_status_list processes;
    if (system_processes(&client, &processes) != WEFT_OK)
        return false;
    for (uint32_t i = 0; i < processes.count; i++) {
        if (processes.data[i].process != root_event->sender)
            continue;
        *name = processes.data[i].name;
        return program_cid_of_text(processes.data[i].program, cid);
    }
    return false;
}

static bool is_remembered(const struct bundle_program *cid, const struct interface_hash *wanted)
{
    _Alignas(8) uint8_t buffer[512];
    struct weft_client client = { .slot = permissions_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer),
                                  .deadline_ns = root_uptime() + patience_ns };
    enum permissions_choice choice;
    return permissions_foresee(&client, bundle_cid(cid), interface_bytes(wanted), &choice) ==
               WEFT_OK &&
           choice == PERMISSIONS_CHOICE_ALLOW;
}

static void add(char *line, const char *text, uint32_t size)
{
    uint32_t at = (uint32_t)strlen(line);
    for (uint32_t i = 0; i < size && at < LINE_BYTES - 1; i++)
        line[at++] = text[i];
    line[at] = 0;
}

/* Who was told last, and of what: once is enough. */
static struct {
    uint64_t process;
    const struct known *known;
} told;

static void tell(struct weft_bytes program, const struct known *known)
{
    char line[LINE_BYTES] = { 0 };
    if (told.process == root_event->sender && told.known == known)
        return;
    told.process = root_event->sender;
    told.known = known;
    add(line, "it may not use ", 15);
    add(line, known->name, (uint32_t)strlen(known->name));
    add(line, " by a path; to let it: permission allow ", 40);
    add(line, (const char *)program.data, program.size);
    add(line, " ", 1);
    add(line, known->name, (uint32_t)strlen(known->name));
    say(LOG_LEVEL_WARNING, program, line);
}

/* Nobody is asked here: a person would keep all others waiting who open something. What was decided
 * before holds, and else the command is told that decides. */
static bool is_decided(struct weft_bytes hash)
{
    const struct known *known = known_by_hash(hash);
    struct bundle_program cid;
    struct interface_hash wanted;
    struct weft_bytes program;
    if (known == NULL || root_event == NULL)
        return false;
    wanted = interface_hash(known->hash);
    if (!find_program(&cid, &program))
        return false;
    bool is_allowed = is_remembered(&cid, &wanted);
    if (is_allowed)
        told.process = 0; /* should it be taken back, that is news */
    else
        tell(program, known);
    return is_allowed;
}

bool authority_allows(uint64_t silo, const char *hash_text)
{
    static _Alignas(8) uint8_t buffer[LISTING_BYTES];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct interface_hash wanted = interface_hash(hash_text);
    struct system_binding_list_error_result rows;
    if (system_bindings(&client, silo, &rows) != WEFT_OK || rows.failed)
        return false;
    for (uint32_t i = 0; i < rows.value.count; i++) {
        const struct system_binding *row = &rows.value.data[i];
        if (row->tag.size == 0 && is_same(row->interface, &wanted))
            return row->verdict == SYSTEM_VERDICT_ALLOW ||
                   (row->verdict == SYSTEM_VERDICT_ASK &&
                    (is_usual(row->interface) || is_decided(row->interface)));
    }
    return false;
}
