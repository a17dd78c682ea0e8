/* Bodies of messages as text, by the definition of their interface: for people, never for programs.
 *
 * A definition is canonical text (tools/wit/wit.h), a body is what a stranger wrote: what of it
 * does not fit its type is shown as such, and the text is bounded. Calls nothing but the C library.
 */
#ifndef PROGRAMS_TOOL_SHARED_WIRE_H
#define PROGRAMS_TOOL_SHARED_WIRE_H

#include <stdbool.h>
#include <stdint.h>

enum wire_kind {
    WIRE_BOOL,
    WIRE_U8,
    WIRE_S8,
    WIRE_U16,
    WIRE_S16,
    WIRE_U32,
    WIRE_S32,
    WIRE_U64,
    WIRE_S64,
    WIRE_F32,
    WIRE_F64,
    WIRE_CHAR,
    WIRE_STRING,
    WIRE_LIST,
    WIRE_OPTION,
    WIRE_RESULT,  /* two parts, either without a type */
    WIRE_RECORD,  /* a tuple is one without names */
    WIRE_VARIANT, /* an enum is one without types */
    WIRE_FLAGS,
    WIRE_SLOT, /* own or borrow */
};

struct wire_name {
    const char *text; /* in the definition */
    uint32_t size;
};

struct wire_type;

struct wire_part {
    struct wire_name name;
    const struct wire_type *type; /* NULL: none */
    struct wire_part *next;
};

struct wire_type {
    enum wire_kind kind;
    struct wire_part *parts;
    uint32_t part_count;
    uint32_t size;
    uint32_t alignment;
    uint32_t payload;       /* where it lies behind the case */
    struct wire_type *next; /* of all that there are */
};

struct wire_function {
    struct wire_name name;              /* with its resource: `file.read` */
    const struct wire_type *parameters; /* a record */
    const struct wire_type *result;     /* NULL: none */
    struct wire_function *next;
};

struct wire_interface {
    struct wire_function *functions; /* in order of their indexes */
    struct wire_type *types;
};

/* False: there is no memory, or the text is no definition. What it makes borrows the text. */
bool wire_parse(const char *text, struct wire_interface *interface);
void wire_forget(struct wire_interface *interface);

enum { WIRE_TEXT_MAX = 600 };

struct wire_text {
    char bytes[WIRE_TEXT_MAX + 8]; /* ends with a zero, and with "..." if there was more */
    uint32_t size;
};

/* A request: NAME(parameter=value, ...), or what is wrong with it and its first bytes. The
 * function, or NULL. `interface` may be NULL: nothing is known of it. */
const struct wire_function *wire_request(const struct wire_interface *interface,
                                         const uint8_t *body, uint32_t size,
                                         struct wire_text *text);
/* The answer to a request of `function`; NULL: it is not known. */
void wire_answer(const struct wire_function *function, const uint8_t *body, uint32_t size,
                 struct wire_text *text);

#endif
