/* The native handler of `files`: nodes and what can be done with them. Private to the hosted
 * platform.
 *
 * A node is what a slot leads to: an open file of the host and what its holder may do with it.
 * Rights only ever shrink: from a directory to what is opened in it, and by `narrow`. Functions
 * that can fail give 0, an errno, or PATH_ESCAPES. */
#ifndef PLATFORM_HOSTED_FILES_H
#define PLATFORM_HOSTED_FILES_H

#include "interface/files.h"
#include "platform/hosted/channel.h"
#include "platform/hosted/files_path.h"

/* An open file of the host; nodes that differ in rights share it. */
struct file {
    struct object object;
    int fd;
    enum files_node_kind kind;
    struct channel channel;        /* of pipes, devices and sockets */
    pthread_mutex_t position_lock; /* of a directory: reading it moves the host's position */
};

struct node {
    struct object object;
    struct file *file;
    u32 rights;       /* READ, WRITE, APPEND of the open flags: of the bytes; of a directory, of all
                         that is below */
    bool may_change;  /* names, times and sizes: what a read-only grant forbids */
    _Atomic u32 mode; /* APPEND, DATA_SYNC, SYNC, READ_SYNC, NON_BLOCKING of the open flags */
};

extern struct handler files_handler;

/* ---- Nodes (files_node.c) ---- */

/* A node for `fd`, which it closes in the end, also on failure. */
int node_create(int fd, u32 rights, bool may_change, struct node **node);
int node_open(const struct node *directory, struct weft_bytes path, u32 flags, struct node **node);
int node_narrow(const struct node *node, u32 flags, struct node **narrowed);
/* Whether reads and writes may have to wait, and have no offset. */
bool node_waits(const struct node *node);
int node_status(int fd, struct files_status *status);
enum files_error files_error_of(int failure);

/* ---- Calls: one message to one node ---- */

struct call {
    const struct weft_event *event;
    struct node *node;
    struct body_writer writer;
    u8 space[96]; /* for every answer without lists or strings */
};

/* False: the node is gone. */
bool call_begin(struct call *call, const struct weft_event *event);
/* Answers with what is in the writer, and lets go of the node. */
enum weft_status call_end(struct call *call);
/* The same for functions that give result<_, error>. */
enum weft_status call_end_none(struct call *call, int failure);

/* ---- Functions of the interface, by what they are about ---- */

/* Bytes (files_bytes.c) */
enum weft_status files_on_read(void *context, const struct weft_event *event,
                               const struct files_node_read_arguments *arguments);
enum weft_status files_on_write(void *context, const struct weft_event *event,
                                const struct files_node_write_arguments *arguments);
enum weft_status files_on_set_size(void *context, const struct weft_event *event,
                                   const struct files_node_set_size_arguments *arguments);
enum weft_status files_on_allocate(void *context, const struct weft_event *event,
                                   const struct files_node_allocate_arguments *arguments);
enum weft_status files_on_advise(void *context, const struct weft_event *event,
                                 const struct files_node_advise_arguments *arguments);
enum weft_status files_on_sync(void *context, const struct weft_event *event,
                               const struct files_node_sync_arguments *arguments);
enum weft_status files_on_readable(void *context, const struct weft_event *event);
enum weft_status files_on_writable(void *context, const struct weft_event *event);

/* Names below a directory (files_names.c) */
enum weft_status
files_on_create_directory(void *context, const struct weft_event *event,
                          const struct files_node_create_directory_arguments *arguments);
enum weft_status
files_on_remove_directory(void *context, const struct weft_event *event,
                          const struct files_node_remove_directory_arguments *arguments);
enum weft_status files_on_unlink(void *context, const struct weft_event *event,
                                 const struct files_node_unlink_arguments *arguments);
enum weft_status files_on_rename(void *context, const struct weft_event *event,
                                 const struct files_node_rename_arguments *arguments);
enum weft_status files_on_link(void *context, const struct weft_event *event,
                               const struct files_node_link_arguments *arguments);
enum weft_status files_on_symlink(void *context, const struct weft_event *event,
                                  const struct files_node_symlink_arguments *arguments);
enum weft_status files_on_read_link(void *context, const struct weft_event *event,
                                    const struct files_node_read_link_arguments *arguments);

/* Entries of a directory (files_list.c) */
enum weft_status files_on_list(void *context, const struct weft_event *event,
                               const struct files_node_list_arguments *arguments);

/* What is known of a node (files_status.c) */
enum weft_status files_on_status(void *context, const struct weft_event *event);
enum weft_status files_on_status_at(void *context, const struct weft_event *event,
                                    const struct files_node_status_at_arguments *arguments);
enum weft_status files_on_set_times(void *context, const struct weft_event *event,
                                    const struct files_node_set_times_arguments *arguments);
enum weft_status files_on_set_times_at(void *context, const struct weft_event *event,
                                       const struct files_node_set_times_at_arguments *arguments);
enum weft_status files_on_set_flags(void *context, const struct weft_event *event,
                                    const struct files_node_set_flags_arguments *arguments);
enum weft_status files_on_flags(void *context, const struct weft_event *event);
enum weft_status files_on_space(void *context, const struct weft_event *event);

#endif
