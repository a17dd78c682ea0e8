/* platform/hosted/address.h: addresses in digits, and on their way to the host and back. */
#include "platform/hosted/address.h"
#include "tests/tap.h"

#include <string.h>

static bool survives(const char *text, u8 size, u16 port)
{
    struct address address;
    if (!address_from_text(text, &address) || address.size != size || address.port != port)
        return false;
    struct host_address host = address_to_host(&address);
    struct address back = address_from_host((const struct sockaddr *)&host.storage);
    return memcmp(&address, &back, sizeof(back)) == 0;
}

static bool refused(const char *text)
{
    struct address address;
    return !address_from_text(text, &address);
}

int main(void)
{
    static const char *const bad[] = {
        "",
        ":",
        ":80",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "localhost:80",
        "127.0.0.1:80x",
        "127.0.0.1: 80",
        "127.1:80",
        "::1:80",
        "[::1]",
        "[::1:80",
        "::1]:80",
        "[127.0.0.1]:80",
        "1.2.3.4.5:80",
        "256.0.0.1:80",
        "[]:80",
        "[1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111:2222]:80",
    };
    TAP_OK(survives("127.0.0.1:80", ADDRESS_V4_BYTES, 80), "version 4");
    TAP_OK(survives("0.0.0.0:0", ADDRESS_V4_BYTES, 0), "any address, any port");
    TAP_OK(survives("[::1]:65535", ADDRESS_V6_BYTES, 65535), "version 6");
    TAP_OK(survives("[2001:db8::a:1]:443", ADDRESS_V6_BYTES, 443), "version 6, longer");
    for (usize i = 0; i < BASE_ARRAY_COUNT(bad); i++)
        TAP_OK(refused(bad[i]), bad[i][0] == '\0' ? "nothing" : bad[i]);
    u8 bytes[16] = { 1, 2, 3, 4 };
    struct address address;
    TAP_OK(address_from_bytes((struct bytes){ bytes, 4 }, 5, &address) && address.port == 5,
           "four bytes are an address");
    TAP_OK(!address_from_bytes((struct bytes){ bytes, 5 }, 5, &address), "five are none");
    struct sockaddr other = { .sa_family = AF_UNIX };
    TAP_OK(address_from_host(&other).size == 0, "another family has no address");
    return tap_done();
}
