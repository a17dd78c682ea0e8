/* TCP and UDP over the loopback, both ends in this program; prints TAP. */
#include "interface/names_program.h"
#include "interface/tcp_program.h"
#include "interface/udp_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"

enum { BUFFER = 128 << 10 };

static _Alignas(8) uint8_t buffers[6][BUFFER];
static uint8_t much[64 << 10];
static uint32_t count;

static void ok(bool passed, const char *name)
{
    print(passed ? "ok " : "not ok ");
    print_number(++count);
    print(" - ");
    print(name);
    print("\n");
}

static struct weft_client client(uint32_t number, int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffers[number], .capacity = BUFFER };
}

static bool is_text(struct weft_bytes bytes, const char *text)
{
    return bytes.size == strlen(text) && memcmp(bytes.data, text, bytes.size) == 0;
}

static struct tcp_endpoint loopback(uint16_t port)
{
    return (struct tcp_endpoint){ .address = { .tag = TCP_ADDRESS_V4, .v4 = { 127, 0, 0, 1 } },
                                  .port = port };
}

/* ---- TCP ---- */

static struct weft_client tcp, listener, near, far;

static void test_connect(void)
{
    struct tcp_listener_error_result listening;
    struct tcp_connection_error_result connected, accepted;
    struct tcp_endpoint_error_result local;
    tcp = client(0, tcp_slot());
    ok(tcp_listen(&tcp, loopback(0), 8, &listening) == WEFT_OK && !listening.failed, "listen");
    listener = client(1, listening.value);
    ok(tcp_listener_local(&listener, &local) == WEFT_OK && !local.failed && local.value.port != 0,
       "a listener has a port");
    uint16_t port = local.value.port;
    int64_t waiting = tcp_listener_accept_send(&listener, WEFT_WANT_ANSWER);
    ok(waiting > 0, "accept, before anybody connects");
    ok(tcp_connect(&tcp, loopback(port), &connected) == WEFT_OK && !connected.failed, "connect");
    near = client(2, connected.value);
    struct weft_event event;
    struct body_reader reader;
    ok(weft_wait(&waiting, 1, &event, buffers[5], BUFFER, -1) == WEFT_EVENT_ANSWER,
       "the accept that waited is answered");
    body_reader_init(&reader, &event, buffers[5]);
    ok(tcp_listener_accept_result_decode(&reader, &accepted) && !accepted.failed,
       "with a connection");
    far = client(3, accepted.value);
    struct tcp_endpoint_error_result remote;
    ok(tcp_connection_remote(&near, &remote) == WEFT_OK && remote.value.port == port,
       "its remote end is the listener's address");
}

static void test_bytes(void)
{
    struct tcp_u32_error_result sent;
    struct tcp_bytes_error_result got;
    struct tcp_u64_error_result readable;
    struct tcp_none_error_result none;
    ok(tcp_connection_set_no_delay(&near, true, &none) == WEFT_OK && !none.failed, "no delay");
    ok(tcp_connection_send(&near, WEFT_BYTES("hello"), &sent) == WEFT_OK && sent.value == 5,
       "send");
    ok(tcp_connection_readable(&far, &readable) == WEFT_OK && readable.value == 5, "readable");
    ok(tcp_connection_receive(&far, 100, true, &got) == WEFT_OK && is_text(got.value, "hello"),
       "receive, and leave it there");
    ok(tcp_connection_receive(&far, 2, false, &got) == WEFT_OK && is_text(got.value, "he"),
       "receive a part");
    ok(tcp_connection_receive(&far, 100, false, &got) == WEFT_OK && is_text(got.value, "llo"),
       "receive the rest");
    ok(tcp_connection_writable(&near, &none) == WEFT_OK && !none.failed, "writable");
}

/* Sends until the other side must read first: then a send waits, and goes on when it has. */
static void test_back_pressure(void)
{
    struct tcp_u32_error_result sent;
    struct tcp_bytes_error_result got;
    struct weft_event event;
    struct weft_bytes all = { much, sizeof(much) };
    uint64_t total = 0, received = 0;
    int64_t id;
    for (;;) {
        id = tcp_connection_send_send(&near, all, WEFT_WANT_ANSWER);
        if (weft_wait(&id, 1, &event, buffers[4], BUFFER, 0) != WEFT_EVENT_ANSWER)
            break;
        struct body_reader reader;
        body_reader_init(&reader, &event, buffers[4]);
        if (!tcp_connection_send_result_decode(&reader, &sent) || sent.failed)
            break;
        total += sent.value;
    }
    ok(total > 0, "sending stops when nobody reads");
    while (weft_wait(&id, 1, &event, buffers[4], BUFFER, 0) != WEFT_EVENT_ANSWER) {
        if (tcp_connection_receive(&far, 65536, false, &got) != WEFT_OK || got.failed)
            break;
        received += got.value.size;
    }
    ok(received > 0 && event.status == WEFT_OK, "and goes on when somebody does");
}

