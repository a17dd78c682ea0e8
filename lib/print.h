/* Lines of text for a person, on standard output: the start record's `stdout`, or the silo's
 * `stream` for a process that was given none. What is printed goes out with its newline. */
#ifndef LIB_PRINT_H
#define LIB_PRINT_H

#include "abi/body.h"

void print(const char *text);
void print_bytes(struct weft_bytes text);
void print_number(uint64_t number);

/* On standard error: that the program does not take this argument, and how it is used by the first line of
 * `help`, which is "usage: NAME ...". Gives the exit status for that. */
int print_misuse(struct weft_bytes argument, const char *help);

#endif
