#include "programs/init/plan.h"

#include "interface/boot.h"
#include "interface/device.h"
#include "interface/entropy.h"
#include "interface/framebuffer.h"
#include "interface/manifest_program.h"
#include "interface/system_program.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "lib/pages.h"
#include "lib/say.h"
#include "lib/start.h"
#include "programs/init/silo.h"

enum { MANIFEST_PAGES = 1024 /* of 64 KiB */ };

/* To compile a large program and read a large text, on a slow machine. */
static const uint64_t patience_ns = 120000000000;

static const char log_name[] = "manifest";

static struct weft_bytes name_of_manifest(void)
{
    const struct system_start_record *record = start_record();
    for (uint32_t i = 0; record != NULL && i < record->environment.count; i++) {
        const struct system_string_string_tuple *variable = &record->environment.data[i];
        if (variable->f0.size == 8 && memcmp(variable->f0.data, "MANIFEST", 8) == 0)
            return variable->f1;
    }
    return WEFT_BYTES("manifest.toml");
}

/* ---- Without a manifest ---------------------------------------------------------------------- */

static const struct manifest_system *rescue(void)
{
    static struct interface_hash hashes[3];
    static struct manifest_handle withheld[3];
    static struct manifest_system system;
    static const char *const texts[] = { DEVICE_INTERFACE_HASH, FRAMEBUFFER_INTERFACE_HASH,
                                         ENTROPY_INTERFACE_HASH };
    for (uint32_t i = 0; i < 3; i++) {
        hashes[i] = interface_hash(texts[i]);
        withheld[i].hash = interface_bytes(&hashes[i]);
    }
    say(LOG_LEVEL_ERROR, WEFT_BYTES(log_name),
        "the system starts without services, for a person to mend it");
    system.session.program = WEFT_BYTES("shell");
    system.session.withheld = (struct manifest_handle_list){ withheld, 3 };
    return &system;
}

/* ---- Asking the program ---------------------------------------------------------------------- */

/* A process that reads manifests, in a silo that has nothing else but the bundle, whose names it is to
 * know. */
static bool start_reader(uint64_t *silo, int32_t *process)
{
    static const struct weft_bytes name = { (const uint8_t *)log_name, sizeof(log_name) - 1 };
    const struct interface_hash boot = interface_hash(BOOT_INTERFACE_HASH);
    const struct manifest_handle uses = { .hash = interface_bytes(&boot) };
    const struct manifest_service row = {
        .name = name,
        .uses = { &uses, 1 },
        .limits = { .memory_pages = MANIFEST_PAGES },
    };
    struct bundle_program program;
    uint64_t id;
    if (!bundle_add(name, &program)) {
        say(LOG_LEVEL_ERROR, name, "the boot bundle has no program to read it");
        return false;
    }
    if (!silo_create_narrow(&row, silo))
        return false;
    const struct silo_start start = {
        .silo = *silo, .program = &program, .arguments = { &name, 1 }
    };
    if (silo_spawn(&start, process, &id))
        return true;
    say(LOG_LEVEL_ERROR, name, "the program that reads it cannot be started");
    silo_destroy(*silo);
    return false;
}

static int32_t slot_of(int32_t process)
{
    uint8_t buffer[128];
    struct interface_hash hash = interface_hash(MANIFEST_INTERFACE_HASH);
    struct weft_client client = { .slot = process, .buffer = buffer, .capacity = sizeof(buffer) };
    struct system_any_error_result result;
    bool is_well = system_process_slot(&client, interface_bytes(&hash), &result) == WEFT_OK;
    return is_well && !result.failed ? result.value : WEFT_NO_SLOT;
}

