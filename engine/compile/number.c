/* Value numbering: an equal computation that is there already is not done again. What has been
 * noted is forgotten in the opposite order, where the paths end that it is known on. */
#include "engine/compile/build.h"

#include "engine/stretch.h"

/* Of a form: all that makes two of them equal. */
static struct numbered key_of(const struct ir_instruction *form, u32 epoch)
{
    struct numbered key = {
        .bits = form->bits ^ (u64)form->c << 32,
        .a = form->a,
        .b = form->b,
        .epoch = epoch,
        .kind = (u16)(form->op | form->type << NUMBER_TYPE_SHIFT),
    };
    u64 hash = (((u64)key.b << 32 | key.a) ^ (u64)key.kind << 16) * 0x9E3779B97F4A7C15u +
               key.bits * 0xBF58476D1CE4E5B9u;
    key.bucket = (u16)((hash >> 40) % NUMBER_BUCKETS);
    return key;
}

static bool is_equal(const struct numbered *a, const struct numbered *b)
{
    return a->bits == b->bits && a->a == b->a && a->b == b->b && a->kind == b->kind &&
           a->epoch == b->epoch;
}

static void note(struct builder *b, const struct numbered *key, u32 value)
{
    if (!stretch(b->source, (void **)&b->numbered, &b->numbered_capacity,
                 b->numbered_count + (usize)1, sizeof(*b->numbered))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return;
    }
    struct numbered *noted = &b->numbered[b->numbered_count++];
    *noted = *key;
    noted->value = value;
    noted->older = b->buckets[key->bucket];
    b->buckets[key->bucket] = b->numbered_count;
}

void number_note(struct builder *b, const struct ir_instruction *form, u32 epoch, u32 value)
{
    struct numbered key = key_of(form, epoch);
    note(b, &key, value);
}

u32 number_value(struct builder *b, const struct ir_instruction *instruction, u32 epoch)
{
    enum { LOOKS_MAX = 16 }; /* in one bucket, so that a full one costs no more than that */
    struct numbered key = key_of(instruction, epoch);
    u32 looks = 0;
    for (u32 at = b->buckets[key.bucket]; at != 0 && looks < LOOKS_MAX; looks++) {
        const struct numbered *known = &b->numbered[at - 1];
        if (is_equal(known, &key))
            return known->value;
        at = known->older;
    }
    u32 value = builder_add(b, instruction);
    note(b, &key, value);
    return value;
}

void number_forget(struct builder *b, u32 count)
{
    while (b->numbered_count > count) {
        const struct numbered *known = &b->numbered[--b->numbered_count];
        b->buckets[known->bucket] = known->older;
    }
}

u32 builder_constant(struct builder *b, enum ir_type type, u64 bits)
{
    return number_value(
        b, &(struct ir_instruction){ .op = IR_CONSTANT, .type = (u8)type, .bits = bits }, 0);
}
