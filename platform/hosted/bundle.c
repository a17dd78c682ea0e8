#include "platform/hosted/bundle.h"

/* From the object that the build makes of the archive. */
extern const u8 boot_bundle_start[];
extern const u8 boot_bundle_end[];

struct bytes bundle_archive(void)
{
    return (struct bytes){ boot_bundle_start, (usize)(boot_bundle_end - boot_bundle_start) };
}

bool bundle_find(struct bytes name, struct bytes *contents)
{
    struct tar_entry entry;
    if (!tar_find(bundle_archive(), name, &entry))
        return false;
    *contents = entry.contents;
    return true;
}
