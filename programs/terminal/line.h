/* What a person types, made into lines: erasing, echo, the end of input and the interrupt key, as the
 * terminals of other systems have it. */
#ifndef PROGRAMS_TERMINAL_LINE_H
#define PROGRAMS_TERMINAL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LINE_BYTES_MAX = 4096,
    LINE_READY_MAX = 16384,
    LINE_ENDS_MAX = 64, /* ends of input that wait to be read */
};

struct line {
    uint8_t edited[LINE_BYTES_MAX]; /* not yet ended by a new line */
    uint32_t edited_size;
    uint8_t ready[LINE_READY_MAX]; /* a ring: to be read */
    uint32_t ready_start;
    uint32_t ready_size;
    uint32_t ends[LINE_ENDS_MAX]; /* how much of what is ready lies before each end of input */
    uint32_t end_count;
    bool raw;
    bool no_echo;
    bool takes_interrupt; /* somebody waits for the interrupt key, */
    bool takes_stop;      /* and for the stop key */
    /* Shows what is typed. */
    void (*echo)(void *context, const uint8_t *bytes, size_t size);
    void *context;
};

enum line_event {
    LINE_NOTHING,
    LINE_INTERRUPT, /* ^C: what was typed and not read is forgotten. It is for the caller to show */
    LINE_STOP,      /* ^Z, if somebody waits for it: the same */
};

/* One byte that was typed. What finds no room is lost. In raw mode ^C is a byte like others unless
 * somebody waits for it. */
enum line_event line_type(struct line *line, uint8_t byte);
/* Shows the key that did that, as a text. */
void line_show_key(const struct line *line, const char *key);
/* What is edited becomes what was typed, as raw mode has it. */
void line_set_mode(struct line *line, bool raw, bool no_echo);
/* Nothing was typed so far. The modes stay. */
void line_forget(struct line *line);
/* Whether a read would find something, the end of input included. */
bool line_is_ready(const struct line *line);
/* How much a read would find; 0: the end of input. */
uint32_t line_ready_size(const struct line *line);
/* Takes up to `capacity` bytes; 0: the end of input. */
uint32_t line_take(struct line *line, uint8_t *buffer, uint32_t capacity);

#endif
