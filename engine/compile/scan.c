#include "engine/compile/scan.h"

#include "engine/compile/body.h"
#include "engine/compile/want.h"
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
    scan->items[scan->end_count++].ended = scan->open[depth];
    if (depth == 0)
        return;
    struct scanned *outer = &scan->items[scan->open[depth - 1]];
    outer->writes_memory |= inner->writes_memory;
    outer->writes_globals |= inner->writes_globals;
    u64 *to = scan->assigned + (usize)scan->open[depth - 1] * scan->words;
    for (u32 i = 0; i < scan->words; i++)
        to[i] |= from[i];
}

/* ---- What is to be known of an opcode ---- */

/* How many bytes it takes in the lowest two bits, if each LEB128 has one, and ... */
enum {
    BYTES = 3,
    ACCESS = 4, /* a flag means that there is one LEB128 more */
    FORM = BYTES | ACCESS,
    WRITES_MEMORY = 8,
    WRITES_GLOBALS = 16,
    ENDS_SHORTNESS = 32, /* nothing to be built where it is called */
    SPECIAL = 64,        /* nothing of this holds */
    MARK = 128,          /* want_marks */
};

/* Of those without a prefix. */
static const u8 kinds[UINT8_MAX + 1] = {
    [OPCODE_UNREACHABLE] = 1 | MARK,
    [OPCODE_NOP] = 1,
    [OPCODE_BLOCK ... OPCODE_IF] = SPECIAL,
    [OPCODE_ELSE] = 1 | MARK,
    [OPCODE_ELSE + 1 ... OPCODE_END] = SPECIAL,
    [OPCODE_BR ... OPCODE_BR_IF] = 2 | MARK,
    [OPCODE_BR_TABLE] = SPECIAL,
    [OPCODE_RETURN] = 1 | MARK,
    [OPCODE_CALL] = 2 | WRITES_MEMORY | WRITES_GLOBALS,
    [OPCODE_CALL_INDIRECT] = 3 | WRITES_MEMORY | WRITES_GLOBALS,
    [OPCODE_RETURN_CALL] = 2 | MARK | ENDS_SHORTNESS,
    [OPCODE_RETURN_CALL_INDIRECT] = 3 | MARK | ENDS_SHORTNESS,
    [OPCODE_RETURN_CALL_INDIRECT + 1 ... OPCODE_DROP - 1] = SPECIAL,
    [OPCODE_DROP ... OPCODE_SELECT] = 1,
    [OPCODE_SELECT + 1 ... OPCODE_LOCAL_GET - 1] = SPECIAL,
    [OPCODE_LOCAL_GET] = 2 | MARK,
    [OPCODE_LOCAL_SET ... OPCODE_LOCAL_TEE] = SPECIAL,
    [OPCODE_GLOBAL_GET] = 2,
    [OPCODE_GLOBAL_SET] = 2 | WRITES_GLOBALS,
    [OPCODE_TABLE_GET ... OPCODE_TABLE_SET] = 2,
    [OPCODE_TABLE_SET + 1] = SPECIAL,
    [OPCODE_I32_LOAD ... OPCODE_I64_LOAD32_U] = 3 | ACCESS,
    [OPCODE_I32_STORE ... OPCODE_I64_STORE32] = 3 | ACCESS | WRITES_MEMORY,
    [OPCODE_MEMORY_SIZE] = 2,
    [OPCODE_MEMORY_GROW] = 2 | WRITES_MEMORY,
    [OPCODE_I32_CONST ... OPCODE_I64_CONST] = 2,
    [OPCODE_F32_CONST ... OPCODE_F64_CONST] = SPECIAL,
    [OPCODE_I32_EQZ ... OPCODE_I64_EXTEND32_S] = 1,
    [OPCODE_I64_EXTEND32_S + 1 ... UINT8_MAX] = SPECIAL,
};

/* ---- The walk ---- */

struct walk {
    struct scan *scan;
    const u8 *start;
    const u8 *at;
    const u8 *end;
    u32 depth;
    u32 effects;   /* of the item at hand so far, bits as in `kinds` */
    u64 *assigned; /* by it */
};

