/* What a command says of itself, as with --help: "usage: NAME WORD..." and further forms of it, a
 * line each that begins with blanks; then what it does, of which the first sentence sums it up. Texts
 * of programs are anybody's: whatever is in them, nothing is read beyond them. */
#ifndef PROGRAMS_SHELL_EDIT_USAGE_H
#define PROGRAMS_SHELL_EDIT_USAGE_H

#include "programs/shell/language/text.h"

enum { USAGE_MAX = 16 << 10 };

struct usage {
    const char *forms; /* from the first one's "usage:" on */
    size_t forms_size;
    const char *text; /* the rest */
    size_t text_size;
};

/* The first there is in these bytes, up to a zero or to USAGE_MAX: wherever one of a command of this
 * name is, or, for NULL, that begins a line. False: there is none. */
bool usage_find(const char *bytes, size_t size, const char *name, struct usage *usage);
/* Whether a program of these bytes is known to tell how it is used when it is asked with --help: it has
 * the words in it that such a text, or whoever points to it, begins with. */
bool usage_is_told(const char *bytes, size_t size);
/* The next form from `*at` on, which is 0 at first, without "usage:"; NULL: there is no more. */
const char *usage_form(const struct usage *usage, size_t *at, size_t *size);
/* The first sentence, without its end. */
void usage_summary(const struct usage *usage, struct text *summary);
/* A page, laid out as the pages of `man` are. */
void usage_page(const struct usage *usage, const char *name, struct text *page);

#endif
