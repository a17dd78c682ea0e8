#include "abi/body.h"

/* Bytes that tell `count` cases apart (Canonical ABI: discriminant_type). */
static uint32_t case_size(uint32_t count)
{
    return count <= 0x100 ? 1 : count <= 0x10000 ? 2 : 4;
}

/* Bytes that hold `count` flags (Canonical ABI: alignment_flags). */
static uint32_t flags_size(uint32_t count)
{
    return count <= 8 ? 1 : count <= 16 ? 2 : 4;
}

static uint32_t flags_mask(uint32_t count)
{
    return count >= 32 ? UINT32_MAX : (1u << count) - 1;
}

static bool is_scalar_value(uint32_t value)
{
    return value < 0xD800 || (value > 0xDFFF && value <= 0x10FFFF);
}

/* How many bytes the well-formed UTF-8 sequence at `text` takes (Unicode 15, table 3-7); 0 if it
 * is ill-formed. The second byte's range keeps out overlong forms, surrogates and what is beyond
 * U+10FFFF. */
static uint32_t sequence_size(const uint8_t *text, uint32_t size)
{
    uint8_t lead = text[0];
    if (lead < 0x80)
        return 1;
    uint32_t need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || size < need)
        return 0;
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (text[1] < low || text[1] > high)
        return 0;
    for (uint32_t i = 2; i < need; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return need;
}

bool body_is_utf8(struct weft_bytes text)
{
    uint32_t step = 0;
    for (uint32_t offset = 0; offset < text.size; offset += step) {
        step = sequence_size(text.data + offset, text.size - offset);
        if (step == 0)
            return false;
    }
    return true;
}

static bool is_utf8(struct weft_bytes text)
{
    for (uint32_t offset = 0; offset < text.size;) {
        uint32_t step = sequence_size(text.data + offset, text.size - offset);
        if (step == 0)
            return false;
        offset += step;
    }
    return true;
}

static uint64_t align_up(uint64_t value, uint32_t alignment)
{
    return (value + alignment - 1) & ~(uint64_t)(alignment - 1);
}

void body_writer_init(struct body_writer *writer, void *data, uint32_t capacity)
{
    *writer = (struct body_writer){ .data = data, .capacity = capacity };
}

void body_writer_fail(struct body_writer *writer, enum weft_status status)
{
    if (body_writer_ok(writer))
        writer->status = status;
}

/* The offset of `size` new bytes at the body's end, not yet written; padding before is zeroed. */
static uint32_t extend(struct body_writer *writer, uint64_t size, uint32_t alignment)
{
    uint64_t offset = align_up(writer->size, alignment);
    if (!body_writer_ok(writer) || size > writer->capacity || offset > writer->capacity - size) {
        body_writer_fail(writer, WEFT_TOO_LARGE);
        return 0;
    }
    if (offset != writer->size)
        __builtin_memset(writer->data + writer->size, 0, (size_t)(offset - writer->size));
    writer->size = (uint32_t)(offset + size);
    return (uint32_t)offset;
}

static uint32_t extend_zeroed(struct body_writer *writer, uint64_t size, uint32_t alignment)
{
    uint32_t offset = extend(writer, size, alignment);
    if (body_writer_ok(writer) && size != 0)
        __builtin_memset(writer->data + offset, 0, (size_t)size);
    return offset;
}

/* Copies the value's low `size` bytes: both ends are little endian. */
static void put(struct body_writer *writer, uint32_t at, const void *value, uint32_t size)
{
    if (!body_writer_ok(writer))
        return;
    if (size > writer->size || at > writer->size - size)
        body_writer_fail(writer, WEFT_INVALID);
    else
        __builtin_memcpy(writer->data + at, value, size);
}

uint32_t body_put_request(struct body_writer *writer, uint32_t function, uint32_t size,
                          uint32_t alignment)
{
    body_writer_init(writer, writer->data, writer->capacity);
    uint32_t start = extend(writer, sizeof(function), 1);
    body_put_u32(writer, start, function);
    return extend_zeroed(writer, size, alignment);
}

uint32_t body_put_answer(struct body_writer *writer, uint32_t size)
{
    body_writer_init(writer, writer->data, writer->capacity);
    return extend_zeroed(writer, size, 1);
}

void body_put_bool(struct body_writer *writer, uint32_t at, bool value)
{
    body_put_u8(writer, at, value);
}

