#include "programs/tool/message/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/interface.h"
#include "lib/start.h"
#include "programs/tool/shared/definitions.h"
#include "programs/tool/shared/walk.h"

enum { ROWS_MAX = 1024 };

static struct row *rows[ROWS_MAX];
static uint32_t row_count;

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "message: %s: %s\n", what, why);
    return EXIT_FAILED;
}

static bool is_by_sender(const char *name)
{
    static const char *const names[] = { "system", "statistics", "power", "terminal" };
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static uint64_t id_of(const struct interface_hash *hash)
{
    uint64_t id;
    memcpy(&id, interface_bytes(hash).data, sizeof(id));
    return id;
}

/* ---- Tracing ---- */

static enum weft_status trace(uint64_t silo, const struct interface_hash *hash, const char *tag,
                              struct system_any_error_result *result)
{
    const struct weft_bytes text = { (const uint8_t *)tag, (uint32_t)strlen(tag) };
    return system_trace(system_client(), silo, interface_bytes(hash), text, result);
}

static int add(uint64_t silo, const struct interface_hash *hash, const char *name, int32_t below)
{
    const struct definition *definition = definition_of(id_of(hash));
    struct row *row = row_count == ROWS_MAX ? NULL : calloc(1, sizeof(*row));
    if (row == NULL)
        return tell_error(name, SYSTEM_ERROR_NO_MEMORY);
    *row = (struct row){ .silo = silo, .interface = id_of(hash), .below = below };
    snprintf(row->name, sizeof(row->name), "%s", name);
    if (definition != NULL)
        row->is_known = wire_parse(definition->text, &row->definition);
    rows[row_count++] = row;
    return 0;
}

static int fail_at(uint64_t silo)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRIu64, silo);
    return fail(text, "there is no such silo below this program's own, and only these are traced; "
                      "`message run PROGRAM` runs a program in one");
}

static int trace_one(uint64_t silo, const struct interface_hash *hash, const char *name,
                     const char *tag)
{
    struct system_any_error_result result = { .failed = true };
    enum weft_status status = trace(silo, hash, tag, &result);
    if (status != WEFT_OK)
        return tell_status(name, status);
    if (!result.failed)
        return add(silo, hash, name, result.value);
    if (result.error == SYSTEM_ERROR_EXISTS)
        return fail(name, "somebody else traces it");
    return result.error == SYSTEM_ERROR_NOT_FOUND ? fail_at(silo) : tell_error(name, result.error);
}

/* ---- Silos ---- */

/* Those that are known stay until the next look. */
static struct silo_places seen;

static bool look(void)
{
    return walk_places(&seen) == WEFT_OK;
}

static uint64_t parent_of(uint64_t silo)
{
    for (uint32_t i = 0; i < seen.count; i++)
        if (seen.data[i].silo == silo)
            return seen.data[i].parent;
    return 0;
}

static uint64_t own_silo(void)
{
    const struct system_start_record *record = start_record();
    return record == NULL ? 0 : record->silo;
}

static int trace_below(const struct interface_hash *hash, const char *name, const char *tag)
{
    uint64_t own = own_silo();
    int failed = 0;
    if (!look())
        return tell_status(name, WEFT_GONE);
    for (uint32_t i = 0; i < seen.count && failed == 0; i++)
        if (seen.data[i].parent == own && seen.data[i].silo != own)
            failed = trace_one(seen.data[i].silo, hash, name, tag);
    return failed == 0 && row_count == 0
               ? fail(name, "there is no silo below this program's own, whose messages it might see: "
                            "`message run PROGRAM` runs a program in one")
               : failed;
}

/* ---- The two ways ---- */

int rows_trace(uint64_t silo, const char *name, const char *tag)
{
    const struct definition *definition = definition_named(name);
    if (definition == NULL && (strlen(name) != 64 || strspn(name, "0123456789abcdef") != 64))
        return fail(name, "neither the name of an interface of the system nor a hash; `interface "
                          "list` shows names");
    if (is_by_sender(name))
        return fail(name, "it is answered by who asks, and that would be this program");
    const struct interface_hash hash = interface_hash(definition == NULL ? name : definition->hash);
    return silo == 0 ? trace_below(&hash, name, tag) : trace_one(silo, &hash, name, tag);
}

int rows_trace_all(uint64_t silo)
{
    struct system_any_error_result result = { .failed = true };
    int failed = 0;
    for (uint32_t i = 0; i < definition_count && failed == 0; i++) {
        const struct interface_hash hash = interface_hash(definitions[i].hash);
        const char *name = interface_name(id_of(&hash));
        if (is_by_sender(name))
            continue;
        enum weft_status status = trace(silo, &hash, "", &result);
        if (status != WEFT_OK)
            return tell_status("message", status);
        if (!result.failed)
            failed = add(silo, &hash, name, result.value);
    }
    return failed == 0 && row_count == 0 ? fail_at(silo) : failed;
}

bool rows_are_several(void)
{
    return row_count > 1 && rows[0]->interface != rows[row_count - 1]->interface;
}

void rows_tell(void)
{
    fprintf(stderr, "message: traced");
    for (uint32_t i = 0; i < row_count; i++) {
        if (i == 0 || rows[i]->silo != rows[i - 1]->silo)
            fprintf(stderr, "%s silo %" PRIu64 ":", i == 0 ? "" : ";", rows[i]->silo);
        fprintf(stderr, " %s", rows[i]->name);
    }
    fputs("\n", stderr);
}

static const struct row *find(uint64_t silo, uint64_t interface)
{
    for (uint32_t i = 0; i < row_count; i++)
        if (rows[i]->interface == interface && rows[i]->silo == silo)
            return rows[i];
    return NULL;
}

/* The silo's own row, or the nearest above: a tag's row is told by the same interface. */
static const struct row *search(uint64_t silo, uint64_t interface)
{
    const struct row *row = NULL;
    for (; silo != 0 && row == NULL; silo = parent_of(silo))
        row = find(silo, interface);
    return row;
}

const struct row *row_of(const struct weft_event *event)
{
    const struct row *row = row_count == 1 ? rows[0] : search(event->sender_silo, event->interface);
    return row == NULL && look() ? search(event->sender_silo, event->interface) : row;
}
