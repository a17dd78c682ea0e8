/* Sends its first argument to 127.0.0.1, to the port that is its second (7, echo), and prints what
 * comes back:  weft run --handle tcp=tcp/echo.wasm tcp/client.wasm "some text" */
#include "interface/system_program.h"
#include "interface/tcp_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/start.h"

enum { ECHO_PORT = 7, MESSAGE_MAX = 4096 };

static _Alignas(8) uint8_t buffer[2 * MESSAGE_MAX];

static int fail(const char *what)
{
    print(what);
    print("\n");
    return 1;
}

static uint16_t port_of(const struct system_start_record *start)
{
    uint32_t port = 0;
    if (start->arguments.count < 3)
        return ECHO_PORT;
    for (uint32_t i = 0; i < start->arguments.data[2].size; i++)
        port = port * 10 + (uint32_t)(start->arguments.data[2].data[i] - '0');
    return (uint16_t)port;
}

/* Sends the text, says that this was all, and prints what comes until the other side has finished.
 */
static int talk(struct weft_client *connection, struct weft_bytes text)
{
    struct tcp_u32_error_result sent;
    struct tcp_none_error_result finished;
    struct tcp_bytes_error_result received;
    if (tcp_connection_send(connection, text, &sent) != WEFT_OK || sent.failed)
        return fail("cannot send");
    if (tcp_connection_shutdown(connection, false, true, &finished) != WEFT_OK || finished.failed)
        return fail("cannot finish");
    print("received: ");
    do {
        if (tcp_connection_receive(connection, MESSAGE_MAX, false, &received) != WEFT_OK ||
            received.failed)
            return fail("(and no more)");
        print_bytes(received.value);
    } while (received.value.size != 0);
    print("\n");
    return 0;
}

int weft_main(void)
{
    const struct system_start_record *start = start_record();
    struct weft_client client = { .slot = tcp_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct tcp_connection_error_result result;
    if (start == NULL || start->arguments.count < 2 || start->arguments.data[1].size > MESSAGE_MAX)
        return fail("usage: client TEXT [PORT]");
    struct tcp_endpoint there = { .address = { .tag = TCP_ADDRESS_V4, .v4 = { 127, 0, 0, 1 } },
                                  .port = port_of(start) };
    if (tcp_connect(&client, there, &result) != WEFT_OK)
        return fail("there is no network");
    if (result.failed)
        return fail(result.error == TCP_ERROR_REFUSED ? "refused" : "cannot connect");
    client.slot = result.value;
    return talk(&client, start->arguments.data[1]);
}