void body_put_u8(struct body_writer *writer, uint32_t at, uint8_t value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_u16(struct body_writer *writer, uint32_t at, uint16_t value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_u32(struct body_writer *writer, uint32_t at, uint32_t value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_u64(struct body_writer *writer, uint32_t at, uint64_t value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_s8(struct body_writer *writer, uint32_t at, int8_t value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_s16(struct body_writer *writer, uint32_t at, int16_t value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_s32(struct body_writer *writer, uint32_t at, int32_t value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_s64(struct body_writer *writer, uint32_t at, int64_t value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_f32(struct body_writer *writer, uint32_t at, float value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_f64(struct body_writer *writer, uint32_t at, double value)
{
    put(writer, at, &value, sizeof(value));
}

void body_put_char(struct body_writer *writer, uint32_t at, uint32_t value)
{
    if (!is_scalar_value(value))
        body_writer_fail(writer, WEFT_INVALID);
    body_put_u32(writer, at, value);
}

struct body_list body_put_list(struct body_writer *writer, uint32_t at, uint32_t count,
                               uint32_t size, uint32_t alignment)
{
    if (count == 0)
        return (struct body_list){ 0 };
    uint32_t offset = extend_zeroed(writer, (uint64_t)count * size, alignment);
    body_put_u32(writer, at, offset);
    body_put_u32(writer, at + 4, count);
    return body_writer_ok(writer) ? (struct body_list){ offset, count } : (struct body_list){ 0 };
}

void body_put_bytes(struct body_writer *writer, uint32_t at, struct weft_bytes value)
{
    if (value.size == 0)
        return;
    uint32_t offset = extend(writer, value.size, 1);
    put(writer, offset, value.data, value.size);
    body_put_u32(writer, at, offset);
    body_put_u32(writer, at + 4, value.size);
}

void body_put_string(struct body_writer *writer, uint32_t at, struct weft_bytes value)
{
    if (!is_utf8(value))
        body_writer_fail(writer, WEFT_INVALID);
    body_put_bytes(writer, at, value);
}

static void put_gift(struct body_writer *writer, uint32_t at, int32_t slot, int32_t how)
{
    if (!body_writer_ok(writer))
        return;
    if (slot < 0 || slot >= WEFT_GIFT_COPY) {
        body_writer_fail(writer, WEFT_BAD_SLOT);
    } else if (writer->gift_count == WEFT_GIFTS_MAX) {
        body_writer_fail(writer, WEFT_LIMIT);
    } else {
        body_put_u32(writer, at, writer->gift_count);
        writer->gifts[writer->gift_count++] = slot + how;
    }
}

void body_put_own(struct body_writer *writer, uint32_t at, int32_t slot)
{
    put_gift(writer, at, slot, 0);
}

void body_put_borrow(struct body_writer *writer, uint32_t at, int32_t slot)
{
    put_gift(writer, at, slot, WEFT_GIFT_COPY);
}

void body_put_case(struct body_writer *writer, uint32_t at, uint32_t value, uint32_t count)
{
    if (value >= count)
        body_writer_fail(writer, WEFT_INVALID);
    put(writer, at, &value, case_size(count));
}

void body_put_flags(struct body_writer *writer, uint32_t at, uint32_t value, uint32_t count)
{
    if ((value & ~flags_mask(count)) != 0)
        body_writer_fail(writer, WEFT_INVALID);
    put(writer, at, &value, flags_size(count));
}

void body_reader_init(struct body_reader *reader, const struct weft_event *event, const void *data)
{
    *reader = (struct body_reader){
        .data = data,
        .size = event->size,
        .gifts = event->gifts,
        .gift_count = event->gift_count,
    };
}

void body_reader_scratch(struct body_reader *reader, void *scratch, size_t size)
{
    size_t skip = -(uintptr_t)scratch & 7;
    reader->scratch = NULL;
    reader->scratch_size = 0;
    if (size < 8 + skip)
        return;
    reader->scratch = (uint8_t *)scratch + skip;
    reader->scratch_size = (size - skip) & ~(size_t)7;
}

void body_reader_fail(struct body_reader *reader, enum weft_status status)
{
    if (body_reader_ok(reader))
        reader->status = status;
}

static bool is_inside(const struct body_reader *reader, uint32_t at, uint64_t size)
{
    return at <= reader->size && size <= reader->size - at;
}

static void get(struct body_reader *reader, uint32_t at, void *value, uint32_t size)
{
    if (body_reader_ok(reader) && is_inside(reader, at, size)) {
        __builtin_memcpy(value, reader->data + at, size);
    } else {
        body_reader_fail(reader, WEFT_INVALID);
        __builtin_memset(value, 0, size);
    }
}

/* Forgets what was read; lists may hold what `size`, of the part that is always there, leaves. */
static void begin(struct body_reader *reader, uint64_t size)
{
    bool valid = size <= reader->size && reader->gift_count <= WEFT_GIFTS_MAX;
    reader->lists_left = valid ? reader->size - (uint32_t)size : 0;
    reader->gifts_named = 0;
    reader->decoded = false;
    reader->status = valid ? WEFT_OK : WEFT_INVALID;
}

uint32_t body_get_function(struct body_reader *reader)
{
    begin(reader, sizeof(uint32_t));
    return body_get_u32(reader, 0);
}

uint32_t body_get_request(struct body_reader *reader, uint32_t function, uint32_t size,
                          uint32_t alignment)
{
    uint32_t start = (uint32_t)align_up(sizeof(function), alignment);
    begin(reader, size == 0 ? sizeof(function) : (uint64_t)start + size);
    if (body_get_u32(reader, 0) != function)
        body_reader_fail(reader, WEFT_INVALID);
    return start;
}

uint32_t body_get_answer(struct body_reader *reader, uint32_t size)
{
    begin(reader, size);
    return 0;
}

bool body_get_end(struct body_reader *reader)
{
    if (reader->gifts_named != flags_mask(reader->gift_count))
        body_reader_fail(reader, WEFT_INVALID);
    reader->decoded = body_reader_ok(reader);
    return reader->decoded;
}

bool body_get_bool(struct body_reader *reader, uint32_t at)
{
    return body_get_case(reader, at, 2) != 0;
}

uint8_t body_get_u8(struct body_reader *reader, uint32_t at)
{
    uint8_t value;
    get(reader, at, &value, sizeof(value));
    return value;
}

uint16_t body_get_u16(struct body_reader *reader, uint32_t at)
{
    uint16_t value;
    get(reader, at, &value, sizeof(value));
    return value;
}

uint32_t body_get_u32(struct body_reader *reader, uint32_t at)
{
    uint32_t value;
    get(reader, at, &value, sizeof(value));
    return value;
}

uint64_t body_get_u64(struct body_reader *reader, uint32_t at)
{
    uint64_t value;
    get(reader, at, &value, sizeof(value));
    return value;
}

int8_t body_get_s8(struct body_reader *reader, uint32_t at)
{
    return (int8_t)body_get_u8(reader, at);
}

int16_t body_get_s16(struct body_reader *reader, uint32_t at)
{
    return (int16_t)body_get_u16(reader, at);
}

int32_t body_get_s32(struct body_reader *reader, uint32_t at)
{
    return (int32_t)body_get_u32(reader, at);
}

int64_t body_get_s64(struct body_reader *reader, uint32_t at)
{
    return (int64_t)body_get_u64(reader, at);
}

float body_get_f32(struct body_reader *reader, uint32_t at)
{
    float value;
    get(reader, at, &value, sizeof(value));
    return value;
}

double body_get_f64(struct body_reader *reader, uint32_t at)
{
    double value;
    get(reader, at, &value, sizeof(value));
    return value;
}

uint32_t body_get_char(struct body_reader *reader, uint32_t at)
{
    uint32_t value = body_get_u32(reader, at);
    if (is_scalar_value(value))
        return value;
    body_reader_fail(reader, WEFT_INVALID);
    return 0;
}

uint32_t body_get_case(struct body_reader *reader, uint32_t at, uint32_t count)
{
    uint32_t value = 0;
    get(reader, at, &value, case_size(count));
    if (value < count)
        return value;
    body_reader_fail(reader, WEFT_INVALID);
    return 0;
}

uint32_t body_get_flags(struct body_reader *reader, uint32_t at, uint32_t count)
{
    uint32_t value = 0;
    get(reader, at, &value, flags_size(count));
    if ((value & ~flags_mask(count)) == 0)
        return value;
    body_reader_fail(reader, WEFT_INVALID);
    return 0;
}

int32_t body_get_own(struct body_reader *reader, uint32_t at)
{
    uint32_t index = body_get_u32(reader, at);
    if (!body_reader_ok(reader))
        return WEFT_NO_SLOT;
    if (index >= reader->gift_count || (reader->gifts_named >> index & 1) != 0) {
        body_reader_fail(reader, WEFT_INVALID);
        return WEFT_NO_SLOT;
    }
    reader->gifts_named |= 1u << index;
    return reader->gifts[index];
}

int32_t body_get_borrow(struct body_reader *reader, uint32_t at)
{
    return body_get_own(reader, at);
}

struct body_list body_get_list(struct body_reader *reader, uint32_t at, uint32_t size,
                               uint32_t alignment)
{
    uint32_t offset = body_get_u32(reader, at);
    uint32_t count = body_get_u32(reader, at + 4);
    uint64_t bytes = (uint64_t)count * size;
    if ((offset & (alignment - 1)) != 0 || !is_inside(reader, offset, bytes) ||
        bytes > reader->lists_left)
        body_reader_fail(reader, WEFT_INVALID);
    if (!body_reader_ok(reader))
        return (struct body_list){ 0 };
    reader->lists_left -= (uint32_t)bytes;
    return (struct body_list){ offset, count };
}

void *body_carve(struct body_reader *reader, uint32_t count, size_t item_size)
{
    if (!body_reader_ok(reader) || count == 0)
        return NULL;
    if (item_size > reader->scratch_size / count) {
        body_reader_fail(reader, WEFT_NO_MEMORY);
        return NULL;
    }
    size_t step = (size_t)align_up(count * item_size, 8);
    void *items = reader->scratch;
    reader->scratch += step;
    reader->scratch_size -= step;
    return items;
}

struct weft_bytes body_get_bytes(struct body_reader *reader, uint32_t at)
{
    struct body_list list = body_get_list(reader, at, 1, 1);
    return (struct weft_bytes){ list.count == 0 ? NULL : reader->data + list.offset, list.count };
}

struct weft_bytes body_get_string(struct body_reader *reader, uint32_t at)
{
    struct weft_bytes text = body_get_bytes(reader, at);
    if (is_utf8(text))
        return text;
    body_reader_fail(reader, WEFT_INVALID);
    return (struct weft_bytes){ 0 };
}
