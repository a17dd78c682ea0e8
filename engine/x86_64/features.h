/* What this CPU has beyond the baseline: what all x86-64 have, SSE2 included. */
#ifndef ENGINE_X86_64_FEATURES_H
#define ENGINE_X86_64_FEATURES_H

#include "base/base.h"

struct x86_64_features {
    bool has_sse41; /* rounding, bytes out of vector registers */
    bool has_popcnt;
    bool has_avx;  /* and the system keeps its registers */
    bool has_bmi1; /* tzcnt, andn */
    bool has_bmi2; /* shifts by any register */
    bool has_lzcnt;
};

/* Asked of the CPU at the first call. Tests may write it, and who compiles for another CPU. */
struct x86_64_features *x86_64_features(void);

extern const struct x86_64_features x86_64_features_all;

#endif
