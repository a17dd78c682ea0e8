/* Messages as native handlers meet them, between kernel.h and the generated code of an interface.
 * Private to the platforms. */
#ifndef PLATFORM_COMMON_NATIVE_MESSAGE_H
#define PLATFORM_COMMON_NATIVE_MESSAGE_H

#include "abi/body.h"
#include "kernel/kernel.h"

/* The key of an interface, from what its generated header says. */
struct interface_key native_key(const char *name, const char *hash);

/* The message as generated code wants it, and a reader over its body. */
void native_message_event(const struct native_message *message, struct weft_event *event,
                          struct body_reader *reader);
/* For a message that its dispatcher did not take: answers with `status`. */
void native_message_refuse(struct native *native, const struct native_message *message,
                           enum weft_status status);
/* Answers message `id` with what was written; gifts that do not arrive are closed. Nothing if no
 * answer is wanted. */
void native_message_answer(struct native *native, i64 id, const struct body_writer *writer);

#endif
