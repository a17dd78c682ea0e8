/* A door of kernel/: what a program could ever ask for, found without running it. Interfaces that it
 * imports itself, and those that the functions it imports from libraries can reach there. Any thread,
 * without the kernel's lock. */
#ifndef KERNEL_INSPECT_H
#define KERNEL_INSPECT_H

#include "kernel/kernel.h"

/* An interface that the program can ask for. */
struct inspected_interface {
    struct bytes key;     /* NAME@HASH, as imported */
    struct bytes through; /* the import namespace whose library asks; empty: the program itself */
    struct inspected_interface *next;
};

/* An import namespace of the program; its name lives as long as the module. */
struct inspected_namespace {
    struct bytes name;
    u32 import_count;
    struct inspected_namespace *next;
};

struct inspection {
    struct arena arena;
    struct inspected_namespace *namespaces; /* in the program's order */
    struct inspected_interface *interfaces; /* each once */
};

/* The library that answers a namespace, held; NULL: there is none. */
typedef struct program *inspect_library(void *context, struct bytes import_namespace);

/* Fails with STATUS_NO_MEMORY, or STATUS_LIMIT for too many names; the arena is the caller's to give
 * back in any case. */
enum status inspect_module(const struct module *module, inspect_library *library, void *context,
                           struct inspection *inspection);

#endif
