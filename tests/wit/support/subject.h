/* An interface cut into tokens, to be mutated as such: the parsed original tells at which tokens
 * the names of items and parts stand. */
#ifndef TESTS_WIT_SUPPORT_SUBJECT_H
#define TESTS_WIT_SUPPORT_SUBJECT_H

#include "tests/wit/support/parsed.h"

enum {
    SUBJECT_TOKENS_MAX = 4096,
    SUBJECT_SITES_MAX = 1024,
};

struct word {
    char text[WIT_NAME_SIZE_MAX + 2];
};

/* A name that stands at a token. */
struct site {
    u32 token;
    bool is_alias;
    const struct wit_type *type;         /* the item whose name it is, */
    const struct wit_part *part;         /* or the part, */
    const struct wit_type *owner;        /* of this type, */
    const struct wit_function *function; /* or the function, or the function of the parameter */
};

/* An original, and its mutation in the making. The first site is the interface's name. */
struct subject {
    struct bytes text;
    struct parsed parsed;
    struct word original[SUBJECT_TOKENS_MAX];
    u32 original_count;
    struct site sites[SUBJECT_SITES_MAX];
    u32 site_count;
    struct word words[SUBJECT_TOKENS_MAX];
    u32 count;
};

void subject_init(struct subject *subject, const char *path);
void subject_deinit(struct subject *subject);
/* Begins a mutation: the words are the original ones. */
void subject_reset(struct subject *subject);

/* Whether there is a word at `at` and it is `text`. */
bool subject_is(const struct subject *subject, u32 at, const char *text);
void subject_insert(struct subject *subject, u32 at, const char *text);
/* Several words, with blanks between them. */
void subject_insert_all(struct subject *subject, u32 at, const char *texts);
void subject_remove(struct subject *subject, u32 at, u32 count);
void subject_replace(struct subject *subject, u32 at, const char *text);
/* Exchanges the words in [first, middle) with those in [middle, end). */
void subject_rotate(struct subject *subject, u32 first, u32 middle, u32 end);

/* One past the last word of the part that begins at `at`: before `,` or a closing bracket. */
u32 subject_end_of_part(const struct subject *subject, u32 at);
/* One past the `;` of the function that begins at `at`. */
u32 subject_end_of_function(const struct subject *subject, u32 at);

#endif
