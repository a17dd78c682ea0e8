/* What a program may send to a terminal that a person sits at: text, colours, moves of the cursor,
 * the modes that full-screen programs use, a title. Taken out is what would make the terminal type
 * something by itself, touch more than its own screen (clipboard, windows, printers), or swallow
 * what others write. ECMA-48, and xterm's "Control Sequences" for what is private.
 *
 * Sequences and characters leave whole or not at all, so that several writers of one terminal
 * cannot make together what none of them may. */
#ifndef ABI_SCREEN_TEXT_H
#define ABI_SCREEN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SCREEN_TEXT_HELD_MAX = 96,     /* bytes of a sequence: a longer one is none */
    SCREEN_TEXT_STRING_MAX = 4096, /* bytes after which a string that never ends is over */
    SCREEN_TEXT_RESTORE_MAX = 256, /* bytes that screen_text_restore writes at most */
};

/* What a writer has begun and what it has changed; all zero: nothing. */
struct screen_text {
    uint8_t state;
    uint8_t held_size;
    bool is_too_long;
    bool has_colours;
    bool has_region;
    bool has_graphics;  /* the character set of lines and corners */
    bool has_insertion; /* what is written moves the rest of the line */
    uint16_t string_size;
    uint32_t modes; /* by bit, which of the private modes are not as usual */
    uint8_t held[SCREEN_TEXT_HELD_MAX];
};

/* Gives what of `size` bytes may pass: how many bytes, at most `size + SCREEN_TEXT_HELD_MAX`. */
size_t screen_text_filter(struct screen_text *text, const uint8_t *bytes, size_t size,
                          uint8_t *out);
/* What a screen needs after a writer that has ended amid something: how many bytes, 0 if it left
 * all as it was. Forgets it. */
size_t screen_text_restore(struct screen_text *text, uint8_t out[SCREEN_TEXT_RESTORE_MAX]);
/* The same of a writer that others write in place of for a while: nothing is forgotten. */
size_t screen_text_leave(const struct screen_text *text, uint8_t out[SCREEN_TEXT_RESTORE_MAX]);
/* What brings back the modes that it had set. On the other screen of most terminals there is then
 * what it had written, unless somebody else was there; its region and colours it sets itself. */
size_t screen_text_return(const struct screen_text *text, uint8_t out[SCREEN_TEXT_RESTORE_MAX]);

#endif
