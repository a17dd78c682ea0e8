/* A driver, or a session, that tries what is not its own: each device by its name. What it gets is
 * told in the log. */
#include "interface/device_program.h"
#include "lib/main.h"
#include "lib/say.h"

static _Alignas(8) uint8_t buffer[1 << 15];

static const char *outcome(enum weft_status status, bool failed, enum device_error error)
{
    if (status != WEFT_OK)
        return status == WEFT_DENIED ? "denied" : "no answer";
    if (!failed)
        return "claimed";
    return error == DEVICE_ERROR_NOT_FOUND ? "not found"
           : error == DEVICE_ERROR_BUSY    ? "busy"
                                           : "refused";
}

static void try(struct weft_bytes name)
{
    struct weft_client client = { .slot = device_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct device_claimed_error_result result = { 0 };
    enum weft_status status = device_claim(&client, name, &result);
    say(LOG_LEVEL_INFO, name, outcome(status, result.failed, result.error));
}

/* What it is shown, and whether it may choose more. */
static void list(void)
{
    struct weft_client client = { .slot = device_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct weft_bytes names[] = { WEFT_BYTES("ps2"), WEFT_BYTES("rtc"), WEFT_BYTES("serial0") };
    struct device_identity_list devices = { 0 };
    struct device_selection_error_result more = { 0 };
    enum weft_status status = device_devices(&client, &devices);
    say_count(LOG_LEVEL_INFO, WEFT_BYTES("thief"),
              "devices: ", status == WEFT_OK ? devices.count : 0);
    status = device_only(&client, (struct device_string_list){ names, 3 }, &more);
    say(LOG_LEVEL_INFO, WEFT_BYTES("choice"), outcome(status, more.failed, more.error));
}

int weft_main(void)
{
    list();
    try(WEFT_BYTES("rtc"));
    try(WEFT_BYTES("serial0"));
    try(WEFT_BYTES("pci:00:00.0"));
    try(WEFT_BYTES("ps2"));
    say(LOG_LEVEL_INFO, WEFT_BYTES("thief"), "done");
    return 0;
}
