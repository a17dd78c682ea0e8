#include "lib/thread.h"

#include "interface/system_program.h"

/* What the new thread is told: it lies at the top of its stack. */
struct beginning {
    void (*function)(void *);
    void *argument;
    uint64_t padding;
};
_Static_assert(sizeof(struct beginning) == 16, "the stack below it stays aligned");

enum weft_status thread_start(void (*function)(void *), void *argument, void *stack,
                              uint32_t stack_size)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct system_u32_error_result result;
    struct beginning *beginning =
        (struct beginning *)(void *)((uint8_t *)stack + stack_size - sizeof(*beginning));
    *beginning = (struct beginning){ .function = function, .argument = argument };
    enum weft_status status = system_thread(&client, (uint32_t)(uintptr_t)beginning, &result);
    if (status != WEFT_OK)
        return status;
    return result.failed ? WEFT_LIMIT : WEFT_OK;
}

WEFT_EXPORT("weft_thread") void weft_thread(uint32_t address);

/* The thread's globals are fresh, so its stack pointer is the first thread's: nothing may be on the
 * stack before it is set. */
void weft_thread(uint32_t address)
{
    const struct beginning *beginning = (const struct beginning *)(uintptr_t)address;
    __asm__ volatile(".globaltype __stack_pointer, i32\n"
                     "local.get %0\n"
                     "global.set __stack_pointer"
                     :
                     : "r"(address));
    beginning->function(beginning->argument);
}
