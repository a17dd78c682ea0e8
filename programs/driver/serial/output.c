#include "programs/driver/serial/output.h"

bool output_put(struct output *output, int64_t id, struct weft_bytes bytes)
{
    if (bytes.size > OUTPUT_BYTES - output_size(output) || output->write_count == OUTPUT_WRITES_MAX)
        return false;
    for (uint32_t i = 0; i < bytes.size; i++)
        output->ring[(output->put + i) % OUTPUT_BYTES] = bytes.data[i];
    output->put += bytes.size;
    if (id != 0)
        output->writes[output->write_count++] =
            (struct output_write){ .id = id, .size = bytes.size, .end = output->put };
    return true;
}

uint32_t output_take(struct output *output, uint8_t *bytes, uint32_t count)
{
    uint32_t size = output_size(output);
    if (count > size)
        count = size;
    for (uint32_t i = 0; i < count; i++)
        bytes[i] = output->ring[(output->taken + i) % OUTPUT_BYTES];
    output->taken += count;
    return count;
}

static void remove_write(struct output *output, uint32_t index)
{
    for (output->write_count--; index < output->write_count; index++)
        output->writes[index] = output->writes[index + 1];
}

bool output_next_done(struct output *output, struct output_write *write)
{
    if (output->write_count == 0 || output->writes[0].end > output->taken + OUTPUT_LOW_BYTES)
        return false;
    *write = output->writes[0];
    remove_write(output, 0);
    return true;
}

void output_forget(struct output *output, int64_t id)
{
    for (uint32_t i = 0; i < output->write_count; i++)
        if (output->writes[i].id == id) {
            remove_write(output, i);
            return;
        }
}
