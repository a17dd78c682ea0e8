/* Which locals matter where paths join: those that are read behind the join before they are assigned
 * again. Private to engine/compile: for scan.c. */
#ifndef ENGINE_COMPILE_WANT_H
#define ENGINE_COMPILE_WANT_H

#include "engine/compile/scan.h"
#include "engine/opcode.h"

/* What want_run needs to know of an instruction is that it is there. */
static inline bool want_marks(u32 opcode)
{
    return (opcode <= OPCODE_RETURN && opcode != OPCODE_NOP) || opcode == OPCODE_RETURN_CALL ||
           opcode == OPCODE_RETURN_CALL_INDIRECT ||
           (opcode >= OPCODE_LOCAL_GET && opcode <= OPCODE_LOCAL_TEE);
}

/* After a scan with marks. scan->joined becomes what is wanted; or it stays as it is, because more would
 * take too long. STATUS_NO_MEMORY */
enum status want_run(struct scan *scan, const u8 *code);

#endif
