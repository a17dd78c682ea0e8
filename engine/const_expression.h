/* Constant expressions (WebAssembly 3.0, 3.4.13): initial values of globals and tables, offsets
 * and elements of segments. Checked once when the module is decoded, evaluated at each
 * instantiation by a small loop that may then trust the bytes. */
#ifndef ENGINE_CONST_EXPRESSION_H
#define ENGINE_CONST_EXPRESSION_H

#include "engine/decode.h"
#include "engine/instance.h"

/* Reads and validates one that gives `type`. Functions named by it become `referenced`. Globals
 * that it may read are those of the module up to `module->global_count`. */
struct const_expression const_expression_decode(struct decoder *decoder, value_type type);

/* Its value, one slot. Globals that it reads and functions that it names are there already. */
u64 const_expression_evaluate(const struct instance *instance,
                              const struct const_expression *expression);

/* The function that it names as its value, or UINT32_MAX. */
u32 const_expression_function(const struct const_expression *expression);

#endif