/* The answer, in memory that stays. */
static bool ask(int32_t slot, struct weft_bytes text,
                struct manifest_system_problem_list_result *result)
{
    enum { PER_BYTE = 16, BASE = 1 << 16 }; /* records are larger than their text */
    uint32_t body = (PER_BYTE * text.size + BASE) & ~7u;
    uint32_t capacity = (1 + BODY_SCRATCH_FACTOR) * body;
    struct weft_client client = { .slot = slot, .buffer = pages_take(capacity), .capacity = capacity };
    struct weft_event event;
    struct body_reader reader;
    if (client.buffer == NULL)
        return false;
    int64_t id = manifest_read_send(&client, text, WEFT_WANT_ANSWER);
    if (id <= 0 || weft_wait(&id, 1, &event, client.buffer, body,
                             (int64_t)(silo_now() + patience_ns)) != WEFT_EVENT_ANSWER)
        return false;
    body_reader_init(&reader, &event, client.buffer);
    body_reader_scratch(&reader, client.buffer + body, capacity - body);
    return event.status == WEFT_OK && manifest_read_result_decode(&reader, result);
}

/* What comes after finds its memory free. */
static void end_reader(uint64_t silo, int32_t process)
{
    static _Alignas(8) uint8_t buffer[1 << 15];
    struct weft_event event;
    int64_t ended = silo_await_end(process);
    silo_destroy(silo);
    if (ended > 0)
        weft_wait(&ended, 1, &event, buffer, sizeof(buffer), -1);
    silo_close(process);
}

static bool ask_reader(struct weft_bytes text, struct manifest_system_problem_list_result *result)
{
    uint64_t silo;
    int32_t process;
    if (!start_reader(&silo, &process))
        return false;
    int32_t slot = slot_of(process);
    bool is_answered = ask(slot, text, result);
    silo_close(slot);
    end_reader(silo, process);
    if (!is_answered)
        say(LOG_LEVEL_ERROR, WEFT_BYTES(log_name), "the program that reads it gives no answer");
    return is_answered;
}

/* ---- Telling --------------------------------------------------------------------------------- */

static uint32_t append(uint8_t *line, uint32_t size, uint32_t capacity, struct weft_bytes text)
{
    uint32_t room = capacity - size;
    uint32_t count = text.size < room ? text.size : room;
    memcpy(line + size, text.data, count);
    return size + count;
}

static uint32_t append_number(uint8_t *line, uint32_t size, uint32_t capacity, uint32_t number)
{
    uint8_t digits[10];
    uint32_t at = sizeof(digits);
    do {
        digits[--at] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    size = append(line, size, capacity, WEFT_BYTES(":"));
    return append(line, size, capacity, (struct weft_bytes){ digits + at, sizeof(digits) - at });
}

/* NAME:LINE:COLUMN: TEXT. */
void plan_tell(const struct manifest_problem *problem)
{
    enum { PLACE_MAX = 300, TEXT_MAX = 300 };
    struct weft_bytes name = name_of_manifest();
    uint8_t place[PLACE_MAX];
    char text[TEXT_MAX];
    uint32_t size = append(place, 0, PLACE_MAX - 24, name);
    size = append_number(place, size, PLACE_MAX, problem->line);
    size = append_number(place, size, PLACE_MAX, problem->column);
    text[append((uint8_t *)text, 0, TEXT_MAX - 1, problem->text)] = 0;
    say(LOG_LEVEL_ERROR, (struct weft_bytes){ place, size }, text);
}

const struct manifest_system *plan_read(void)
{
    static struct manifest_system_problem_list_result result;
    struct weft_bytes name = name_of_manifest(), text, kept;
    if (!bundle_read(name, &text)) {
        say(LOG_LEVEL_ERROR, name, "there is no such manifest in the boot bundle");
        return rescue();
    }
    uint8_t *copy = pages_take(text.size + 1);
    if (copy == NULL)
        return rescue();
    memcpy(copy, text.data, text.size);
    kept = (struct weft_bytes){ copy, text.size };
    if (!ask_reader(kept, &result))
        return rescue();
    for (uint32_t i = 0; result.failed && i < result.error.count; i++)
        plan_tell(&result.error.data[i]);
    for (uint32_t i = 0; !result.failed && i < result.value.remarks.count; i++)
        plan_tell(&result.value.remarks.data[i]);
    return result.failed ? rescue() : &result.value;
}
