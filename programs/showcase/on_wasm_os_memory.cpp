/* What C++'s library needs on wasm_os: memory, and an end where it would throw. */
extern "C" {
#include "programs/showcase/showcase.h"
}

#include <__verbose_abort>
#include <new>

void *operator new(std::size_t size)
{
    return block_take(size);
}

void operator delete(void *block) noexcept
{
    block_give(block);
}

void operator delete(void *block, std::size_t) noexcept
{
    block_give(block);
}

/* Its own would write to a stream of the C library. */
void std::__libcpp_verbose_abort(const char *, ...)
{
    __builtin_trap();
}
