/* Value numbering: an equal computation that is there already is not done again. What has been
 * noted is forgotten in the opposite order, where the paths end that it is known on. */
#include "engine/compile/build.h"

#include "engine/stretch.h"

static u32 bucket_of(const struct ir_instruction *i)
{
    u64 hash = i->op * 0x9E3779B97F4A7C15u;
    hash = (hash ^ i->a) * 0xBF58476D1CE4E5B9u;
    hash = (hash ^ i->b) * 0x94D049BB133111EBu;
    hash = (hash ^ i->bits ^ i->c) * 0x9E3779B97F4A7C15u;
    return (u32)(hash >> 40) % NUMBER_BUCKETS;
}

static bool is_equal(const struct ir_instruction *a, const struct ir_instruction *b)
{
    return a->op == b->op && a->type == b->type && a->a == b->a && a->b == b->b && a->c == b->c &&
           a->bits == b->bits;
}

void number_note(struct builder *b, const struct ir_instruction *form, u32 epoch, u32 value)
{
    u32 bucket = bucket_of(form);
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

u32 number_value(struct builder *b, const struct ir_instruction *instruction, u32 epoch)
{
    enum { LOOKS_MAX = 16 }; /* in one bucket, so that a full one costs no more than that */
    u32 looks = 0;
    for (u32 at = b->buckets[bucket_of(instruction)]; at != 0 && looks < LOOKS_MAX; looks++) {
        const struct numbered *known = &b->numbered[at - 1];
        if (known->epoch == epoch && is_equal(&known->form, instruction))
            return known->value;
        at = known->older;
    }
    u32 value = builder_add(b, instruction);
    number_note(b, instruction, epoch, value);
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
