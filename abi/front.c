#include "abi/front.h"

#include <stddef.h>

struct front *front_innermost(struct front *outermost)
{
    struct front *front = outermost;
    while (front->child != NULL)
        front = front->child;
    return front;
}

void front_join(struct front *front, struct front *outermost)
{
    *front = (struct front){ .parent = front_innermost(outermost) };
}

bool front_take(struct front *front)
{
    if (front->parent == NULL)
        return false;
    front->parent->child = front;
    return true;
}

void front_leave(struct front *front)
{
    if (front->parent != NULL && front->parent->child == front)
        front->parent->child = NULL;
}
