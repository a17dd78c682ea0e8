#include "programs/permission/subject.h"

#include "interface/files.h"
#include "lib/interface.h"
#include "programs/permission/known.h"

#include <string.h>

/* Not in the middle of a character. */
static void take_name(struct weft_bytes from, struct subject_name *name)
{
    uint32_t size = from.size;
    if (size > SUBJECT_NAME_MAX)
        for (size = SUBJECT_NAME_MAX; size > 0 && (from.data[size] & 0xC0) == 0x80;)
            size--;
    if (size != 0)
        memcpy(name->bytes, from.data, size);
    name->size = size;
}

static bool is_of_files(struct weft_bytes hash)
{
    struct interface_hash files = interface_hash(FILES_INTERFACE_HASH);
    return memcmp(hash.data, files.bytes, SUBJECT_HASH) == 0;
}

bool subject_take(const struct permissions_subject *from, struct subject *subject)
{
    if (from->program.size == 0 || from->program.size > SUBJECT_CID_MAX ||
        from->interface.size != SUBJECT_HASH)
        return false;
    memset(subject, 0, sizeof(*subject));
    if (!folder_take(from->folder, &subject->folder) ||
        (subject->folder.size != 0 && !is_of_files(from->interface)))
        return false;
    memcpy(subject->cid, from->program.data, from->program.size);
    subject->cid_size = from->program.size;
    memcpy(subject->hash, from->interface.data, SUBJECT_HASH);
    take_name(from->program_name, &subject->program);
    const struct known *known = known_by_hash(from->interface);
    struct weft_bytes name = from->interface_name;
    if (known != NULL)
        name = (struct weft_bytes){ (const uint8_t *)known->name, (uint32_t)strlen(known->name) };
    take_name(name, &subject->interface);
    return true;
}

struct permissions_subject subject_give(const struct subject *subject)
{
    return (struct permissions_subject){
        .program = { subject->cid, subject->cid_size },
        .program_name = { subject->program.bytes, subject->program.size },
        .interface = { subject->hash, SUBJECT_HASH },
        .interface_name = { subject->interface.bytes, subject->interface.size },
        .folder = { subject->folder.text, subject->folder.size },
    };
}

bool subject_is_akin(const struct subject *a, const struct subject *b)
{
    return a->cid_size == b->cid_size && memcmp(a->cid, b->cid, a->cid_size) == 0 &&
           memcmp(a->hash, b->hash, SUBJECT_HASH) == 0;
}

bool subject_equal(const struct subject *a, const struct subject *b)
{
    return subject_is_akin(a, b) && folder_equal(&a->folder, &b->folder);
}
