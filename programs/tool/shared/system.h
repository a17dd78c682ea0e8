/* What the tools that look at the system share: its interface, and why it said no. */
#ifndef PROGRAMS_TOOL_SHARED_SYSTEM_H
#define PROGRAMS_TOOL_SHARED_SYSTEM_H

#include "interface/system_program.h"
#include "lib/client.h"

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* A client of `system` whose lists are as long as any: they stay until the next call. */
struct weft_client *system_client(void);
/* The same on another slot: a process. */
struct weft_client *system_client_of(int32_t slot);

/* Says on standard error why, in words: EXIT_FAILED. */
int tell_status(const char *what, enum weft_status status);
int tell_error(const char *what, enum system_error error);

/* What a call gave: 0, or why not is told. */
int tell_result(const char *what, enum weft_status status,
                const struct system_none_error_result *result);
/* What the system as a whole may have of memory, in pages, is a bound of the kernel's own: as much as
 * this is no limit to a person. */
#define NO_LIMIT (1ull << 32)

/* The slot of a process by its number as text; 0 or an exit status, with why. */
int find_process(const char *text, int32_t *slot);

/* Relative paths are those of whoever called, if that was in a folder that is here, too. */
void go_where_called(void);

/* True if `text` is a number, which is in `*number` then. */
bool read_number(const char *text, uint64_t *number);
enum { AMOUNT_TEXT = 24 };
/* An amount of memory in KiB, or (`for_people`) with the unit that suits it: 12.5M. */
void write_amount(char text[AMOUNT_TEXT], uint64_t kib, bool for_people);
/* Prints a text in a column: control characters escaped, at least `width` wide. */
void print_text(struct weft_bytes text, uint32_t width);
/* Whether an argument asks for help, which is printed then. */
bool asks_for_help(int count, char **arguments, const char *help);

#endif
