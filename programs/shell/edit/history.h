/* Lines that were entered before, the newest last. */
#ifndef PROGRAMS_SHELL_EDIT_HISTORY_H
#define PROGRAMS_SHELL_EDIT_HISTORY_H

#include "programs/shell/language/text.h"

enum { HISTORY_MAX = 1000 };

struct history {
    struct words lines;
};

/* Not if it is blank or the same as the newest. Whether it was added. */
bool history_add(struct history *history, const char *line);
/* The newest line older than `before` that contains the text; `before` if none does. */
size_t history_search(const struct history *history, const char *text, size_t before);
/* Lines as a file has them: one a line, a newline within one written \n and a backslash \\. */
void history_from_file(struct history *history, const char *bytes, size_t size);
void history_to_file(const struct history *history, struct text *text);

#endif
