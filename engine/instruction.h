/* The instructions of the lowered code by number: handlers and sizes. */
#ifndef ENGINE_INSTRUCTION_H
#define ENGINE_INSTRUCTION_H

#include "engine/word.h"

enum instruction {
    I_NONE,
#define STRAIGHT(name, words) I_##name,
#define BRANCH(name, words) I_##name,
#define BRANCH_BACK(name, words) I_##name,
#define BRANCH_NEAR(name, words) I_##name,
#define SPECIAL(name, words) I_##name,
#include "engine/instruction_list.def"
#undef STRAIGHT
#undef BRANCH
#undef BRANCH_BACK
#undef BRANCH_NEAR
#undef SPECIAL
    INSTRUCTION_COUNT
};

/* Operand words of each. */
enum {
#define STRAIGHT(name, words) WORDS_##name = words,
#define BRANCH(name, words) WORDS_##name = words,
#define BRANCH_BACK(name, words) WORDS_##name = words,
#define BRANCH_NEAR(name, words) WORDS_##name = words,
#define SPECIAL(name, words) WORDS_##name = words,
#include "engine/instruction_list.def"
#undef STRAIGHT
#undef BRANCH
#undef BRANCH_BACK
#undef BRANCH_NEAR
#undef SPECIAL
};

/* Kinds of the two operands, in the order in which a row's instructions stand. */
enum form {
    FORM_SS,
    FORM_AS,
    FORM_SK,
    FORM_AK,
    FORM_SA,
    FORM_KS,
    FORM_KA,
};

extern handler_function *const instruction_handlers[INSTRUCTION_COUNT];
extern const u8 instruction_words[INSTRUCTION_COUNT]; /* WORDS_... by number */

#define STRAIGHT(name, words) handler_function handle_##name;
#define BRANCH(name, words) handler_function handle_##name;
#define BRANCH_BACK(name, words) handler_function handle_##name;
#define BRANCH_NEAR(name, words) handler_function handle_##name;
#define SPECIAL(name, words) handler_function handle_##name;
#include "engine/instruction_list.def"
#undef STRAIGHT
#undef BRANCH
#undef BRANCH_BACK
#undef BRANCH_NEAR
#undef SPECIAL

#endif
