#include "programs/permission/audit.h"

#include "lib/say.h"
#include "programs/permission/wording.h"

static struct audit_event ring[AUDIT_MAX];
static uint64_t newest; /* its sequence number; 0: there is none */

static void tell(const struct audit_event *event)
{
    static const char *const words[] = {
        [PERMISSIONS_CHOICE_ALLOW] = "is allowed ",
        [PERMISSIONS_CHOICE_DENY] = "is denied ",
        [PERMISSIONS_CHOICE_SUBSTITUTE] = "is given a substitute for ",
        [PERMISSIONS_CHOICE_ASK] = "is to be asked about ",
    };
    char bytes[256];
    struct wording text = { bytes, sizeof(bytes) - 1, 0 };
    struct permissions_subject subject = subject_give(&event->subject);
    wording_add(&text, words[event->choice]);
    wording_add_harmless(&text, subject.interface_name);
    bytes[text.size] = '\0';
    say(LOG_LEVEL_DEBUG, subject.program_name, bytes);
}

void audit_add(const struct subject *subject, enum permissions_choice choice,
               enum permissions_source source, uint64_t process, uint64_t time)
{
    struct audit_event *event = &ring[++newest % AUDIT_MAX];
    *event = (struct audit_event){ *subject, choice, source, process, time, newest };
    if (source != PERMISSIONS_SOURCE_USUAL && source != PERMISSIONS_SOURCE_TABLE)
        tell(event);
}

uint64_t audit_first(void)
{
    return newest < AUDIT_MAX ? 1 : newest - AUDIT_MAX + 1;
}

const struct audit_event *audit_find(uint64_t sequence)
{
    if (sequence < audit_first() || sequence > newest)
        return NULL;
    return &ring[sequence % AUDIT_MAX];
}

uint32_t audit_refusals(const struct subject *subject)
{
    uint32_t count = 0;
    for (uint64_t sequence = newest; sequence >= audit_first() && sequence > 0; sequence--) {
        const struct audit_event *event = &ring[sequence % AUDIT_MAX];
        if (!subject_equal(&event->subject, subject))
            continue;
        if (event->source == PERMISSIONS_SOURCE_PERSON && event->choice == PERMISSIONS_CHOICE_DENY)
            count++;
        else if (event->source != PERMISSIONS_SOURCE_NOBODY)
            break;
    }
    return count;
}
