#include "engine/compile/aside.h"

enum { ASIDE_BYTES = 16 << 10 };

enum status aside_emit(struct aside *aside, struct emitter *emitter, const struct ir *ir,
                       const struct allocation *allocation, struct emission *emission)
{
    if (ir->is_large) /* it would not fit */
        return compile_target.emit(emitter, ir, allocation, emission);
    u8 *place = emission->write;
    u32 capacity = emission->capacity;
    enum status status = STATUS_LIMIT;
    if (aside->bytes == NULL)
        aside->bytes = aside->source->take(aside->source->context, ASIDE_BYTES);
    if (aside->bytes != NULL) {
        emission->write = aside->bytes;
        emission->capacity = (u32)u64_min(capacity, ASIDE_BYTES);
        status = compile_target.emit(emitter, ir, allocation, emission);
        emission->write = place;
        emission->capacity = capacity;
    }
    if (status == STATUS_OK)
        __builtin_memcpy(place, aside->bytes, emission->size);
    bool may_fit = status == STATUS_LIMIT && (aside->bytes == NULL || capacity > ASIDE_BYTES);
    return may_fit ? compile_target.emit(emitter, ir, allocation, emission) : status;
}

void aside_destroy(struct aside *aside)
{
    if (aside->bytes != NULL)
        aside->source->give(aside->source->context, aside->bytes, ASIDE_BYTES);
    aside->bytes = NULL;
}
