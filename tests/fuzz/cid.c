/* Names of programs from hostile text and bytes: whatever is accepted is written and read again. */
#include "kernel/kernel.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct cid *cid)
{
    u8 text[128];
    struct writer writer;
    writer_init(&writer, text, sizeof(text));
    cid_write(cid, &writer);
    struct cid again;
    BASE_ASSERT(writer_ok(&writer));
    BASE_ASSERT(cid_from_text((struct bytes){ text, writer.size }, &again));
    BASE_ASSERT(cid_equal(cid, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = { data, size };
    struct cid cid;
    if (cid_from_text(bytes, &cid))
        check_round_trip(&cid);
    if (cid_from_bytes(bytes, &cid)) {
        check_round_trip(&cid);
        (void)cid_matches(&cid, bytes);
    }
    return 0;
}
