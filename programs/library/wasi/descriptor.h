/* The table of descriptors: what a number stands for, and what may be done with it. Private to the
 * library.
 *
 * The first use of the table fills it from the start record: 0, 1 and 2 are the slots `stdin`,
 * `stdout` and `stderr`, from 3 on come the slots `dir:NAME` in their order, which are the
 * preopened directories, then `listener:NAME` and `socket:NAME`, which is a connection. A new
 * descriptor gets the lowest free number. A descriptor owns its slot. */
#ifndef PROGRAMS_LIBRARY_WASI_DESCRIPTOR_H
#define PROGRAMS_LIBRARY_WASI_DESCRIPTOR_H

#include "lib/client.h"
#include "programs/library/wasi/wasi.h"

enum {
    DESCRIPTORS_MAX = 1024,
    TRANSFER_MAX = 1 << 16, /* bytes that one message reads or writes */
    PREOPENS_FROM = 3,
};

enum descriptor_kind {
    DESCRIPTOR_CLOSED = 0,
    DESCRIPTOR_NODE,       /* of `files`: a file, directory or other node */
    DESCRIPTOR_STREAM,     /* of `stream` */
    DESCRIPTOR_LISTENER,   /* of `tcp` */
    DESCRIPTOR_CONNECTION, /* of `tcp` */
};

struct descriptor {
    uint8_t kind;
    uint8_t filetype; /* enum wasi_filetype; of a stream only once it is resolved */
    bool is_resolved; /* `filetype` is known */
    bool is_at_end;   /* it appended: the offset is the file's end, not yet asked for */
    uint16_t flags;   /* WASI_FDFLAG_... */
    int32_t slot;
    uint64_t base; /* rights */
    uint64_t inheriting;
    uint64_t offset;        /* where reading and writing go on, unless `is_at_end` */
    struct weft_bytes name; /* of a preopened directory; data is NULL for others */
};

/* Finds an open descriptor. WASI_EBADF: there is none; WASI_ENOTCAPABLE: a right is missing. */
uint32_t descriptor_find(uint32_t fd, uint64_t rights, struct descriptor **descriptor);
/* The same for a directory; WASI_ENOTDIR if it is none. */
uint32_t descriptor_find_directory(uint32_t fd, uint64_t rights, struct descriptor **descriptor);
/* Whether there is room for one more: WASI_SUCCESS or WASI_EMFILE. */
uint32_t descriptor_room(void);
/* Enters one where `descriptor_room` found room; its number. */
uint32_t descriptor_add(const struct descriptor *descriptor);
/* Closes `to` and moves the open descriptor `from` there. */
void descriptor_move(struct descriptor *from, struct descriptor *to);
void descriptor_close(struct descriptor *descriptor);
/* The same for a stream's slot, which is read and written as the stream allows it. */
uint32_t descriptor_adopt(int32_t slot);
/* A second descriptor for the same node or stream: its number. */
uint32_t descriptor_copy(uint32_t fd, uint32_t *copy);
/* Finds out a stream's file type. */
void descriptor_resolve(struct descriptor *descriptor);
/* Rights that make sense for a file type, of the descriptor itself and of what is opened there. */
uint64_t descriptor_base_rights(uint8_t filetype);
uint64_t descriptor_inheriting_rights(uint8_t filetype);

/* The library's one client, set to a slot. Its buffer holds an answer of TRANSFER_MAX bytes. */
struct weft_client *client_of(int32_t slot);
void slot_close(int32_t slot);

#endif
