/* What of a terminal is seen: its screen, or lines of its history above. Only cells that have changed
 * since they were drawn are drawn again. */
#ifndef PROGRAMS_TERMINAL_VIEW_H
#define PROGRAMS_TERMINAL_VIEW_H

#include "programs/terminal/emulator.h"
#include "programs/terminal/picture.h"

struct view {
    const struct emulator *emulator;
    const struct picture *picture;
    struct cell *shown; /* columns times rows, as drawn; reversed ones are so here */
    uint32_t above;     /* lines of history that are seen; 0: the screen alone */
    uint64_t pushed;    /* of the emulator, when it was last looked at */
    uint32_t pointer_row, pointer_column; /* of the mouse, seen where a program wants it */
    uint64_t drawn;     /* cells, so far */
    bool is_drawn_on;   /* by programs (pixels.c), and not restored since */
    uint64_t erased;    /* of the emulator, when it was drawn last */
};

/* `shown` is borrowed, as all else. */
void view_init(struct view *view, const struct emulator *emulator, const struct picture *picture,
               struct cell *shown);
/* Another emulator, with a screen of the same size, is what is seen, and nothing that programs have
 * drawn is. */
void view_look_at(struct view *view, const struct emulator *emulator);
/* Draws what has changed; all of it where the screen was erased that programs had drawn on. While history is seen it stays where it is, whatever comes below. */
void view_draw(struct view *view);
/* Half a screen back into history, or forward; or all the way. */
void view_back(struct view *view);
void view_forward(struct view *view);
void view_to_end(struct view *view);

#endif
