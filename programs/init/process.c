#include "programs/init/process.h"

#include "interface/random_program.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "programs/init/gifts.h"
#include "programs/init/rulings.h"
#include "programs/init/silo.h"

enum {
    ARGUMENTS_MAX = 2 + 32 + SERVICE_WORDS_MAX,
    SEED_BYTES = 8,
    STARTS_BYTES = 10, /* digits */
};

/* ---- Its environment ------------------------------------------------------------------------- */

struct variables {
    struct system_string_string_tuple list[2];
    uint8_t starts[STARTS_BYTES];
    uint8_t seed[2 * SEED_BYTES];
};

static struct weft_bytes write_number(uint32_t number, uint8_t digits[STARTS_BYTES])
{
    uint32_t at = STARTS_BYTES;
    do {
        digits[--at] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return (struct weft_bytes){ digits + at, STARTS_BYTES - at };
}

static struct weft_bytes write_seed(uint64_t seed, uint8_t digits[2 * SEED_BYTES])
{
    static const char hex[] = "0123456789abcdef";
    for (uint32_t i = 0; i < 2 * SEED_BYTES; i++)
        digits[i] = (uint8_t)hex[seed >> (4 * i) & 15];
    return (struct weft_bytes){ digits, 2 * SEED_BYTES };
}

static struct system_string_string_tuple_list variables_of(const struct service *service,
                                                           struct variables *variables)
{
    struct system_string_string_tuple *list = variables->list;
    list[0].f0 = WEFT_BYTES("STARTS");
    list[0].f1 = write_number(service->starts + 1, variables->starts);
    list[1].f0 = WEFT_BYTES("SEED");
    list[1].f1 = write_seed(service->seed, variables->seed);
    return (struct system_string_string_tuple_list){ list, service->seed != 0 ? 2 : 1 };
}

static uint64_t take_random(void)
{
    static const uint64_t patience_ns = 500000000;
    _Alignas(8) uint8_t buffer[128];
    struct weft_client client = { .slot = random_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer),
                                  .deadline_ns = silo_now() + patience_ns };
    struct weft_bytes bytes;
    uint64_t random = 0;
    if (random_bytes(&client, SEED_BYTES, &bytes) == WEFT_OK && bytes.size == SEED_BYTES)
        memcpy(&random, bytes.data, SEED_BYTES);
    return random;
}

uint64_t process_seed(const struct service *service)
{
    struct interface_hash hash = interface_hash(RANDOM_INTERFACE_HASH);
    const struct manifest_handle random = { .hash = interface_bytes(&hash) };
    return service_uses(service, &random) ? take_random() : 0;
}

/* ---- A process ------------------------------------------------------------------------------- */

static uint32_t list_arguments(const struct service *service,
                               struct weft_bytes arguments[ARGUMENTS_MAX])
{
    const struct manifest_string_list *own = &service->row->arguments;
    uint32_t count = 0;
    arguments[count++] = service_name(service);
    if (service->device[0] != 0)
        arguments[count++] = (struct weft_bytes){ (const uint8_t *)service->device,
                                                  (uint32_t)strlen(service->device) };
    for (uint32_t i = 0; i < own->count && count < ARGUMENTS_MAX - SERVICE_WORDS_MAX; i++)
        arguments[count++] = own->data[i];
    return count + service_words(service, arguments + count);
}

static bool has_own_silo(const struct service *service)
{
    return service->row->place == MANIFEST_PLACE_OWN;
}

/* Where its next process is: one that may start others has a silo with them. */
static bool choose_silo(const struct service *service, struct life *life, uint64_t *silo)
{
    *life = (struct life){ .process = WEFT_NO_SLOT };
    *silo = service->silo;
    if (!has_own_silo(service) || service->row->limits.processes <= 1)
        return true;
    bool is_well = silo_create_below(service->silo, service->row, &life->silo);
    *silo = life->silo;
    return is_well;
}

static bool start(const struct service *service, const struct program *program, struct life *life)
{
    struct weft_bytes arguments[ARGUMENTS_MAX];
    struct variables variables;
    struct system_named_slot slots[GIFTS_MAX];
    uint64_t silo;
    if (!choose_silo(service, life, &silo))
        return false;
    const struct silo_start options = {
        .silo = silo,
        .program = &program->cid,
        .arguments = { arguments, list_arguments(service, arguments) },
        .environment = variables_of(service, &variables),
        .slots = { slots, gifts_for_service(service->row, slots) },
    };
    if (!silo_spawn(&options, &life->process, &life->id)) {
        process_forget(life);
        return false;
    }
    if (rulings_are_for(service->row))
        rulings_tell(life->process);
    return true;
}

bool process_start(const struct service *service, const struct program *program, struct life *life)
{
    return start(service, program, life) ||
           (program_add_again(program) && start(service, program, life));
}

void process_forget(struct life *life)
{
    if (life->process != WEFT_NO_SLOT)
        silo_close(life->process);
    if (life->silo != 0)
        silo_destroy(life->silo);
    *life = (struct life){ .process = WEFT_NO_SLOT };
}

bool process_allow_two(const struct service *service, bool is_doubled)
{
    return !has_own_silo(service) || silo_widen(service->silo, service->row, is_doubled);
}
