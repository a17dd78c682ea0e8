/* What a program imports, as C declares it: the three calls (abi/weft.h has their contract) and,
 * for libraries, the client's memory. A program that calls none of a group does not import it. */
#ifndef LIB_WEFT_H
#define LIB_WEFT_H

#include "abi/weft.h"

#define WEFT_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
/* A function that the kernel, or a client of a library, finds by its name. */
#define WEFT_EXPORT(name) __attribute__((export_name(name), visibility("default")))

WEFT_IMPORT("weft", "send")
int64_t weft_send(int32_t slot, const void *body, uint32_t size, const int32_t *gifts,
                  uint32_t gift_count, uint32_t flags);
WEFT_IMPORT("weft", "answer")
int32_t weft_answer(int64_t message, int32_t status, const void *body, uint32_t size,
                    const int32_t *gifts, uint32_t gift_count);
WEFT_IMPORT("weft", "wait")
int32_t weft_wait(const int64_t *ids, uint32_t id_count, struct weft_event *event, void *body,
                  uint32_t capacity, int64_t deadline);

WEFT_IMPORT("weft:caller", "load")
int32_t weft_caller_load(void *own, uint32_t client, uint32_t size);
WEFT_IMPORT("weft:caller", "store")
int32_t weft_caller_store(uint32_t client, const void *own, uint32_t size);
WEFT_IMPORT("weft:caller", "pages") uint32_t weft_caller_pages(void);
WEFT_IMPORT("weft:caller", "grow") int32_t weft_caller_grow(uint32_t pages);

#endif
