/* A device that stopped in the midst of a transfer may go on with it as soon as the next driver
 * allows transfers. So memory that it was told of is given to nobody else, unless it was reset: it
 * stays with the device, for the next who shares as much. */
#include "platform/bare/device_claim.h"

#include "platform/bare/space.h"

struct mapping {
    struct list_link link;
    u64 at;
    u64 physical;
    u64 size;
    bool is_shared; /* memory of ours that the device reaches */
};

i32 device_claim_start(struct device_claim *claim, struct device *device, u64 owner)
{
    if (!device_claim(device, owner))
        return DEVICE_ERROR_BUSY;
    *claim = (struct device_claim){ .device = device };
    list_init(&claim->mappings);
    return DEVICE_OK;
}

static void give_memory(u64 physical, u64 size)
{
    for (u64 done = 0; done < size; done += PAGE_BYTES)
        pages_give(physical + done, 0);
}

static struct mapping *pop(struct list *list)
{
    struct list_link *link = list_pop_front(list);
    return link == NULL ? NULL : BASE_CONTAINER_OF(link, struct mapping, link);
}

static void forget_memory(struct device *device)
{
    struct mapping *mapping;
    while ((mapping = pop(&device->memory)) != NULL) {
        give_memory(mapping->physical, mapping->size);
        machine_free(mapping, sizeof(*mapping));
    }
    device->memory_bytes = 0;
}

void device_claim_end(struct device_claim *claim)
{
    struct mapping *mapping;
    device_stop(claim->device);
    while ((mapping = pop(&claim->mappings)) != NULL) {
        space_unmap_device(mapping->at, mapping->physical, mapping->size);
        if (mapping->is_shared)
            list_push_back(&claim->device->memory, &mapping->link);
        else
            machine_free(mapping, sizeof(*mapping));
    }
    if (device_reset(claim->device))
        forget_memory(claim->device);
    device_release(claim->device);
}

/* ---- Registers ---- */

static bool is_kept(const struct device *device, const struct device_place *place, u64 size)
{
    for (u32 i = 0; i < device->kept_count; i++) {
        const struct device_kept *kept = &device->kept[i];
        if (kept->region == place->region && place->offset < kept->end &&
            kept->start < place->offset + size)
            return true;
    }
    return false;
}

/* The region that `size` bytes at the place lie in; NULL: none, or not all. */
static const struct device_region *region_of(const struct device *device,
                                             const struct device_place *place, u64 size)
{
    if (place->region >= device->region_count)
        return NULL;
    const struct device_region *region = &device->regions[place->region];
    bool inside = size <= region->size && place->offset <= region->size - size;
    return region->kind != DEVICE_REGION_KIND_NONE && inside ? region : NULL;
}

static bool is_width(u32 width, u32 width_max)
{
    return width != 0 && (width & (width - 1)) == 0 && width <= width_max;
}

static const struct device_region *register_of(const struct device *device,
                                               const struct device_place *place, u64 bytes)
{
    const struct device_region *region = region_of(device, place, place->width);
    if (region == NULL || is_kept(device, place, place->width))
        return NULL;
    u32 width_max = region->kind == DEVICE_REGION_KIND_PORTS ? sizeof(u32) : sizeof(u64);
    bool valid = is_width(place->width, width_max) && place->offset % place->width == 0 &&
                 bytes % place->width == 0 && bytes <= DEVICE_QUEUE_BYTES_MAX;
    return valid ? region : NULL;
}

static void enter(struct device *device)
{
    if (device->operations->enter != NULL)
        device->operations->enter(device);
}

static void leave(struct device *device)
{
    if (device->operations->leave != NULL)
        device->operations->leave(device);
}

static u64 read_memory(volatile const void *at, u32 width)
{
    switch (width) {
    case sizeof(u8):
        return *(volatile const u8 *)at;
    case sizeof(u16):
        return *(volatile const u16 *)at;
    case sizeof(u32):
        return *(volatile const u32 *)at;
    default:
        return *(volatile const u64 *)at;
    }
}

static void write_memory(volatile void *at, u32 width, u64 value)
{
    switch (width) {
    case sizeof(u8):
        *(volatile u8 *)at = (u8)value;
        break;
    case sizeof(u16):
        *(volatile u16 *)at = (u16)value;
        break;
    case sizeof(u32):
        *(volatile u32 *)at = (u32)value;
        break;
    default:
        *(volatile u64 *)at = value;
    }
}

