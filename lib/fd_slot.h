/* Weft's own addition to WASI, for programs that use its interfaces beside it: the slot behind a
 * descriptor, which stays the library's (programs/library/wasi/wasi.h). */
#ifndef LIB_FD_SLOT_H
#define LIB_FD_SLOT_H

enum fd_kind {
    FD_KIND_STREAM,
    FD_KIND_NODE, /* of `files` */
    FD_KIND_OTHER,
};

/* 0, or WASI's number of an error. */
__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_slot"))) extern int
wasi_fd_slot(int descriptor, int *slot, int *kind);

#endif
