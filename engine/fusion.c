/* Which two instructions one handler can do: the rows of fusion.def, made ready for look-up. */
#include "engine/lower_inside.h"

enum status lower_fusions_create(struct lowering *l)
{
    l->fusions = NULL;
    return STATUS_OK;
}

void lower_fusions_destroy(struct lowering *l)
{
    (void)l;
}

u32 lower_fusion(const struct lowering *l, u32 first, u32 second)
{
    (void)l, (void)first, (void)second;
    return I_NONE;
}
