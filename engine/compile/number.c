/* Value numbering: an equal computation that is there already is not done again. What has been
 * noted is forgotten in the opposite order, where the paths end that it is known on. Constants are
 * computed nowhere, so paths do not matter to them: one is good for the whole function. */
#include "engine/compile/build.h"

#include "engine/stretch.h"

/* A form is as good as its bytes. */
struct key {
    u64 halves[2];
};

static struct key key_of(struct ir_form form)
{
    struct key key;
    __builtin_memcpy(&key, &form, sizeof(key));
    return key;
}

static u32 bucket_of(struct key key)
{
    u64 hash = key.halves[0] * 0x9E3779B97F4A7C15u + key.halves[1] * 0xBF58476D1CE4E5B9u;
    return (u32)(hash >> (64 - NUMBER_BUCKET_BITS));
}

/* In straight code without end, what was noted first in it makes room: all of it, so that what is known
 * is what was noted last in each construct. */
static BASE_RARE bool room_make(struct builder *b)
{
    if (b->numbered_count >= b->noted_max)
        number_forget(b, b->constructs[b->construct_count - 1].scope);
    return b->numbered_count < b->noted_max;
}

static void note(struct builder *b, struct ir_form form, u32 bucket, u32 epoch, u32 value)
{
    if (__builtin_expect(b->numbered_count >= b->noted_max, 0) && !room_make(b))
        return;
    if (!stretch(b->source, (void **)&b->numbered, &b->numbered_capacity,
                 b->numbered_count + (usize)1, sizeof(*b->numbered))) {
        builder_fail(b, STATUS_NO_MEMORY);
        return;
    }
    struct numbered *noted = &b->numbered[b->numbered_count++];
    *noted = (struct numbered){ form, value, epoch, b->buckets[bucket], (u16)bucket };
    b->buckets[bucket] = b->numbered_count;
}

void number_note(struct builder *b, struct ir_form form, u32 epoch, u32 value)
{
    note(b, form, bucket_of(key_of(form)), epoch, value);
}

u32 number_value(struct builder *b, struct ir_form instruction, u32 epoch)
{
    enum { LOOKS_MAX = 16 }; /* in one bucket, so that a full one costs no more than that */
    struct key key = key_of(instruction);
    u32 bucket = bucket_of(key);
    u32 looks = 0;
    for (u32 at = b->buckets[bucket]; at != 0 && looks < LOOKS_MAX; looks++) {
        const struct numbered *known = &b->numbered[at - 1];
        struct key other = key_of(known->form);
        if (other.halves[0] == key.halves[0] && other.halves[1] == key.halves[1] &&
            known->epoch == epoch)
            return known->value;
        at = known->older;
    }
    u32 value = builder_add(b, instruction);
    note(b, instruction, bucket, epoch, value);
    return value;
}

void number_forget(struct builder *b, u32 count)
{
    while (b->numbered_count > count) {
        const struct numbered *known = &b->numbered[--b->numbered_count];
        b->buckets[known->bucket] = known->older;
    }
}

/* What the last function has left in the table is recognised as nothing: it is no constant of this one, or
 * it is the one that is asked for. */
u32 builder_constant(struct builder *b, enum ir_type type, u64 bits)
{
    struct ir_form constant = ir_constant((u8)type, bits);
    struct ir_instruction kept = ir_keep(&constant);
    u32 *known = &b->constants[bucket_of(key_of(constant)) >> (NUMBER_BUCKET_BITS - CONSTANT_BITS)];
    if (*known < b->ir->count &&
        __builtin_memcmp(&b->ir->code[*known], &kept, sizeof(kept)) == 0)
        return *known;
    *known = builder_add(b, constant);
    return *known;
}
