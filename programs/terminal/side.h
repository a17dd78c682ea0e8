/* The person's side of the terminal: a screen and a keyboard, or a serial line. There is one in a
 * process. */
#ifndef PROGRAMS_TERMINAL_SIDE_H
#define PROGRAMS_TERMINAL_SIDE_H

#include "abi/body.h"
#include "interface/terminal.h"

struct view;

struct side {
    struct terminal_size size;
    /* Bytes as programs write them. What is shown within a call that shows may be lost. */
    void (*show)(const uint8_t *bytes, size_t size);
    /* The same of what the system tells: programs do not read it off the picture. */
    void (*tell)(const uint8_t *bytes, size_t size);
    /* What screen_text_return says of somebody who writes again: what is on the other screen stays. */
    void (*show_again)(const uint8_t *bytes, size_t size);
    /* What was to be shown and is not yet is of no interest any more. */
    void (*discard)(void);
    /* Has all that was shown reach the person, and then calls clients_shown, perhaps at once. */
    void (*flush)(void);
    /* The question that something typed will answer: it comes before what programs want. */
    int64_t (*question)(void);
    /* An answer; false: it is none to a question of this side. */
    bool (*answered)(const struct weft_event *event, struct body_reader *reader);
    /* Does what is due. */
    void (*attend)(uint64_t now_ns);
    /* When something is due; -1: nothing is. */
    int64_t (*deadline)(void);
    /* Shows a question of the system's own: `before`, which ends what was being shown, and the text.
     * What was typed before all of it is seen reaches nobody. What is shown afterwards belongs to it. */
    void (*put_question)(struct weft_bytes before, struct weft_bytes text);
    /* What is shown is the programs' again. */
    void (*end_question)(bool is_withdrawn);
    /* What is seen, drawn to its end; NULL: there is no screen. */
    struct view *(*view)(void);
};

/* NULL: there is no screen. The layout's name may be empty. */
const struct side *screen_side_start(struct weft_bytes layout);
/* The line is what `handler`, a slot of `serial`, gives; or `line`, a stream, if that is WEFT_NO_SLOT. */
const struct side *serial_side_start(int32_t handler, int32_t line);

/* ---- What the sides call ---- */

/* Bytes that were typed, or that the terminal answers by itself. */
void clients_type(const uint8_t *bytes, size_t size);
/* Nothing that was shown is on its way any more. */
void clients_shown(void);
/* Monotonic nanoseconds. */
uint64_t side_now(void);

#endif
