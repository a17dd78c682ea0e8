/* Value numbering: an equal computation that is there already is not done again. What has been
 * noted is forgotten in the opposite order, where the paths end that it is known on. */
#include "engine/compile/build.h"

#include "engine/stretch.h"

static u32 bucket_of(const struct ir_instruction *i)
{
    u64 operands = (u64)i->b << 32 | i->a;
    u64 hash = (operands ^ (u64)i->op << 16) * 0x9E3779B97F4A7C15u +
               (i->bits ^ (u64)i->c << 32) * 0xBF58476D1CE4E5B9u;
    return (u32)(hash >> 40) % NUMBER_BUCKETS;
}

static bool is_equal(const struct ir_instruction *a, const struct ir_instruction *b)
{
    return a->bits == b->bits && a->a == b->a && a->b == b->b && a->op == b->op && a->c == b->c &&
           a->type == b->type;
}

static void note(struct builder *b, u32 bucket, const struct ir_instruction *form, u32 epoch,
                 u32 value)
{
    if (!stretch(b->source, (void **)&b->numbered, &b->numbered_capacity,
                 b->numbered_count + (usize)1, sizeof(*b->numbered))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return;
    }
    b->numbered[b->numbered_count++] = (struct numbered){
        .form = *form,
        .value = value,
        .epoch = epoch,
        .bucket = bucket,
        .older = b->buckets[bucket],
    };
    b->buckets[bucket] = b->numbered_count;
}

void number_note(struct builder *b, const struct ir_instruction *form, u32 epoch, u32 value)
{
    note(b, bucket_of(form), form, epoch, value);
}

u32 number_value(struct builder *b, const struct ir_instruction *instruction, u32 epoch)
{
    enum { LOOKS_MAX = 16 }; /* in one bucket, so that a full one costs no more than that */
    u32 bucket = bucket_of(instruction);
    u32 looks = 0;
    for (u32 at = b->buckets[bucket]; at != 0 && looks < LOOKS_MAX; looks++) {
        const struct numbered *known = &b->numbered[at - 1];
        if (known->epoch == epoch && is_equal(&known->form, instruction))
            return known->value;
        at = known->older;
    }
    u32 value = builder_add(b, instruction);
    note(b, bucket, instruction, epoch, value);
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
