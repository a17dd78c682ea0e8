/* The opcodes as numbers, and what every stage may ask about one: the rows of opcode.def. */
#ifndef ENGINE_OPCODE_H
#define ENGINE_OPCODE_H

#include "base/base.h"
#include "engine/feature.h"

/* An opcode's number is its code plus its prefix's base, so one array serves all of them. */
enum opcode_prefix {
    PREFIX_PLAIN = 0,
    PREFIX_FB = 0x100,
    PREFIX_FC = 0x120,
    PREFIX_FE = 0x140,
    PREFIX_FD = 0x200,
    OPCODE_COUNT = 0x400,
};

enum opcode {
#define OPCODE(name, prefix, code, text, immediate, signature, feature) \
    OPCODE_##name = PREFIX_##prefix + code,
#include "engine/opcode.def"
#undef OPCODE
};

/* What follows the code: one LEB128 a word unless said otherwise. */
enum opcode_immediate {
    IMMEDIATE_NONE,
    IMMEDIATE_BLOCK, /* block type */
    IMMEDIATE_LABEL,
    IMMEDIATE_LABELS, /* a vector and one more */
    IMMEDIATE_FUNCTION,
    IMMEDIATE_TYPE_TABLE,
    IMMEDIATE_TYPES, /* a vector of value types */
    IMMEDIATE_LOCAL,
    IMMEDIATE_GLOBAL,
    IMMEDIATE_TABLE,
    IMMEDIATE_TABLE_TABLE,
    IMMEDIATE_ACCESS, /* alignment and flags, memory if flagged, offset */
    IMMEDIATE_MEMORY,
    IMMEDIATE_MEMORY_MEMORY,
    IMMEDIATE_DATA,
    IMMEDIATE_DATA_MEMORY,
    IMMEDIATE_ELEMENT,
    IMMEDIATE_ELEMENT_TABLE,
    IMMEDIATE_I32, /* signed */
    IMMEDIATE_I64, /* signed */
    IMMEDIATE_F32, /* 4 bytes */
    IMMEDIATE_F64, /* 8 bytes */
    IMMEDIATE_HEAP,
    IMMEDIATE_TYPE, /* from here on only of features that are refused */
    IMMEDIATE_TYPE_FIELD,
    IMMEDIATE_TYPE_COUNT,
    IMMEDIATE_TYPE_DATA,
    IMMEDIATE_TYPE_ELEMENT,
    IMMEDIATE_TYPE_TYPE,
    IMMEDIATE_CAST,
    IMMEDIATE_TAG,
    IMMEDIATE_CATCHES,
    IMMEDIATE_LANE,
    IMMEDIATE_ACCESS_LANE,
    IMMEDIATE_V128,
    IMMEDIATE_SHUFFLE,
    IMMEDIATE_ZERO,
};

enum opcode_signature {
    SIGNATURE_special = 1,
    SIGNATURE_n_n,
    SIGNATURE_first_simple, /* from here on, one number for each combination in use */
    SIGNATURE_i_i = SIGNATURE_first_simple,
    SIGNATURE_i_l,
    SIGNATURE_i_f,
    SIGNATURE_i_d,
    SIGNATURE_l_i,
    SIGNATURE_l_l,
    SIGNATURE_l_f,
    SIGNATURE_l_d,
    SIGNATURE_f_i,
    SIGNATURE_f_l,
    SIGNATURE_f_f,
    SIGNATURE_f_d,
    SIGNATURE_d_i,
    SIGNATURE_d_l,
    SIGNATURE_d_f,
    SIGNATURE_d_d,
    SIGNATURE_first_binary,
    SIGNATURE_ii_i = SIGNATURE_first_binary,
    SIGNATURE_ll_i,
    SIGNATURE_ll_l,
    SIGNATURE_ff_i,
    SIGNATURE_ff_f,
    SIGNATURE_dd_i,
    SIGNATURE_dd_d,
    SIGNATURE_ii_n,
    SIGNATURE_il_n,
    SIGNATURE_if_n,
    SIGNATURE_id_n,
    SIGNATURE_first_refused, /* vectors and atomics */
    SIGNATURE_n_v = SIGNATURE_first_refused,
    SIGNATURE_v_v,
    SIGNATURE_v_i,
    SIGNATURE_v_l,
    SIGNATURE_v_f,
    SIGNATURE_v_d,
    SIGNATURE_i_v,
    SIGNATURE_l_v,
    SIGNATURE_f_v,
    SIGNATURE_d_v,
    SIGNATURE_iv_n,
    SIGNATURE_iv_v,
    SIGNATURE_vi_v,
    SIGNATURE_vl_v,
    SIGNATURE_vf_v,
    SIGNATURE_vd_v,
    SIGNATURE_vv_v,
    SIGNATURE_vvv_v,
    SIGNATURE_il_l,
    SIGNATURE_iii_i,
    SIGNATURE_iil_i,
    SIGNATURE_ill_i,
    SIGNATURE_ill_l,
};

enum opcode_feature { FEATURE_CORE = FEATURE_COUNT };

struct opcode_info {
    u8 signature; /* enum opcode_signature; 0: no such opcode */
    u8 immediate; /* enum opcode_immediate */
    u8 feature;   /* enum feature, or FEATURE_CORE */
};

extern const struct opcode_info opcode_infos[OPCODE_COUNT];

#endif
