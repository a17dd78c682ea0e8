/* Opens /sys/cpus as often as its argument says, at once, and tells of each what came of it. */
#include "interface/files_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/start.h"

static _Alignas(8) uint8_t buffer[4096];

static uint32_t wanted(void)
{
    const struct system_start_record *start = start_record();
    if (start == NULL || start->arguments.count < 2 || start->arguments.data[1].size != 1)
        return 0;
    return start->arguments.data[1].data[0] - '0';
}

static void tell(const struct weft_event *event)
{
    struct files_node_error_result result;
    struct body_reader reader;
    body_reader_init(&reader, event, buffer);
    if (event->status != WEFT_OK || !files_node_open_result_decode(&reader, &result))
        print("failed\n");
    else if (!result.failed)
        print("opened\n");
    else
        print(result.error == FILES_ERROR_AGAIN ? "not now\n" : "denied\n");
}

int weft_main(void)
{
    struct weft_client client = { .slot = files_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct weft_event event;
    uint32_t count = wanted();
    for (uint32_t i = 0; i < count; i++)
        files_node_open_send(&client, WEFT_BYTES("sys/cpus"), FILES_OPEN_FLAGS_READ,
                             WEFT_WANT_ANSWER);
    for (; count != 0; count--) {
        if (weft_wait(NULL, 0, &event, buffer, sizeof(buffer), -1) != WEFT_EVENT_ANSWER)
            return 1;
        tell(&event);
    }
    return 0;
}
