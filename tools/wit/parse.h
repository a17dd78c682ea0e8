/* The stages of wit_parse. Private to tools/wit. */
#ifndef TOOLS_WIT_PARSE_H
#define TOOLS_WIT_PARSE_H

#include "tools/wit/lex.h"

struct parser {
    struct lexer lexer;
    struct token token; /* the next one, not yet taken */
    struct arena *arena;
    struct wit_interface *interface;
};

/* After a mistake there is no next token, so every loop over tokens ends. */
void parser_fail(struct parser *parser, struct wit_place place, const char *format, ...);
/* Zeroed memory from the arena; NULL, and the parse has failed, when there is none. */
void *parser_take(struct parser *parser, usize count, usize item_size);

/* Looks up all names, replaces aliases by what they stand for, makes equal types one, lays them out
 * and labels them. */
void resolve_interface(struct parser *parser);

#endif
