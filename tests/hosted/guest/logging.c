/* Writes to the log: the first argument so many lines of 1000 bytes, as errors. */
#include "interface/log_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[2048];
    static uint8_t text[1000];
    struct weft_client log = { .slot = log_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
    const struct system_start_record *start = start_record();
    uint32_t lines = 0;
    for (uint32_t i = 0; start->arguments.count > 1 && i < start->arguments.data[1].size; i++)
        lines = lines * 10 + (uint32_t)(start->arguments.data[1].data[i] - '0');
    memset(text, 'x', sizeof(text));
    for (uint32_t i = 0; i < lines; i++)
        if (log_write_send(&log, LOG_LEVEL_ERROR, (struct weft_bytes){ text, sizeof(text) }, 0) < 0)
            return 1;
    print("written\n");
    return 0;
}
