#include "lib/main.h"

#include "interface/system_program.h"

WEFT_EXPORT("_start") void _start(void);

void _start(void)
{
    int status = weft_main();
    if (status != 0)
        main_exit((uint32_t)status);
}

_Noreturn void main_exit(uint32_t status)
{
    uint8_t buffer[16];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    system_exit(&client, status);
    __builtin_trap(); /* no right to `exit`: the end all the same */
}
