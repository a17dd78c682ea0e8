/* An interface parsed from a text in a test, and numbers that look random but are the same in each
 * run. */
#ifndef TESTS_WIT_SUPPORT_PARSED_H
#define TESTS_WIT_SUPPORT_PARSED_H

#include "tools/wit/wit.h"

struct parsed {
    struct arena arena;
    enum status status;
    struct wit_error error;          /* if the status is not STATUS_OK */
    struct wit_interface *interface; /* if it is */
};

/* The text must live as long as what is parsed. `limit_bytes` bounds the arena; 0: no limit. */
void parsed_init(struct parsed *parsed, struct bytes text, usize limit_bytes);
void parsed_deinit(struct parsed *parsed);
/* A whole file; ends the test program if it cannot be read. The caller frees `.data`. */
struct bytes parsed_read(const char *path);

u64 random_next(u64 *state);
/* 0 to `count` - 1. */
u32 random_below(u64 *state, u32 count);

#endif
