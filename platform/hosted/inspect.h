/* What `weft inspect` finds out about a program. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_INSPECT_H
#define PLATFORM_HOSTED_INSPECT_H

#include "kernel/kernel.h"

/* An interface that the program can ask for. */
struct inspected_interface {
    struct bytes key;     /* NAME@HASH, as imported */
    struct bytes through; /* the import namespace whose library asks; empty: the program itself */
    struct inspected_interface *next;
};

/* An import namespace of the program. */
struct inspected_namespace {
    struct bytes name;
    const char *library; /* path in the boot bundle; NULL: the system itself, or nobody */
    bool own;            /* the system itself answers it */
    u32 import_count;
    struct inspected_namespace *next;
};

struct inspection {
    struct arena arena;
    struct inspected_namespace *namespaces; /* in the program's order */
    struct inspected_interface *interfaces; /* each once */
};

/* Looks at imports, and at what they can reach in the libraries that answer them. */
enum status inspect_module(const struct module *module, struct inspection *inspection);

#endif