i32 device_claim_read(const struct device_claim *claim, const struct device_place *place, u8 *data,
                      u64 bytes)
{
    const struct device_region *region = register_of(claim->device, place, bytes);
    volatile void *at = NULL;
    if (region == NULL)
        return DEVICE_ERROR_INVALID;
    bool is_memory = region->kind == DEVICE_REGION_KIND_MEMORY;
    if (is_memory)
        at = device_registers(region->address + place->offset, place->width);
    if (is_memory && at == NULL)
        return DEVICE_ERROR_NO_MEMORY;
    u16 port = (u16)(region->address + place->offset);
    enter(claim->device);
    for (u64 done = 0; done < bytes; done += place->width) {
        u64 value =
            is_memory ? read_memory(at, place->width) : device_port_read(port, place->width);
        __builtin_memcpy(data + done, &value, place->width);
    }
    leave(claim->device);
    return DEVICE_OK;
}

i32 device_claim_write(const struct device_claim *claim, const struct device_place *place,
                       const u8 *data, u64 bytes)
{
    const struct device_region *region = register_of(claim->device, place, bytes);
    volatile void *at = NULL;
    if (region == NULL)
        return DEVICE_ERROR_INVALID;
    bool is_memory = region->kind == DEVICE_REGION_KIND_MEMORY;
    if (is_memory)
        at = device_registers(region->address + place->offset, place->width);
    if (is_memory && at == NULL)
        return DEVICE_ERROR_NO_MEMORY;
    u16 port = (u16)(region->address + place->offset);
    enter(claim->device);
    for (u64 done = 0; done < bytes; done += place->width) {
        u64 value = 0;
        __builtin_memcpy(&value, data + done, place->width);
        if (is_memory)
            write_memory(at, place->width, value);
        else
            device_port_write(port, place->width, (u32)value);
    }
    leave(claim->device);
    return DEVICE_OK;
}

/* ---- Configuration ---- */

static i32 check_configuration(const struct device *device, u32 offset, u32 width)
{
    if (device->configuration_bytes == 0)
        return DEVICE_ERROR_UNSUPPORTED;
    bool valid =
        is_width(width, sizeof(u32)) && offset % width == 0 && offset < device->configuration_bytes;
    return valid ? DEVICE_OK : (i32)DEVICE_ERROR_INVALID;
}

i32 device_claim_read_configuration(const struct device_claim *claim, u32 offset, u32 width,
                                    u32 *value)
{
    struct device *device = claim->device;
    i32 error = check_configuration(device, offset, width);
    if (error == DEVICE_OK)
        *value = device->operations->read_configuration(device, offset, width);
    return error;
}

i32 device_claim_write_configuration(const struct device_claim *claim, u32 offset, u32 width,
                                     u32 value)
{
    struct device *device = claim->device;
    i32 error = check_configuration(device, offset, width);
    if (error == DEVICE_OK &&
        !device->operations->write_configuration(device, offset, width, value))
        error = DEVICE_ERROR_UNSUPPORTED;
    return error;
}

/* ---- Mappings ---- */

static bool are_pages(u64 a, u64 b, u64 c)
{
    return ((a | b | c) & (PAGE_BYTES - 1)) == 0;
}

/* Room for one more, before there is one. */
static bool take_room(struct device_claim *claim)
{
    spin_take(&claim->lock);
    bool room = claim->mapping_count < DEVICE_MAPPINGS_MAX;
    claim->mapping_count += room ? 1 : 0;
    spin_give(&claim->lock);
    return room;
}

static void give_room(struct device_claim *claim)
{
    spin_take(&claim->lock);
    claim->mapping_count--;
    spin_give(&claim->lock);
}

static i32 put(struct device_claim *claim, struct mapping *mapping, enum space_caching caching)
{
    if (!take_room(claim))
        return DEVICE_ERROR_LIMIT;
    if (!space_map_device(mapping->at, mapping->physical, mapping->size, caching)) {
        give_room(claim);
        return DEVICE_ERROR_NO_MEMORY;
    }
    spin_take(&claim->lock);
    list_push_back(&claim->mappings, &mapping->link);
    spin_give(&claim->lock);
    return DEVICE_OK;
}

