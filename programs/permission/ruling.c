#include "programs/permission/ruling.h"

#include <string.h>

struct rulings rulings;

const struct ruling *ruling_find(const struct subject *subject)
{
    for (uint32_t i = 0; i < rulings.count; i++)
        if (subject_equal(&rulings.list[i].subject, subject))
            return &rulings.list[i];
    return NULL;
}

const struct ruled *ruling_program(struct weft_bytes cid)
{
    for (uint32_t i = 0; i < rulings.program_count; i++) {
        const struct ruled *program = &rulings.programs[i];
        if (program->cid_size == cid.size && memcmp(program->cid, cid.data, cid.size) == 0)
            return program;
    }
    return NULL;
}

bool ruling_denies(const struct subject *subject)
{
    const struct ruling *ruling = ruling_find(subject);
    return ruling != NULL && ruling->choice == PERMISSIONS_CHOICE_DENY;
}

/* ---- Being told ------------------------------------------------------------------------------ */

static int digit_of(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* NAME@HASH, and nothing behind it. */
static bool read_grant(struct weft_bytes grant, struct weft_bytes *name, uint8_t hash[SUBJECT_HASH])
{
    const uint8_t *sign = grant.size == 0 ? NULL : memchr(grant.data, '@', grant.size);
    if (sign == NULL || grant.data + grant.size - (sign + 1) != 2 * SUBJECT_HASH)
        return false;
    *name = (struct weft_bytes){ grant.data, (uint32_t)(sign - grant.data) };
    for (uint32_t i = 0; i < SUBJECT_HASH; i++) {
        int high = digit_of(sign[1 + 2 * i]), low = digit_of(sign[2 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        hash[i] = (uint8_t)(high << 4 | low);
    }
    return name->size != 0;
}

static bool add_rule(const struct rulings_program *program, const struct rulings_rule *rule)
{
    static const enum permissions_choice choices[] = {
        [RULINGS_ANSWER_ALLOW] = PERMISSIONS_CHOICE_ALLOW,
        [RULINGS_ANSWER_DENY] = PERMISSIONS_CHOICE_DENY,
        [RULINGS_ANSWER_SUBSTITUTE] = PERMISSIONS_CHOICE_SUBSTITUTE,
        [RULINGS_ANSWER_ASK] = PERMISSIONS_CHOICE_ASK,
    };
    uint8_t hash[SUBJECT_HASH];
    struct permissions_subject from = { .program = program->cid, .program_name = program->name };
    struct ruling ruling = { .choice = choices[rule->answer] };
    if (rulings.count == RULINGS_MAX || !read_grant(rule->grant, &from.interface_name, hash))
        return false;
    from.interface = (struct weft_bytes){ hash, SUBJECT_HASH };
    if (!subject_take(&from, &ruling.subject) || ruling_find(&ruling.subject) != NULL)
        return false;
    rulings.list[rulings.count++] = ruling;
    return true;
}

static struct permissions_terms terms_of(const struct rulings_program *program)
{
    static const enum permissions_refused refused[] = {
        [RULINGS_REFUSED_DENY] = PERMISSIONS_REFUSED_DENY,
        [RULINGS_REFUSED_END] = PERMISSIONS_REFUSED_END,
        [RULINGS_REFUSED_ASK] = PERMISSIONS_REFUSED_ASK,
    };
    const struct rulings_limits *limits = &program->limits;
    return (struct permissions_terms){
        .refused = refused[program->refused],
        .limits = { limits->memory_pages, limits->processes, limits->threads, limits->messages,
                    limits->slots, limits->weight, limits->quota },
    };
}

bool ruling_add(const struct rulings_program *program)
{
    bool is_well = true;
    if (program->cid.size == 0 || program->cid.size > SUBJECT_CID_MAX ||
        rulings.program_count == RULED_MAX || ruling_program(program->cid) != NULL)
        return false;
    struct ruled *ruled = &rulings.programs[rulings.program_count++];
    memcpy(ruled->cid, program->cid.data, program->cid.size);
    ruled->cid_size = program->cid.size;
    ruled->terms = terms_of(program);
    for (uint32_t i = 0; i < program->rules.count; i++)
        is_well &= add_rule(program, &program->rules.data[i]);
    return is_well;
}
