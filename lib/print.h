/* Lines of text for a person, on standard output: the start record's `stdout`, or the silo's
 * `stream` for a process that was given none. What is printed goes out with its newline. */
#ifndef LIB_PRINT_H
#define LIB_PRINT_H

#include "abi/body.h"

void print(const char *text);
void print_bytes(struct weft_bytes text);
void print_number(uint64_t number);

#endif
