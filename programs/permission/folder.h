/* One folder of `files`, as a rule names it: `/PATH`, or `/PATH:ro` if it is only to be read. */
#ifndef PROGRAMS_PERMISSION_FOLDER_H
#define PROGRAMS_PERMISSION_FOLDER_H

#include "abi/body.h"

#include <stdbool.h>

enum { FOLDER_PATH_MAX = 255, FOLDER_TEXT_MAX = FOLDER_PATH_MAX + 3 };

/* Zero: none. */
struct folder {
    uint8_t text[FOLDER_TEXT_MAX]; /* without empty names and `.` */
    uint32_t size;
    uint32_t path_size; /* without `:ro` */
};

/* An empty text is none. False: it is no absolute path, is `/` itself, has `..` or a zero in it, or is
 * too long. */
bool folder_take(struct weft_bytes text, struct folder *folder);
bool folder_is_read_only(const struct folder *folder);
/* The same of a folder's text. */
bool folder_text_is_read_only(struct weft_bytes text);
/* The same path. */
bool folder_equal(const struct folder *a, const struct folder *b);
/* One is in the other. */
bool folder_overlaps(const struct folder *a, const struct folder *b);

#endif
