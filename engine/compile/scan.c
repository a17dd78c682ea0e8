#include "engine/compile/scan.h"

#include "engine/compile/body.h"
#include "engine/stretch.h"

enum { ASSIGNED_WORDS_MAX = 1 << 20 };

static enum status item_add(struct scan *scan, u32 depth)
{
    u64 words = ((u64)scan->count + 1) * scan->words;
    if (words > ASSIGNED_WORDS_MAX)
        return STATUS_LIMIT;
    if (!stretch(scan->source, (void **)&scan->items, &scan->capacity, scan->count + (usize)1,
                 sizeof(*scan->items)) ||
        !stretch(scan->source, (void **)&scan->assigned, &scan->assigned_capacity, (usize)words,
                 sizeof(*scan->assigned)) ||
        !stretch(scan->source, (void **)&scan->open, &scan->open_capacity, depth + (usize)1,
                 sizeof(*scan->open)))
        return STATUS_NO_MEMORY;
    u64 *own = scan->assigned + (usize)scan->count * scan->words;
    if (scan->words != 0)
        __builtin_memset(own, 0, scan->words * sizeof(*own));
    scan->items[scan->count] = (struct scanned){ 0 };
    scan->open[depth] = scan->count++;
    return STATUS_OK;
}

/* What holds within holds without. */
static void item_end(struct scan *scan, u32 depth)
{
    struct scanned *inner = &scan->items[scan->open[depth]];
    const u64 *from = scan->assigned + (usize)scan->open[depth] * scan->words;
    for (u32 i = 0; i < scan->words; i++)
        inner->assigned_count += (u32)__builtin_popcountll(from[i]);
    if (depth == 0)
        return;
    struct scanned *outer = &scan->items[scan->open[depth - 1]];
    outer->writes_memory |= inner->writes_memory;
    outer->writes_globals |= inner->writes_globals;
    u64 *to = scan->assigned + (usize)scan->open[depth - 1] * scan->words;
    for (u32 i = 0; i < scan->words; i++)
        to[i] |= from[i];
}

/* What the instruction with that opcode, whose immediates are at `at`, says of the item. */
static void item_note(struct scan *scan, u32 depth, u32 opcode, const u8 *at)
{
    struct scanned *item = &scan->items[scan->open[depth]];
    if (opcode == OPCODE_LOCAL_SET || opcode == OPCODE_LOCAL_TEE) {
        u64 *assigned = scan->assigned + (usize)scan->open[depth] * scan->words;
        u64 local = body_unsigned(&at);
        assigned[local / 64] |= (u64)1 << local % 64;
    } else if (opcode == OPCODE_LOCAL_GET || (opcode >= OPCODE_I32_CONST && opcode < PREFIX_FB)) {
        return; /* most instructions */
    } else if (opcode == OPCODE_GLOBAL_SET) {
        item->writes_globals = true;
    } else if (opcode == OPCODE_CALL || opcode == OPCODE_CALL_INDIRECT) {
        item->writes_globals = true;
        item->writes_memory = true;
    } else if (opcode == OPCODE_RETURN_CALL || opcode == OPCODE_RETURN_CALL_INDIRECT) {
        scan->is_long = true;
    } else if ((opcode >= OPCODE_I32_STORE && opcode <= OPCODE_I64_STORE32) ||
               opcode == OPCODE_MEMORY_GROW ||
               (opcode >= OPCODE_MEMORY_INIT && opcode <= OPCODE_MEMORY_FILL)) {
        item->writes_memory = true;
    }
}

enum status scan_run(struct scan *scan, struct bytes code, u32 local_count)
{
    const u8 *at = code.data;
    u32 depth = 0;
    scan->words = local_count / 64 + 1;
    scan->count = 0;
    scan->is_long = false;
    enum status status = item_add(scan, 0);
    while (status == STATUS_OK && at != code.data + code.size) {
        u32 opcode = body_opcode(&at);
        if (opcode == OPCODE_BLOCK || opcode == OPCODE_LOOP || opcode == OPCODE_IF) {
            status = item_add(scan, ++depth);
            scan->is_long |= opcode == OPCODE_LOOP;
        } else if (opcode == OPCODE_END) {
            item_end(scan, depth--);
        } else {
            item_note(scan, depth, opcode, at);
        }
        at = body_skip(at, opcode);
    }
    return status;
}

void scan_destroy(struct scan *scan)
{
    stretch_give(scan->source, scan->items, scan->capacity, sizeof(*scan->items));
    stretch_give(scan->source, scan->assigned, scan->assigned_capacity, sizeof(*scan->assigned));
    stretch_give(scan->source, scan->open, scan->open_capacity, sizeof(*scan->open));
}
