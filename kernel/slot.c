#include "kernel/slot.h"

#include "kernel/binding.h"
#include "kernel/endpoint.h"
#include "kernel/limits.h"
#include "kernel/silo.h"

_Static_assert(sizeof(struct slot) == 16, "a slot is 16 bytes");

void slots_init(struct slots *slots, u32 count_max)
{
    *slots = (struct slots){ 0 };
    pool_init(&slots->pool, sizeof(struct slot), count_max);
}

struct slot_target slot_target_of(const struct slot *slot)
{
    struct slot_target target = { .kind = slot->kind };
    if (slot->kind == SLOT_BINDING)
        target.binding = slot->binding;
    else
        target.endpoint = slot->endpoint;
    return target;
}

void slot_target_hold(struct slot_target target)
{
    if (target.kind == SLOT_ENDPOINT)
        endpoint_hold(target.endpoint);
    else if (target.kind == SLOT_BINDING)
        binding_hold(target.binding);
}

void slot_target_release(struct slot_target target)
{
    if (target.kind == SLOT_ENDPOINT)
        endpoint_release(target.endpoint);
    else if (target.kind == SLOT_BINDING)
        binding_release(target.binding);
}

enum weft_status slot_add(struct party *party, struct slot_target target, i32 *number)
{
    if (party->silo != NULL && !silo_charge(party->silo, RESOURCE_SLOTS, 1))
        return WEFT_LIMIT;
    u32 index;
    struct slot *slot = pool_take(&party->slots.pool, &index);
    if (slot == NULL) {
        if (party->silo != NULL)
            silo_discharge(party->silo, RESOURCE_SLOTS, 1);
        return party->slots.count == party->slots.pool.count_max ? WEFT_LIMIT : WEFT_NO_MEMORY;
    }
    slot->kind = (u16)target.kind;
    slot->is_moving = false;
    if (target.kind == SLOT_BINDING)
        slot->binding = target.binding;
    else
        slot->endpoint = target.endpoint;
    party->slots.count++;
    *number = (i32)index + 1;
    return WEFT_OK;
}

static void slot_free(struct party *party, struct slot *slot, i32 number)
{
    slot->kind = SLOT_FREE;
    slot->is_moving = false;
    pool_give(&party->slots.pool, (u32)number - 1);
    party->slots.count--;
    if (party->silo != NULL)
        silo_discharge(party->silo, RESOURCE_SLOTS, 1);
}

struct slot_target slot_take(struct party *party, i32 number)
{
    struct slot *slot = slots_find(&party->slots, number);
    BASE_ASSERT(slot != NULL);
    struct slot_target target = slot_target_of(slot);
    slot_free(party, slot, number);
    return target;
}

void slot_close(struct party *party, i32 number)
{
    if (slots_find(&party->slots, number) != NULL)
        slot_target_release(slot_take(party, number));
}

bool slots_close_some(struct party *party, u32 count)
{
    struct slots *slots = &party->slots;
    u32 end = slots->pool.chunk_count * POOL_CHUNK_ITEMS;
    for (; count > 0 && slots->closed_up_to < end; count--)
        slot_close(party, (i32)++slots->closed_up_to);
    return slots->closed_up_to >= end;
}

/* ---- Gifts --------------------------------------------------------------------------------- */

static i32 gift_number(i32 gift)
{
    return gift & ~WEFT_GIFT_COPY;
}

static bool gift_moves(i32 gift)
{
    return (gift & WEFT_GIFT_COPY) == 0;
}

static bool moves_twice(const struct gift_list *gifts, u32 index)
{
    for (u32 i = 0; i < index; i++)
        if (gifts->numbers[i] == gifts->numbers[index])
            return true;
    return false;
}

enum weft_status gifts_check(const struct party *party, const struct gift_list *gifts)
{
    for (u32 i = 0; i < gifts->count; i++) {
        i32 gift = gifts->numbers[i];
        if (gift <= 0 || slots_find(&party->slots, gift_number(gift)) == NULL)
            return WEFT_BAD_SLOT;
        if (gift_moves(gift) && moves_twice(gifts, i))
            return WEFT_BAD_SLOT;
    }
    return WEFT_OK;
}

void gifts_take(struct party *party, const struct gift_list *gifts, struct slot_target *targets)
{
    for (u32 i = 0; i < gifts->count; i++) {
        struct slot *slot = slots_find(&party->slots, gift_number(gifts->numbers[i]));
        targets[i] = slot_target_of(slot);
        slot_target_hold(targets[i]);
    }
    for (u32 i = 0; i < gifts->count; i++)
        if (gift_moves(gifts->numbers[i]))
            slots_find(&party->slots, gifts->numbers[i])->is_moving = true;
}

static struct slot *moving_slot(struct party *party, i32 gift)
{
    return gift_moves(gift) ? pool_at(&party->slots.pool, (u32)gift - 1) : NULL;
}

void gifts_commit(struct party *party, const struct gift_list *gifts)
{
    for (u32 i = 0; i < gifts->count; i++) {
        struct slot *slot = moving_slot(party, gifts->numbers[i]);
        if (slot == NULL)
            continue;
        struct slot_target target = slot_target_of(slot);
        slot_free(party, slot, gifts->numbers[i]);
        slot_target_release(target);
    }
}

void gifts_abort(struct party *party, const struct gift_list *gifts)
{
    for (u32 i = 0; i < gifts->count; i++) {
        struct slot *slot = moving_slot(party, gifts->numbers[i]);
        if (slot != NULL)
            slot->is_moving = false;
    }
}

enum weft_status gifts_add(struct party *party, const struct slot_target *targets, u32 count,
                           i32 *numbers)
{
    for (u32 i = 0; i < count; i++) {
        enum weft_status status = slot_add(party, targets[i], &numbers[i]);
        if (status == WEFT_OK)
            continue;
        while (i-- > 0)
            slot_take(party, numbers[i]);
        return status;
    }
    return WEFT_OK;
}
