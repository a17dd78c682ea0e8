/* The door of tools/wit: from the text of an interface (`*.wit`) to its hash, its C and its page.
 *
 * The language is WIT, as the Component Model defines it, without worlds, `use`, streams, futures,
 * maps and gates; one file holds one package line and one interface. Where WIT wants `%` before a
 * name that is also a word of the language, it is optional here unless the name would be read as
 * that word; types and functions do not share their names. `wit_parse` reads a file into the
 * structures below, all of them in one arena; each `wit_print_*` writes one view of them. The
 * library is also what `weft interface` shows, so its input is hostile: size, nesting, number and
 * names are bounded, and a mistake is told with its line and column.
 *
 * The canonical text is what the hash is taken of. One item a line, in the order of the file:
 *
 *     weft-interface 1
 *     interface files
 *     enum error { access, exists }
 *     flags open-flags { create, truncate }
 *     record stat { size: u64, kind: kind }
 *     variant change { removed, renamed(string) }
 *     resource file
 *     constructor file(path: string) -> own<file>
 *     method file.read(size: u32) -> result<list<u8>, error>
 *     static file.join(parts: list<own<file>>) -> own<file>
 *     func open(path: string, flags: open-flags) -> result<own<file>, error>
 *
 * What counts: the interface's name; the kind, name and order of items, functions, parameters,
 * fields, cases and flags; their types. What does not: layout, comments, documentation, the
 * package, `%` before a name, a comma at an end, `resource x {}` for `resource x;`, a resource
 * written plainly for `own<resource>`, `result<_, _>` for `result`, and aliases: `type` items
 * vanish and what they stand for takes their place. */
#ifndef TOOLS_WIT_WIT_H
#define TOOLS_WIT_WIT_H

#include "base/base.h"

/* Bounds of one file. The sizes of a type are without what its lists hold. */
enum {
    WIT_FILE_SIZE_MAX = 256 << 10,
    WIT_NAME_SIZE_MAX = 64,
    WIT_NESTING_MAX = 32,     /* of types, also through their names */
    WIT_ITEMS_MAX = 1024,     /* types with names and functions */
    WIT_TYPES_MAX = 4096,     /* different ones, also without names */
    WIT_PARTS_MAX = 512,      /* fields, cases, parameters of one item */
    WIT_FLAGS_MAX = 32,       /* as in the Component Model */
    WIT_TYPE_SIZE_MAX = 4096, /* bytes on the wire */
    WIT_LABEL_SIZE_MAX = 256, /* of a type's name in C: bounds types without a name of their own */
};

struct wit_place {
    u32 line; /* both from 1; columns count characters */
    u32 column;
};

struct wit_error {
    struct wit_place place;
    char text[200];
};

enum wit_kind {
    WIT_BOOL,
    WIT_S8,
    WIT_S16,
    WIT_S32,
    WIT_S64,
    WIT_U8,
    WIT_U16,
    WIT_U32,
    WIT_U64,
    WIT_F32,
    WIT_F64,
    WIT_CHAR,
    WIT_STRING,  /* the last primitive kind */
    WIT_LIST,    /* one part: the item */
    WIT_OPTION,  /* one part: the value */
    WIT_RESULT,  /* two parts: value and error, either without a type */
    WIT_TUPLE,   /* a part a value */
    WIT_OWN,     /* one part: the resource */
    WIT_BORROW,  /* the last kind without a name of its own */
    WIT_RECORD,  /* a part a field, with name and type; parameters are one, too */
    WIT_VARIANT, /* a part a case, with name and perhaps a type */
    WIT_ENUM,    /* a part a case */
    WIT_FLAGS,   /* a part a flag */
    WIT_RESOURCE,
    WIT_ALIAS, /* one part: what it stands for. Only as an item */
    WIT_NAME,  /* a name not yet looked up. Never after `wit_parse` */
};

enum wit_state { WIT_UNSEEN, WIT_SEEING, WIT_SEEN };

struct wit_type;

struct wit_part {
    struct wit_part *next;
    struct bytes name; /* empty where its type gives parts no names */
    struct bytes documentation;
    struct wit_place place;
    struct wit_type *type; /* NULL: none */
    struct bytes member;   /* its name in the struct of its owner in C */
    u32 offset;            /* on the wire, of a record's or tuple's part */
};

struct wit_type {
    enum wit_kind kind;
    struct bytes name;          /* of an item, without `%`; empty for others */
    struct bytes documentation; /* as in the file, with slashes: see wit_documentation_line */
    struct wit_place place;
    struct wit_part *parts;
    u32 part_count;
    struct bytes label; /* its name in C, without the interface's prefix: `stat`, `stat_list` */
    u32 size;           /* on the wire, with its alignment */
    u32 alignment;
    u32 payload;           /* offset of what follows the case of a variant, option or result */
    u32 depth;             /* of nesting; 1: has no parts with types */
    bool borrows;          /* a borrow is in it */
    bool carried;          /* a function takes or gives it, so it needs a coder */
    enum wit_state state;  /* of looking up its names */
    struct wit_type *next; /* in `types`: parts come before the types that they are in */
};

enum wit_form { WIT_FREE, WIT_METHOD, WIT_STATIC, WIT_CONSTRUCTOR };

struct wit_function {
    enum wit_form form;
    u32 index;         /* on the wire: 0 is the first function of the file */
    struct bytes name; /* empty for a constructor */
    struct bytes documentation;
    struct wit_place place;
    struct wit_type *resource;   /* NULL: the function is the interface's */
    struct wit_type *parameters; /* a record, perhaps without parts; self is not among them */
    struct wit_type *result;     /* NULL: none */
    struct bytes label;          /* its name in C, without prefix: `open`, `file_read` */
};

/* Either a type or a function. The functions of a resource follow it. */
struct wit_item {
    struct wit_item *next;
    struct wit_type *type;
    struct wit_function *function;
};

struct wit_interface {
    struct bytes package;
    struct bytes name;
    struct bytes documentation;
    struct wit_place place;
    struct wit_item *items;
    u32 function_count;
    struct wit_type primitives[WIT_STRING + 1];
    struct wit_type *types; /* all that a C header declares, in an order in which it can */
    struct bytes canonical;
    struct hash hash;
};

/* Reads one file. The result borrows `text` and lives in `arena`. STATUS_INVALID: `error` says
 * where and what; STATUS_NO_MEMORY: the arena has no more. */
enum status wit_parse(struct arena *arena, struct bytes text, struct wit_interface **interface,
                      struct wit_error *error);

/* The views. A writer without capacity measures. */
void wit_print_header(const struct wit_interface *interface, struct writer *writer);
void wit_print_source(const struct wit_interface *interface, struct writer *writer);
void wit_print_program_header(const struct wit_interface *interface, struct writer *writer);
void wit_print_program_source(const struct wit_interface *interface, struct writer *writer);
void wit_print_cpp(const struct wit_interface *interface, struct writer *writer);
void wit_print_rust(const struct wit_interface *interface, struct writer *writer);
void wit_print_go(const struct wit_interface *interface, struct writer *writer);
void wit_print_assemblyscript(const struct wit_interface *interface, struct writer *writer);
void wit_print_page(const struct wit_interface *interface, struct writer *writer);
void wit_print_canonical(const struct wit_interface *interface, struct writer *writer);
void wit_print_hash(const struct wit_interface *interface, struct writer *writer);

#endif
