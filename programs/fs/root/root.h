/* The name space: what its parts know of each other. One process has one, so it is simply global.
 */
#ifndef PROGRAMS_FS_ROOT_ROOT_H
#define PROGRAMS_FS_ROOT_ROOT_H

#include "interface/files_program.h"
#include "lib/client.h"
#include "lib/server.h"
#include "programs/fs/root/mount.h"
#include "programs/fs/root/open.h"
#include "programs/fs/root/walk.h"

extern struct mounts mounts;
/* The message that is being handled, and its body. */
extern const struct weft_event *root_event;
extern const uint8_t *root_body;
/* The open node that it came to. */
extern const struct open_node *root_node;

/* Nanoseconds since 1970-01-01 UTC. */
uint64_t root_now(void);
/* The monotonic clock. */
uint64_t root_uptime(void);
/* A slot to `/`. */
int32_t root_mint(void);
/* The open node of a badge, which is `/` for 0: that one is good for a message. NULL: there is none. */
const struct open_node *root_find(uint64_t badge);

/* ---- Answers (answer.c): the one writer, its body of ANSWER_MAX bytes. VOLUME_LATER: none yet. ---- */

enum { ANSWER_MAX = 64 << 10, ANSWER_HEAD = 64 };

struct body_writer *answer_begin(void);
/* For all functions that give nothing or a failure. */
enum weft_status answer_none(const struct weft_event *event, int failure);
enum weft_status answer_bytes(const struct weft_event *event, struct weft_bytes bytes, int failure);
enum weft_status answer_count(const struct weft_event *event, uint32_t count, int failure);
enum weft_status answer_readable(const struct weft_event *event, uint64_t size, int failure);
/* Like `status`; the failure is one. */
enum weft_status answer_no_status(const struct weft_event *event, int failure);
enum weft_status answer_status(const struct weft_event *event, struct volume_node node);
/* An open node, or a failure. */
enum weft_status answer_opened(const struct weft_event *event, int failure,
                               const struct open_node *node);
enum files_error answer_error(int failure);

/* ---- `files` ---- */

/* Functions of an open node that are about paths (paths.c, changes.c) and about itself (nodes.c).
 */
void paths_fill(struct files_server *server);
void changes_fill(struct files_server *server);
void nodes_fill(struct files_server *server);

/* A path below an open directory; the directory, and what the walk found. One at a time, and a
 * second for functions with two paths. */
struct root_path {
    const struct open_node *from;
    struct walk walk;
};
extern struct root_path root_paths[2];
/* 0, or a failure. `from` NULL is a failure too. */
int root_walk(struct root_path *path, struct weft_bytes text, bool follows);
/* The one client for what is sent on; its buffer holds two paths. */
struct weft_client root_client(int32_t slot);
/* What is told to another handler in place of an empty path. */
struct weft_bytes root_rest(const struct walk *walk);

/* ---- A view of some folders of another name space (view.c) ---- */

/* Whether this process is one, as its arguments say; then nothing else is to be seen in it. */
bool view_begin(void);
bool view_is_on(void);
/* Mounts the folders that are not, if they can be had by now. Before each message. */
void view_look(void);
/* What was had of the other name space is gone, as that is another process now: it is had again. */
void view_renew(void);

/* ---- Names that stand for themselves (scheme.c) ---- */

/* Whether the path's last name is one with a scheme, `log:` say; what it stands for, or a failure.
 */
bool scheme_find(struct weft_bytes path, struct volume_node *node, int *failure);

/* ---- `mounts` (table.c) ---- */

enum weft_status table_dispatch(const struct weft_event *event, struct body_reader *reader);
/* A directory that was there at the start. False: it cannot be at this path. */
bool table_mount_given(struct weft_bytes path, int32_t slot);
/* Volumes that are always there. */
void volumes_mount(void);
/* False: told why. */
bool volumes_add(const char *path, const char *what, struct volume *volume, const char *needs);

#endif
