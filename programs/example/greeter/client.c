/* Has each of its arguments greeted. */
#include "interface/greeter_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/start.h"

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[4096];
    struct weft_client client = { .slot = greeter_slot(), .buffer = buffer, .capacity = 4096 };
    const struct system_start_record *start = start_record();
    for (uint32_t i = 1; i < start->arguments.count; i++) {
        struct weft_bytes greeting;
        if (greeter_greet(&client, start->arguments.data[i], &greeting) != WEFT_OK)
            return 1;
        print_bytes(greeting);
        print("\n");
    }
    return 0;
}