i32 device_claim_map(struct device_claim *claim, const struct device_place *from, u64 at, u64 size)
{
    const struct device_region *region = region_of(claim->device, from, size);
    if (region == NULL || !are_pages(at, size, from->offset) || size == 0 ||
        is_kept(claim->device, from, size))
        return DEVICE_ERROR_INVALID;
    if (region->kind != DEVICE_REGION_KIND_MEMORY || region->address % PAGE_BYTES != 0)
        return DEVICE_ERROR_UNSUPPORTED;
    if (size > DEVICE_MAP_BYTES_MAX)
        return DEVICE_ERROR_LIMIT;
    struct mapping *mapping = machine_allocate(sizeof(*mapping));
    if (mapping == NULL)
        return DEVICE_ERROR_NO_MEMORY;
    *mapping =
        (struct mapping){ .at = at, .physical = region->address + from->offset, .size = size };
    i32 error = put(claim, mapping, region->prefetchable ? SPACE_COMBINED : SPACE_UNCACHED);
    if (error != DEVICE_OK)
        machine_free(mapping, sizeof(*mapping));
    return error;
}

/* ---- Memory ---- */

static u32 order_of(u64 size)
{
    u32 order = 0;
    while ((u64)PAGE_BYTES << order < size)
        order++;
    return order;
}

/* A block is larger than what was asked for by up to a half: that goes back. */
static u64 take_pages(u64 size)
{
    u32 order = order_of(size);
    u64 physical = pages_take_low(order);
    if (physical != 0)
        give_memory(physical + size, ((u64)PAGE_BYTES << order) - size);
    return physical;
}

/* With the lock: what the device has kept of that size; NULL: nothing. */
static struct mapping *take_kept(struct device *device, u64 size)
{
    struct list_link *link = list_first(&device->memory);
    for (; link != NULL; link = list_next(&device->memory, link)) {
        struct mapping *kept = BASE_CONTAINER_OF(link, struct mapping, link);
        if (kept->size != size)
            continue;
        list_remove(&kept->link);
        return kept;
    }
    return NULL;
}

static void give_budget(struct device_claim *claim, u64 size)
{
    spin_take(&claim->lock);
    claim->device->memory_bytes -= size;
    spin_give(&claim->lock);
}

static i32 take_new(struct device_claim *claim, u64 size, struct mapping **mapping)
{
    struct mapping *created = machine_allocate(sizeof(*created));
    u64 physical = created == NULL ? 0 : take_pages(size);
    if (physical == 0) {
        machine_free(created, sizeof(*created));
        give_budget(claim, size);
        return DEVICE_ERROR_NO_MEMORY;
    }
    *created = (struct mapping){ .physical = physical, .size = size, .is_shared = true };
    *mapping = created;
    return DEVICE_OK;
}

static i32 take_memory(struct device_claim *claim, u64 size, struct mapping **mapping)
{
    struct device *device = claim->device;
    spin_take(&claim->lock);
    *mapping = take_kept(device, size);
    bool room = *mapping == NULL && size <= DEVICE_SHARED_BYTES_MAX - device->memory_bytes;
    device->memory_bytes += room ? size : 0;
    spin_give(&claim->lock);
    if (*mapping != NULL)
        return DEVICE_OK;
    return room ? take_new(claim, size, mapping) : (i32)DEVICE_ERROR_LIMIT;
}

i32 device_claim_share(struct device_claim *claim, u64 at, u64 size, u64 *bus_address)
{
    struct device *device = claim->device;
    struct mapping *mapping;
    if (!are_pages(at, size, 0) || size == 0)
        return DEVICE_ERROR_INVALID;
    if (device->operations->allow_transfers == NULL)
        return DEVICE_ERROR_UNSUPPORTED;
    if (size > DEVICE_SHARED_BYTES_MAX)
        return DEVICE_ERROR_LIMIT;
    i32 error = take_memory(claim, size, &mapping);
    if (error != DEVICE_OK)
        return error;
    mapping->at = at;
    __builtin_memset(physical_at(mapping->physical), 0, size);
    *bus_address = mapping->physical;
    error = put(claim, mapping, SPACE_CACHED);
    if (error == DEVICE_OK) {
        device->operations->allow_transfers(device);
        return DEVICE_OK;
    }
    spin_take(&claim->lock);
    list_push_back(&device->memory, &mapping->link);
    spin_give(&claim->lock);
    return error;
}
