/* Bodies of messages as text: any bytes, by any definition of the system's; the first byte says
 * which interface, the second which function the rest answers. */
#include "programs/tool/shared/wire.h"
#include "programs/tool/shared/definitions.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_interface interfaces[256];

static const struct wire_interface *interface_of(uint8_t number)
{
    struct wire_interface *interface = &interfaces[number % definition_count];
    if (interface->functions == NULL &&
        !wire_parse(definitions[number % definition_count].text, interface))
        abort();
    return interface;
}

static void check(const struct wire_text *text)
{
    if (text->size > WIRE_TEXT_MAX || strlen(text->bytes) != text->size)
        abort();
    for (uint32_t i = 0; i < text->size; i++)
        if (text->bytes[i] < ' ' || text->bytes[i] == 0x7F)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_text text;
    if (size < 2)
        return 0;
    const struct wire_interface *interface = interface_of(data[0]);
    const struct wire_function *function = interface->functions;
    for (uint8_t i = data[1]; i > 0 && function->next != NULL; i--)
        function = function->next;
    wire_request(interface, data + 2, (uint32_t)size - 2, &text);
    check(&text);
    wire_answer(function, data + 2, (uint32_t)size - 2, &text);
    check(&text);
    return 0;
}
