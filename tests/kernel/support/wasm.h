/* Small modules made on the spot: one import, one function, one memory, all optional. */
#ifndef TESTS_KERNEL_SUPPORT_WASM_H
#define TESTS_KERNEL_SUPPORT_WASM_H

#include "base/base.h"

struct wasm_module {
    const char *import_module; /* NULL: no import */
    const char *import_name;
    const char *import_type;   /* a letter each: i, l, f, d; parameters, `:`, results */
    bool import_memory;        /* a memory in place of a function */
    const char *export_name;   /* of the function; NULL: not exported */
    const char *function_type; /* NULL: ":" */
    struct bytes code;         /* of the function, without its end; empty: nothing */
    bool starts;               /* the function is the module's start function */
    u32 memory_pages;          /* 0: no memory */
    u32 filler;                /* bytes of a custom section, so that two modules differ */
};

/* Valid until the next call. */
struct bytes wasm_make(const struct wasm_module *module);

#endif
