/* Where a connection leads to, of any text. */
#include "programs/fs/root/address.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

static struct weft_bytes host;
static uint16_t port;
static uint8_t parts[4];

/* In memory of its own size, so that a sanitizer sees what is read beyond it. */
static struct weft_bytes copy_of(const char *text)
{
    static uint8_t *copy;
    uint32_t size = (uint32_t)strlen(text);
    free(copy);
    copy = malloc(size + (size == 0));
    memcpy(copy, text, size);
    return (struct weft_bytes){ copy, size };
}

static bool leads_to(const char *text, const char *expected_host, uint16_t expected_port)
{
    return address_divide(copy_of(text), &host, &port) && host.size == strlen(expected_host) &&
           memcmp(host.data, expected_host, host.size) == 0 && port == expected_port;
}

static bool is_address(const char *text, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    const uint8_t expected[] = { a, b, c, d };
    return address_read(copy_of(text), parts) && memcmp(parts, expected, sizeof(parts)) == 0;
}

static bool leads_nowhere(const char *text)
{
    return !address_divide(copy_of(text), &host, &port);
}

static bool is_none(const char *text)
{
    return !address_read(copy_of(text), parts);
}

int main(void)
{
    TAP_OK(leads_to("weft.example:80", "weft.example", 80) && leads_to("a:1", "a", 1),
           "a host and a port");
    TAP_OK(leads_to("::1:7", "::1", 7), "the last colon divides them");
    TAP_OK(leads_to("a:65535", "a", 65535) && leads_nowhere("a:65536") && leads_nowhere("a:0") &&
               leads_nowhere("a:99999999999999999999"),
           "ports are 1 to 65535");
    TAP_OK(leads_nowhere("") && leads_nowhere(":") && leads_nowhere(":80") && leads_nowhere("a") &&
               leads_nowhere("a:") && leads_nowhere("a:8x") && leads_nowhere("a:-1") &&
               leads_nowhere("a: 1"),
           "one of them is missing, or no number");
    TAP_OK(is_address("127.0.0.1", 127, 0, 0, 1) && is_address("0.0.0.0", 0, 0, 0, 0) &&
               is_address("255.255.255.255", 255, 255, 255, 255),
           "four numbers");
    TAP_OK(is_none("256.0.0.1") && is_none("1.2.3") && is_none("1.2.3.4.5") && is_none("1.2.3.") &&
               is_none(".1.2.3") && is_none("1..2.3") && is_none("1.2.3.4 ") && is_none("") &&
               is_none("...") && is_none("a.b.c.d"),
           "what is no address is a name");
    copy_of("");
    return tap_done();
}
