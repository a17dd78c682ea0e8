#include "programs/init/program.h"

#include "lib/memory.h"

/* With a character's bytes all or none. */
static uint32_t size_that_fits(struct weft_bytes name)
{
    uint32_t size = name.size < PROGRAM_NAME_BYTES ? name.size : PROGRAM_NAME_BYTES;
    while (size < name.size && size > 0 && (name.data[size] & 0xC0) == 0x80)
        size--;
    return size;
}

bool program_find(struct weft_bytes name, struct program *program)
{
    struct bundle_program cid;
    if (!bundle_add(name, &cid) && !program_cid_of_text(name, &cid))
        return false;
    program->cid = cid;
    program_set_name(program, name);
    return true;
}

bool program_add_again(const struct program *program)
{
    struct bundle_program again;
    return bundle_add(program_name(program), &again) && again.cid_size == program->cid.cid_size &&
           memcmp(again.cid, program->cid.cid, again.cid_size) == 0;
}

void program_set_name(struct program *program, struct weft_bytes name)
{
    program->name_size = size_that_fits(name);
    memcpy(program->name, name.data, program->name_size);
}
