#include "programs/fs/root/volume.h"

enum { ENTRY_WIRE_BYTES = 32 }; /* next, inode, kind, name: without the name's bytes */

bool listing_add(struct listing *listing, uint64_t place, const struct files_entry *entry)
{
    uint32_t size = entry->name.size;
    if (place < listing->from)
        return true;
    if (listing->count == LISTING_ENTRIES_MAX || size > LISTING_NAMES_MAX - listing->names_used ||
        ENTRY_WIRE_BYTES + size > listing->room)
        return false;
    uint8_t *name = listing->names + listing->names_used;
    for (uint32_t i = 0; i < size; i++)
        name[i] = entry->name.data[i];
    listing->entries[listing->count] = *entry;
    listing->entries[listing->count].name.data = name;
    listing->entries[listing->count].next = place + 1;
    listing->count++;
    listing->names_used += size;
    listing->room -= ENTRY_WIRE_BYTES + size;
    return true;
}
