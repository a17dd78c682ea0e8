/* What the command tells the person who runs it: on standard error, as text, or as one JSON object
 * a line. Private to the hosted platform.
 *
 * Words may come from programs: what could move a terminal's cursor is shown escaped. */
#ifndef PLATFORM_HOSTED_SAY_H
#define PLATFORM_HOSTED_SAY_H

#include "base/base.h"

/* From now on as JSON. */
void say_as_json(void);
bool say_is_json(void);

struct say_field {
    const char *name;
    struct bytes text;
    i64 number; /* if `text.data` is NULL */
};

/* Text: "weft: MESSAGE" and a newline. JSON: {"event":EVENT,"message":MESSAGE, fields}. The message
 * is composed as by printf. */
void say(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_fields(const char *event, struct bytes message, const struct say_field *fields,
                u32 field_count);
/* Text as it should appear to a person, or inside of a JSON string. */
void say_write_harmless(struct writer *writer, struct bytes text);
void say_write_json(struct writer *writer, struct bytes text);

#endif