/* What is known of the item at hand goes where it belongs. */
static void effects_note(struct walk *walk)
{
    struct scan *scan = walk->scan;
    struct scanned *item = &scan->items[scan->open[walk->depth]];
    item->writes_memory |= (walk->effects & WRITES_MEMORY) != 0;
    item->writes_globals |= (walk->effects & WRITES_GLOBALS) != 0;
    scan->is_long |= (walk->effects & ENDS_SHORTNESS) != 0;
    walk->effects = 0;
}

/* Now the one of that depth is at hand. */
static void item_take(struct walk *walk, u32 depth)
{
    const struct scan *scan = walk->scan;
    walk->depth = depth;
    walk->assigned = scan->assigned + (usize)scan->open[depth] * scan->words;
}

static inline void mark(const struct walk *walk, const u8 *instruction)
{
    usize at = (usize)(instruction - walk->start);
    walk->scan->marks[at / 64] |= (u64)1 << at % 64;
}

static enum status special_begin(struct walk *walk, u32 opcode)
{
    effects_note(walk);
    walk->scan->is_long |= opcode == OPCODE_LOOP;
    enum status status = item_add(walk->scan, walk->depth + 1);
    if (status != STATUS_OK)
        return status;
    walk->scan->items[walk->scan->count - 1].is_loop = opcode == OPCODE_LOOP;
    item_take(walk, walk->depth + 1);
    return STATUS_OK;
}

static void special_end(struct walk *walk)
{
    effects_note(walk);
    item_end(walk->scan, walk->depth);
    if (walk->depth != 0)
        item_take(walk, walk->depth - 1);
}

static void assign(struct walk *walk, u64 local)
{
    walk->assigned[local / 64] |= (u64)1 << local % 64;
}

/* Whether one of the compiler's becomes of it, mostly: constants are mostly there already. */
static inline bool is_instruction(u32 opcode)
{
    return (opcode < OPCODE_LOCAL_GET || opcode > OPCODE_LOCAL_TEE) &&
           (opcode < OPCODE_I32_CONST || opcode > OPCODE_F64_CONST);
}

/* One instruction of any kind. */
static BASE_WITHIN enum status step_any(struct walk *walk, bool is_marked)
{
    enum status status = STATUS_OK;
    const u8 *instruction = walk->at;
    u32 opcode = body_opcode(&walk->at);
    const u8 *operand = walk->at;
    if (is_marked && want_marks(opcode))
        mark(walk, instruction);
    walk->scan->instructions += is_instruction(opcode);
    walk->at = body_skip(walk->at, opcode);
    if (opcode == OPCODE_LOCAL_SET || opcode == OPCODE_LOCAL_TEE)
        assign(walk, body_unsigned(&operand));
    else if (opcode == OPCODE_BLOCK || opcode == OPCODE_LOOP || opcode == OPCODE_IF)
        status = special_begin(walk, opcode);
    else if (opcode == OPCODE_END)
        special_end(walk);
    else if (opcode >= OPCODE_MEMORY_INIT && opcode <= OPCODE_MEMORY_FILL)
        walk->effects |= WRITES_MEMORY;
    else if (opcode <= UINT8_MAX)
        walk->effects |= kinds[opcode];
    return status;
}

/* Most instructions are short and change nothing but these bits. False, and nothing is done: it is
 * another, or the end is near. */
static BASE_WITHIN bool step_over(struct walk *walk, bool is_marked)
{
    /* Bits that say that a LEB128 goes on, or that an access is flagged. */
    static const u32 longer[FORM + 1] = { [2] = 0x8000, [3] = 0x808000, [ACCESS | 3] = 0x80C000 };
    u32 bytes;
    if ((usize)(walk->end - walk->at) < sizeof(bytes))
        return false;
    __builtin_memcpy(&bytes, walk->at, sizeof(bytes));
    u32 kind = kinds[bytes & UINT8_MAX];
    if ((kind & SPECIAL) != 0 || (bytes & longer[kind & FORM]) != 0)
        return false;
    walk->effects |= kind;
    if (is_marked && (kind & MARK) != 0)
        mark(walk, walk->at);
    if (is_marked)
        walk->scan->instructions += is_instruction(bytes & UINT8_MAX);
    walk->at += kind & BYTES;
    return true;
}

