/* Programs of the boot bundle, put where `spawn` finds them. */
#ifndef LIB_BUNDLE_H
#define LIB_BUNDLE_H

#include "abi/body.h"

enum { BUNDLE_CID_MAX = 64 };

struct bundle_program {
    uint8_t cid[BUNDLE_CID_MAX];
    uint32_t cid_size;
};

/* `name` is the file's as it is, or without `.wasm`, and then without the folder if that is `bin/`,
 * `system/` or `example/`. False: there is no such program, or it is none. The memory that this takes stays for the next. */
bool bundle_add(struct weft_bytes name, struct bundle_program *program);

/* The bytes of a file of exactly that name; they live until the next call of this or `bundle_add`. */
bool bundle_read(struct weft_bytes name, struct weft_bytes *bytes);

static inline struct weft_bytes bundle_cid(const struct bundle_program *program)
{
    return (struct weft_bytes){ program->cid, program->cid_size };
}

#endif
