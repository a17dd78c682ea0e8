/* Who may come to what is had by an interface: this process has the rights of the session, and must
 * not lend them to those who have fewer. The kernel says in which silo the sender of a message is,
 * and what that silo's table says; a row that would ask has not been answered yet, so it is a no, but
 * for what nobody is asked about. */
#include "interface/system_program.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "programs/fs/root/root.h"
#include "programs/permission/known.h"

enum { LISTING_BYTES = 1 << 18 }; /* of as many rows as a table can have */

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
                   (row->verdict == SYSTEM_VERDICT_ASK && is_usual(row->interface));
    }
    return false;
}
