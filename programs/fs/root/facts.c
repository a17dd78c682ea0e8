#include "programs/fs/root/facts.h"

#include "lib/memory.h"
#include "programs/fs/root/authority.h"
#include "programs/fs/root/root.h"

static struct text text;

static bool make(const struct fact *fact)
{
    text.size = 0;
    text.is_cut = false;
    return fact->write(&text);
}

int facts_check(const struct fact *fact)
{
    return fact->needs == NULL ? 0 : authority_check(fact->needs);
}

uint64_t facts_size(const struct fact *fact)
{
    if (fact->needs != NULL && !authority_allows(root_event->sender, fact->needs))
        return 0;
    return make(fact) ? text.size : 0;
}

int facts_read(const struct fact *fact, uint64_t offset, struct volume_span *span)
{
    int failure = facts_check(fact);
    if (failure == 0 && !make(fact))
        failure = FAILURE(IO);
    if (failure != 0)
        return failure;
    uint64_t left = offset < text.size ? text.size - offset : 0;
    if (span->size > left)
        span->size = (uint32_t)left;
    memcpy(span->data, text.data + offset, span->size);
    return 0;
}
