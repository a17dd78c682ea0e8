/* Starts the program whose CID is the first argument, which whoever handles `loader` is to bring,
 * and waits for its end. */
#include "lib/start.h"
#include "interface/system_program.h"
#include "lib/main.h"
#include "lib/print.h"

enum { CID_MAX = 64 };

static _Alignas(8) uint8_t buffer[4096];

/* Base32 without padding, in lower case, behind its sign `b` (RFC 4648, multibase). */
static uint32_t decode(struct weft_bytes text, uint8_t *cid)
{
    uint32_t bits = 0;
    uint32_t bit_count = 0;
    uint32_t size = 0;
    if (text.size == 0 || text.data[0] != 'b')
        return 0;
    for (uint32_t i = 1; i < text.size && size < CID_MAX; i++) {
        uint8_t letter = text.data[i];
        bits = bits << 5 | (uint32_t)(letter >= 'a' ? letter - 'a' : letter - '2' + 26);
        bit_count += 5;
        if (bit_count < 8)
            continue;
        bit_count -= 8;
        cid[size++] = (uint8_t)(bits >> bit_count);
    }
    return size;
}

static const char *name_of(enum system_error error)
{
    switch (error) {
    case SYSTEM_ERROR_WRONG_HASH:
        return "wrong-hash";
    case SYSTEM_ERROR_NOT_FOUND:
        return "not-found";
    case SYSTEM_ERROR_BAD_PROGRAM:
        return "bad-program";
    case SYSTEM_ERROR_DENIED:
        return "denied";
    default:
        return "not started";
    }
}

static int fail(const char *why)
{
    print(why);
    print("\n");
    return 1;
}

int weft_main(void)
{
    const struct system_start_record *start = start_record();
    uint8_t cid[CID_MAX];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct system_process_error_result process;
    struct system_ending ending;
    if (start == NULL || start->arguments.count < 2)
        return fail("usage: start CID");
    struct weft_bytes name = start->arguments.data[1];
    struct system_spawn_options options = { .program = { cid, decode(name, cid) },
                                            .arguments = { &name, 1 } };
    enum weft_status status =
        system_spawn(&client, options, (struct system_named_slot_list){ 0 }, &process);
    if (status != WEFT_OK || process.failed)
        return fail(status == WEFT_OK ? name_of(process.error) : "no answer");
    client.slot = process.value;
    if (system_process_ended(&client, &ending) != WEFT_OK || ending.tag != SYSTEM_ENDING_EXITED ||
        ending.exited != 0)
        return fail("it ended badly");
    print("it ran\n");
    return 0;
}
