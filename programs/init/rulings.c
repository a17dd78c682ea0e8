#include "programs/init/rulings.h"

#include "interface/permission.h"
#include "interface/rulings_program.h"
#include "interface/system_program.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "programs/init/plan.h"
#include "programs/init/program.h"
#include "programs/init/silo.h"

enum {
    PROGRAMS_MAX = 64,
    RULES_OF_ONE = 128, /* four lists of 32 */
    BUFFER_BYTES = 1 << 16,
};

static struct {
    const struct manifest_program *row; /* NULL: nothing is told of it */
    struct bundle_program cid;
} list[PROGRAMS_MAX];

static uint32_t count;

static bool is_same(const struct bundle_program *a, const struct bundle_program *b)
{
    return a->cid_size == b->cid_size && memcmp(a->cid, b->cid, a->cid_size) == 0;
}

/* Two names may be of one program: what is said of the first one holds. */
static bool is_new(const struct manifest_program *row, const struct bundle_program *cid)
{
    const struct manifest_problem problem = {
        .line = row->line,
        .column = row->column,
        .text = WEFT_BYTES("another [program.NAME] before is the same program by its bytes: what is said "
                           "here does not count"),
    };
    for (uint32_t i = 0; i < count; i++)
        if (is_same(&list[i].cid, cid)) {
            plan_tell(&problem);
            return false;
        }
    return true;
}

void rulings_prepare(const struct manifest_program_list *programs)
{
    for (uint32_t i = 0; i < programs->count && count < PROGRAMS_MAX; i++) {
        const struct manifest_program *row = &programs->data[i];
        struct program program;
        if (!program_find(row->program, &program) || !is_new(row, &program.cid))
            continue;
        list[count].row = row;
        list[count++].cid = program.cid;
    }
}

bool rulings_are_for(const struct manifest_service *service)
{
    struct interface_hash hash = interface_hash(PERMISSION_INTERFACE_HASH);
    for (uint32_t i = 0; i < service->handles.count; i++) {
        struct weft_bytes handled = service->handles.data[i].hash;
        if (handled.size == INTERFACE_HASH_BYTES &&
            memcmp(handled.data, hash.bytes, INTERFACE_HASH_BYTES) == 0)
            return true;
    }
    return false;
}

/* ---- Limits ---------------------------------------------------------------------------------- */

bool rulings_limit(uint64_t silo)
{
    bool is_well = true;
    for (uint32_t i = 0; is_well && i < count; i++)
        is_well = silo_limit_program(silo, bundle_cid(&list[i].cid), &list[i].row->limits,
                                     list[i].row->name);
    return is_well;
}

/* ---- Telling --------------------------------------------------------------------------------- */

static struct rulings_program program_of(const struct manifest_program *row,
                                         const struct bundle_program *cid,
                                         struct rulings_rule rules[RULES_OF_ONE])
{
    const struct manifest_limits *limits = &row->limits;
    uint32_t rule_count = row->rules.count < RULES_OF_ONE ? row->rules.count : RULES_OF_ONE;
    for (uint32_t i = 0; i < rule_count; i++)
        rules[i] = (struct rulings_rule){ (enum rulings_answer)row->rules.data[i].answer,
                                          row->rules.data[i].grant };
    return (struct rulings_program){
        .cid = bundle_cid(cid),
        .name = row->name,
        .rules = { rules, rule_count },
        .refused = (enum rulings_refused)row->refused,
        .limits = { limits->memory_pages, limits->processes, limits->threads, limits->messages,
                    limits->slots, limits->weight, limits->quota },
    };
}

static int32_t slot_of(int32_t process)
{
    uint8_t buffer[128];
    struct interface_hash hash = interface_hash(RULINGS_INTERFACE_HASH);
    struct weft_client client = { .slot = process, .buffer = buffer, .capacity = sizeof(buffer) };
    struct system_any_error_result result;
    bool is_well = system_process_slot(&client, interface_bytes(&hash), &result) == WEFT_OK;
    return is_well && !result.failed ? result.value : WEFT_NO_SLOT;
}

/* It has just been started, so there is room for its first messages; if there is none it does not know
 * what it is to know, and is better not there. */
void rulings_tell(int32_t process)
{
    static _Alignas(8) uint8_t buffer[BUFFER_BYTES];
    static struct rulings_rule rules[RULES_OF_ONE];
    int32_t slot = count == 0 ? WEFT_NO_SLOT : slot_of(process);
    struct weft_client client = { .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
    bool is_well = count == 0 || slot != WEFT_NO_SLOT;
    for (uint32_t i = 0; is_well && i < count; i++)
        is_well = rulings_add_send(&client, program_of(list[i].row, &list[i].cid, rules),
                                   WEFT_NO_WAIT) >= 0;
    if (slot != WEFT_NO_SLOT)
        silo_close(slot);
    if (is_well)
        return;
    say(LOG_LEVEL_ERROR, WEFT_BYTES("manifest"),
        "who decides about permissions cannot be told what it says of programs: it is ended");
    silo_kill(process);
}
