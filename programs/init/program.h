/* Programs, as manifests name them. */
#ifndef PROGRAMS_INIT_PROGRAM_H
#define PROGRAMS_INIT_PROGRAM_H

#include "lib/bundle.h"

enum { PROGRAM_NAME_BYTES = 128 };

struct program {
    struct bundle_program cid;
    uint8_t name[PROGRAM_NAME_BYTES]; /* as far as it fits */
    uint32_t name_size;
};

static inline struct weft_bytes program_name(const struct program *program)
{
    return (struct weft_bytes){ program->name, program->name_size };
}

/* A program by its name in the boot bundle, or by its CID in text form. False: it is neither, and
 * nothing has changed. */
bool program_find(struct weft_bytes name, struct program *program);
/* The kernel gives up what nobody runs when it needs the room: it gets the program again. False: it is
 * none of the bundle's. */
bool program_add_again(const struct program *program);
/* For one that is not there. */
void program_set_name(struct program *program, struct weft_bytes name);

/* The bytes of a CID from its text: base32, of version 1, with a hash of 32 bytes. */
bool program_cid_of_text(struct weft_bytes text, struct bundle_program *cid);

#endif
