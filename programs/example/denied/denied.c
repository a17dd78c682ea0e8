/* Tries to reach the network. Without `--allow tcp` it is told no, and the person which option
 * would let it. Exit status 0 if a connection was tried, 3 if that was denied. */
#include "interface/tcp_program.h"
#include "lib/main.h"
#include "lib/print.h"

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[1024];
    struct weft_client client = { .slot = tcp_slot(), .buffer = buffer, .capacity = 1024 };
    struct tcp_endpoint here = { .address = { .tag = TCP_ADDRESS_V4, .v4 = { 127, 0, 0, 1 } },
                                 .port = 1 };
    struct tcp_connection_error_result result;
    enum weft_status status = tcp_connect(&client, here, &result);
    if (status == WEFT_DENIED) {
        print("tcp is denied\n");
        return 3;
    }
    print(status == WEFT_OK && !result.failed ? "connected\n" : "tried, in vain\n");
    return 0;
}