static void test_ends(void)
{
    struct tcp_none_error_result none;
    struct tcp_bytes_error_result got;
    struct tcp_connection_error_result connected;
    ok(tcp_connection_shutdown(&near, false, true, &none) == WEFT_OK && !none.failed, "shut down");
    do {
        if (tcp_connection_receive(&far, 65536, false, &got) != WEFT_OK)
            break;
    } while (!got.failed && got.value.size != 0);
    ok(!got.failed && got.value.size == 0, "the other side reads to the end");
    ok(tcp_connect(&tcp, loopback(1), &connected) == WEFT_OK && connected.failed &&
           connected.error == TCP_ERROR_REFUSED,
       "nobody listens: refused");
    struct tcp_endpoint strange = { .address = { .tag = TCP_ADDRESS_V6,
                                                 .v6 = { (const uint8_t *)"12345", 5 } } };
    ok(tcp_connect(&tcp, strange, &connected) == WEFT_OK && connected.failed &&
           connected.error == TCP_ERROR_INVALID,
       "an address of 5 bytes is none");
    ok(tcp_connect(&near, loopback(1), &connected) == WEFT_DENIED,
       "a connection is no right to make others");
    ok(tcp_listener_accept(&near, &connected) == WEFT_INVALID, "nor is it a listener");
}

/* ---- UDP ---- */

static void test_udp(void)
{
    struct udp_endpoint any = { .address = { .tag = UDP_ADDRESS_V4, .v4 = { 127, 0, 0, 1 } } };
    struct udp_socket_error_result bound;
    struct udp_endpoint_error_result local;
    struct udp_none_error_result none;
    struct udp_datagram_error_result got;
    struct udp_u64_error_result readable;
    struct weft_client udp = client(0, udp_slot());
    ok(udp_bind(&udp, any, &bound) == WEFT_OK && !bound.failed, "udp: bind");
    struct weft_client one = client(1, bound.value);
    ok(udp_bind(&udp, any, &bound) == WEFT_OK && !bound.failed, "udp: bind another");
    struct weft_client two = client(2, bound.value);
    ok(udp_socket_local(&two, &local) == WEFT_OK && local.value.port != 0, "udp: local");
    struct udp_endpoint to = any;
    to.port = local.value.port;
    ok(udp_socket_send(&one, to, WEFT_BYTES("datagram"), &none) == WEFT_OK && !none.failed,
       "udp: send");
    ok(udp_socket_readable(&two, &readable) == WEFT_OK && readable.value == 8, "udp: readable");
    ok(udp_socket_receive(&two, &got) == WEFT_OK && is_text(got.value.bytes, "datagram"),
       "udp: receive");
    ok(udp_socket_send(&one, to, (struct weft_bytes){ much, 0 }, &none) == WEFT_OK,
       "udp: send none");
    ok(udp_socket_receive(&two, &got) == WEFT_OK && !got.failed && got.value.bytes.size == 0,
       "udp: an empty datagram");
    ok(udp_socket_send(&one, to, (struct weft_bytes){ much, 65508 }, &none) == WEFT_OK &&
           none.failed && none.error == UDP_ERROR_TOO_LARGE,
       "udp: one that is too large");
}

/* ---- Names ---- */

static void test_names(void)
{
    struct names_address_list_error_result found;
    struct weft_client names = client(0, names_slot());
    ok(names_resolve(&names, WEFT_BYTES("localhost"), &found) == WEFT_OK && !found.failed &&
           found.value.count >= 1,
       "names: localhost");
    bool loop = false;
    for (uint32_t i = 0; i < found.value.count; i++)
        loop |= found.value.data[i].tag == NAMES_ADDRESS_V4 && found.value.data[i].v4.f0 == 127;
    ok(loop, "names: is the loopback");
    ok(names_resolve(&names, WEFT_BYTES("127.0.0.1"), &found) == WEFT_OK && found.value.count == 1,
       "names: digits are a name, too");
    ok(names_resolve(&names, WEFT_BYTES("a\0b"), &found) == WEFT_OK && found.failed &&
           found.error == NAMES_ERROR_BAD_NAME,
       "names: a zero is in no name");
    ok(names_resolve(&names, (struct weft_bytes){ much, 256 }, &found) == WEFT_OK && found.failed,
       "names: a name that is too long");
}

int weft_main(void)
{
    memset(much, 'm', sizeof(much));
    test_connect();
    test_bytes();
    test_back_pressure();
    test_ends();
    test_udp();
    test_names();
    print("1..");
    print_number(count);
    print("\n");
    return 0;
}
