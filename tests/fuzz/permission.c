/* What is remembered and what is shown, of any bytes: rules that were read are written and read again
 * as the same; what is shown has no control character. */
#include "programs/permission/person.h"
#include "programs/permission/rules.h"
#include "programs/permission/ruling.h"
#include "programs/permission/wording.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char text[1 << 20];
static char again[1 << 20];

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_be_harmless(struct weft_bytes foreign)
{
    struct wording shown = { text, 1024, 0 };
    wording_add_harmless(&shown, foreign);
    for (uint32_t i = 0; i < shown.size; i++)
        must((uint8_t)text[i] >= 0x20 && text[i] != 0x7F);
}

/* What is taken as a folder is told so that it is the same when it is taken again. */
static void must_stay(struct weft_bytes bytes)
{
    struct folder folder, retaken;
    if (!folder_take(bytes, &folder) || folder.size == 0)
        return;
    must(folder.text[0] == '/' && folder.path_size > 1 && folder.path_size <= FOLDER_PATH_MAX);
    must(folder_take((struct weft_bytes){ folder.text, folder.size }, &retaken));
    must(retaken.size == folder.size && retaken.path_size == folder.path_size &&
         memcmp(retaken.text, folder.text, folder.size) == 0 && folder_overlaps(&folder, &retaken));
}

/* Of any grant there is a rule or none, and what it is about is found. */
static void take_ruling(struct weft_bytes grant)
{
    static const uint8_t cid[] = { 1, 0x55, 0x12, 0x20 };
    const struct rulings_rule rule = { RULINGS_ANSWER_DENY, grant };
    const struct rulings_program program = {
        .cid = { cid, sizeof(cid) }, .name = grant, .rules = { &rule, 1 }
    };
    rulings.count = rulings.program_count = 0;
    must(ruling_add(&program) == (rulings.count == 1) && rulings.program_count == 1);
    must(rulings.count == 0 || ruling_denies(&rulings.list[0].subject));
    must(!ruling_add(&program));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool is_understood;
    if (size > 1 << 14)
        return 0;
    struct weft_bytes bytes = { data, (uint32_t)size };
    must_be_harmless(bytes);
    must_stay(bytes);
    person_read(bytes, true, &is_understood);
    take_ruling(bytes);
    rules.count = 0;
    rules_read((const char *)data, size);
    size_t written = rules_write(text, sizeof(text));
    uint32_t count = rules.count;
    rules.count = 0;
    must(rules_read(text, written) && rules.count == count);
    must(rules_write(again, sizeof(again)) == written && memcmp(text, again, written) == 0);
    return 0;
}
