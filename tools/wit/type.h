/* What there is to know of each kind of type. Private to tools/wit. */
#ifndef TOOLS_WIT_TYPE_H
#define TOOLS_WIT_TYPE_H

#include "tools/wit/wit.h"

/* The word that WIT has for the kind: `u8`, `list`, `record`, `type` for an alias. */
const char *type_word(enum wit_kind kind);
/* The kind from `first` to `last` with that word; WIT_NAME: none. */
enum wit_kind type_find(struct bytes word, enum wit_kind first, enum wit_kind last);

/* Of a primitive kind: the C type, and size and alignment on the wire. */
const char *type_primitive_in_c(enum wit_kind kind);
u32 type_primitive_size(enum wit_kind kind);
u32 type_primitive_alignment(enum wit_kind kind);

/* Bytes on the wire that tell cases apart, or hold flags (Canonical ABI). */
u32 type_case_size(u32 case_count);
u32 type_flags_size(u32 flag_count);

/* Whether the type is a list<u8>, which is a view of bytes in C. */
bool type_is_bytes(const struct wit_type *type);
/* Whether a value of the type is a struct in C with a coder of its own. */
bool type_is_struct(const struct wit_type *type);
/* Whether the type is a variant, option or result with anything behind the case. */
bool type_has_payload(const struct wit_type *type);

#endif