static BASE_WITHIN enum status walk_run(struct walk *walk, bool is_marked)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && walk->at != walk->end) {
        if (!step_over(walk, is_marked))
            status = step_any(walk, is_marked);
    }
    return status;
}

static bool marks_begin(struct scan *scan, usize bytes)
{
    u32 words = (u32)(bytes / 64) + 1;
    if (!stretch(scan->source, (void **)&scan->marks, &scan->mark_capacity, words,
                 sizeof(*scan->marks)))
        return false;
    __builtin_memset(scan->marks, 0, words * sizeof(*scan->marks));
    scan->mark_count = words;
    return true;
}

static void scan_trim(struct scan *scan)
{
    stretch_trim(scan->source, (void **)&scan->items, &scan->capacity, scan->count,
                 sizeof(*scan->items));
    stretch_trim(scan->source, (void **)&scan->assigned, &scan->assigned_capacity,
                 scan->count * scan->words, sizeof(*scan->assigned));
}

/* What is brought to where paths join. */
static enum status joined_find(struct scan *scan, struct bytes code, bool is_worth)
{
    /* Each instruction takes time for each word. */
    enum { WANTED_WORDS_MAX = 8 };
    u64 bytes = (u64)scan->count * scan->words * sizeof(u64);
    bool is_cheap = scan->words <= WANTED_WORDS_MAX && bytes <= code.size;
    if (is_worth)
        scan_trim(scan);
    scan->joined = scan->assigned;
    enum status status = is_worth && is_cheap ? want_run(scan, code.data) : STATUS_OK;
    stretch_clear(scan->source, (void **)&scan->marks, &scan->mark_capacity, sizeof(*scan->marks));
    if (is_worth)
        stretch_clear(scan->source, (void **)&scan->open, &scan->open_capacity,
                      sizeof(*scan->open));
    for (u32 n = 0; n < scan->count; n++) {
        const u64 *set = scan->joined + (usize)n * scan->words;
        for (u32 i = 0; i < scan->words; i++)
            scan->items[n].joined_count += (u32)__builtin_popcountll(set[i]);
        scan->instructions += scan->items[n].joined_count;
    }
    scan->instructions += scan->blocks;
    return status;
}

enum status scan_run(struct scan *scan, struct bytes code, u32 local_count, bool is_worth)
{
    struct walk walk = { .scan = scan,
                         .start = code.data,
                         .at = code.data,
                         .end = code.data + code.size };
    scan->words = local_count / 64 + 1;
    scan->count = scan->end_count = 0;
    scan->instructions = scan->edges = scan->blocks = scan->list_values = 0;
    scan->is_long = false;
    if (is_worth && !marks_begin(scan, code.size))
        return STATUS_NO_MEMORY;
    enum status status = item_add(scan, 0);
    if (status == STATUS_OK)
        item_take(&walk, 0);
    if (status == STATUS_OK)
        status = is_worth ? walk_run(&walk, true) : walk_run(&walk, false);
    return status == STATUS_OK ? joined_find(scan, code, is_worth) : status;
}

void scan_destroy(struct scan *scan)
{
    stretch_give(scan->source, scan->items, scan->capacity, sizeof(*scan->items));
    stretch_give(scan->source, scan->assigned, scan->assigned_capacity, sizeof(*scan->assigned));
    stretch_give(scan->source, scan->wanted, scan->wanted_capacity, sizeof(*scan->wanted));
    stretch_give(scan->source, scan->marks, scan->mark_capacity, sizeof(*scan->marks));
    stretch_give(scan->source, scan->open, scan->open_capacity, sizeof(*scan->open));
}
