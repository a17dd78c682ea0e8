/* Says that it was born, and ends itself as somebody else would. */
#include "interface/system_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/start.h"

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[256], other[256];
    const struct system_start_record *start = start_record();
    struct weft_client client = { .slot = system_slot(), .buffer = buffer, .capacity = 256 };
    struct system_process_error_result found;
    struct system_none_error_result killed;
    print("born\n");
    if (start == NULL || system_find(&client, start->process, &found) != WEFT_OK || found.failed)
        return 1;
    struct weft_client self = { .slot = found.value, .buffer = other, .capacity = 256 };
    system_process_kill(&self, &killed);
    return 2;
}
