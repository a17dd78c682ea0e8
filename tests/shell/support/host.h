/* A shell that only has variables and parameters, for tests of the language. */
#ifndef TESTS_SHELL_SUPPORT_HOST_H
#define TESTS_SHELL_SUPPORT_HOST_H

#include "programs/shell/language/expand.h"
#include "programs/shell/language/variables.h"

struct host {
    struct variables variables;
    struct words parameters;
    struct words paths; /* that there are */
};

/* Commands are substituted by their own text in angle brackets. */
struct expander host_expander(struct host *host);
void host_free(struct host *host);
/* The fields of the word, each in square brackets; or its mistake after an exclamation mark. */
const char *host_fields(struct host *host, const char *word);

#endif
