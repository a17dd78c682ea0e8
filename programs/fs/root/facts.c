#include "programs/fs/root/facts.h"

#include "lib/memory.h"
#include "programs/fs/root/root.h"

static struct text text;

/* 0, or a failure. */
static int make(const struct fact *fact)
{
    if (fact->needs != NULL && !authority_allows(root_event->sender_silo, fact->needs))
        return FAILURE(ACCESS);
    text.size = 0;
    text.is_cut = false;
    return fact->write(&text) ? 0 : FAILURE(IO);
}

uint64_t facts_size(const struct fact *fact)
{
    return make(fact) == 0 ? text.size : 0;
}

int facts_read(const struct fact *fact, uint64_t offset, struct volume_span *span)
{
    int failure = make(fact);
    if (failure != 0)
        return failure;
    uint64_t left = offset < text.size ? text.size - offset : 0;
    if (span->size > left)
        span->size = (uint32_t)left;
    memcpy(span->data, text.data + offset, span->size);
    return 0;
}
