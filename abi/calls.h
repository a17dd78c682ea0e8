/* The three calls, as a program in C imports them: see abi/weft.h. For programs only. */
#ifndef ABI_CALLS_H
#define ABI_CALLS_H

#include "abi/weft.h"

#define ABI_CALL(name) __attribute__((import_module("weft"), import_name(name)))

ABI_CALL("send")
int64_t weft_send(int32_t slot, const void *body, uint32_t size, const int32_t *gifts,
                  uint32_t gift_count, uint32_t flags);
ABI_CALL("answer")
int32_t weft_answer(int64_t message, int32_t status, const void *body, uint32_t size,
                    const int32_t *gifts, uint32_t gift_count);
ABI_CALL("wait")
int32_t weft_wait(const int64_t *ids, uint32_t id_count, struct weft_event *event, void *body,
                  uint32_t capacity, int64_t deadline);

#undef ABI_CALL

#endif
