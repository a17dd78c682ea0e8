#include "programs/tool/shared/definitions.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_AT = sizeof("weft-interface 1\ninterface ") - 1 };

uint64_t definition_id(const struct definition *definition)
{
    uint64_t id = 0;
    for (int i = 7; i >= 0; i--) {
        char digits[3] = { definition->hash[2 * i], definition->hash[2 * i + 1], '\0' };
        id = id << 8 | strtoul(digits, NULL, 16);
    }
    return id;
}

const struct definition *definition_of(uint64_t id)
{
    for (uint32_t i = 0; i < definition_count; i++)
        if (definition_id(&definitions[i]) == id)
            return &definitions[i];
    return NULL;
}

static const char *name_of(const struct definition *definition, size_t *size)
{
    const char *name = definition->text + NAME_AT;
    *size = strcspn(name, "\n");
    return name;
}

const struct definition *definition_named(const char *name)
{
    for (uint32_t i = 0; i < definition_count; i++) {
        size_t size;
        const char *own = name_of(&definitions[i], &size);
        if (strlen(name) == size && memcmp(name, own, size) == 0)
            return &definitions[i];
    }
    return NULL;
}

const char *interface_name(uint64_t id)
{
    static char names[4][72];
    static uint32_t turn;
    char *name = names[turn++ % 4];
    const struct definition *definition = definition_of(id);
    if (definition == NULL) {
        snprintf(name, sizeof(names[0]), id == 0 ? "(others)" : "%016" PRIx64,
                 __builtin_bswap64(id));
        return name;
    }
    size_t size;
    const char *own = name_of(definition, &size);
    snprintf(name, sizeof(names[0]), "%.*s", (int)size, own);
    return name;
}
