/* What can be done with a function. All that decides about it beyond its own registers is done here
 * and nowhere else: decoding, transfers, interrupts. */
#include "machine/machine.h"
#include "platform/bare/pci.h"

enum {
    VENDOR = 0x00,
    COMMAND = 0x04,
    STATUS = 0x06,
    COMMAND_PORTS = 1 << 0,
    COMMAND_MEMORY = 1 << 1,
    COMMAND_TRANSFERS = 1 << 2,
    COMMAND_NO_LINE = 1 << 10,
    STATUS_LINE = 1 << 3,
    /* Of MSI, from the capability on. */
    MESSAGE_CONTROL = 2,
    MESSAGE_ADDRESS = 4,
    MESSAGE_ON = 1 << 0,
    MESSAGE_COUNT = 7 << 4,
    MESSAGE_WIDE = 1 << 7,
    MESSAGE_MASKS = 1 << 8,
    /* Of MSI-X. */
    TABLE_CONTROL = 2,
    TABLE_ON = 1 << 15,
    TABLE_HELD = 1 << 14,
    TABLE_WORDS = 4, /* address, its upper half, data, control */
    TABLE_ENTRY_CONTROL = 3,
    TABLE_ENTRY_HELD = 1,
    EXPRESS_FEATURES = 4, /* of PCI Express */
    EXPRESS_CAN_RESET = 1 << 28,
    EXPRESS_CONTROL = 8,
    EXPRESS_RESET = 1 << 15,
    RESET_NS = 100000000, /* that a reset may take */
    SHARERS_MAX = 32,     /* of one line */
};

/* Functions whose interrupt is open, by line; handlers of interrupts read it. */
static struct pci_function *sharers[PCI_LINES][SHARERS_MAX];
static u32 sharer_ends[PCI_LINES]; /* behind the last that there ever was */

static struct pci_function *function_of(const struct device *device)
{
    return device->place;
}

/* Nobody else writes it, so it is never read to be changed: a reading takes a microsecond and more. */
static void change_command(struct pci_function *function, u16 clear, u16 set)
{
    pci_renew(function->address, COMMAND, &function->command, clear, set);
}

/* ---- Interrupts as messages ---- */

static u32 message_control(const struct pci_function *function)
{
    return pci_read(function->address, function->message_offset + MESSAGE_CONTROL, 2);
}

/* Of the forms with masks, the second has a wider address. */
static u32 message_mask(const struct pci_function *function, u32 control)
{
    return function->message_offset + ((control & MESSAGE_WIDE) != 0 ? 0x10u : 0x0Cu);
}

static void hold_message(const struct pci_function *function, bool held)
{
    u32 control = message_control(function);
    if ((control & MESSAGE_MASKS) != 0)
        pci_write(function->address, message_mask(function, control), 4, held);
    else
        pci_change(function->address, function->message_offset + MESSAGE_CONTROL, MESSAGE_ON,
                   held ? 0 : MESSAGE_ON);
}

static void open_message(const struct pci_function *function, const struct pci_message *message)
{
    struct pci_address at = function->address;
    u32 address = function->message_offset + MESSAGE_ADDRESS;
    u32 control = message_control(function);
    bool is_wide = (control & MESSAGE_WIDE) != 0;
    pci_write(at, address, 4, (u32)message->address);
    if (is_wide)
        pci_write(at, address + 4, 4, (u32)(message->address >> 32));
    pci_write(at, address + (is_wide ? 8 : 4), 2, message->data);
    hold_message(function, true);
    if ((control & MESSAGE_MASKS) != 0)
        pci_change(at, function->message_offset + MESSAGE_CONTROL, MESSAGE_COUNT, MESSAGE_ON);
}

static void close_message(const struct pci_function *function)
{
    pci_change(function->address, function->message_offset + MESSAGE_CONTROL, MESSAGE_ON, 0);
}

static void hold_entry(const struct pci_function *function, u32 index, bool held)
{
    function->table[index * TABLE_WORDS + TABLE_ENTRY_CONTROL] = held ? TABLE_ENTRY_HELD : 0;
}

static void open_entry(const struct pci_function *function, u32 index,
                       const struct pci_message *message)
{
    volatile u32 *entry = function->table + index * TABLE_WORDS;
    hold_entry(function, index, true);
    entry[0] = (u32)message->address;
    entry[1] = (u32)(message->address >> 32);
    entry[2] = message->data;
}

static void start_table(const struct pci_function *function)
{
    u32 control = function->table_offset + TABLE_CONTROL;
    pci_change(function->address, control, 0, TABLE_ON | TABLE_HELD);
    for (u32 i = 0; i < function->table_count; i++)
        hold_entry(function, i, true);
    pci_change(function->address, control, TABLE_HELD, 0);
}

static void stop_messages(const struct pci_function *function)
{
    if (function->table_offset != 0)
        pci_change(function->address, function->table_offset + TABLE_CONTROL, TABLE_ON, 0);
    if (function->message_offset != 0)
        close_message(function);
}

/* ---- Interrupts by a line ---- */

static void hold_own_line(struct pci_function *function, bool held)
{
    change_command(function, COMMAND_NO_LINE, held ? COMMAND_NO_LINE : 0);
}

static bool open_own_line(struct pci_function *function)
{
    struct pci_function **places = sharers[function->line];
    u32 i = 0;
    while (i < SHARERS_MAX && places[i] != NULL)
        i++;
    if (i == SHARERS_MAX || !pci_open_line(function->line))
        return false;
    __atomic_store_n(&places[i], function, __ATOMIC_RELEASE);
    if (i == sharer_ends[function->line])
        __atomic_store_n(&sharer_ends[function->line], i + 1, __ATOMIC_RELEASE);
    return true;
}

static void close_own_line(struct pci_function *function)
{
    hold_own_line(function, true);
    for (u32 i = 0; i < SHARERS_MAX; i++)
        if (sharers[function->line][i] == function)
            __atomic_store_n(&sharers[function->line][i], NULL, __ATOMIC_RELEASE);
    pci_close_line(function->line);
}

bool pci_line_came(u32 line)
{
    bool came = false;
    u32 end = __atomic_load_n(&sharer_ends[line], __ATOMIC_ACQUIRE);
    for (u32 i = 0; i < end; i++) {
        struct pci_function *function = __atomic_load_n(&sharers[line][i], __ATOMIC_ACQUIRE);
        if (function == NULL ||
            (__atomic_load_n(&function->command, __ATOMIC_ACQUIRE) & COMMAND_NO_LINE) != 0 ||
            (pci_read(function->address, STATUS, 2) & STATUS_LINE) == 0)
            continue;
        device_interrupt_came(&function->device, 0);
        came = true;
    }
    return came;
}

/* ---- Operations ---- */

static void allow_transfers(struct device *device)
{
    change_command(function_of(device), 0, COMMAND_TRANSFERS);
}

static bool open_any_message(struct device *device, u32 index)
{
    struct pci_function *function = function_of(device);
    struct pci_message message;
    if (!pci_take_message(device, index, &message))
        return false;
    function->places[index] = message.place;
    if (function->way == PCI_BY_TABLE)
        open_entry(function, index, &message);
    else
        open_message(function, &message);
    allow_transfers(device);
    return true;
}

static bool open(struct device *device, u32 index)
{
    struct pci_function *function = function_of(device);
    return function->way == PCI_BY_LINE ? open_own_line(function) : open_any_message(device, index);
}

static void close(struct device *device, u32 index)
{
    struct pci_function *function = function_of(device);
    if (function->way == PCI_BY_LINE) {
        close_own_line(function);
        return;
    }
    if (function->way == PCI_BY_TABLE)
        hold_entry(function, index, true);
    else
        close_message(function);
    pci_give_message(function->places[index]);
    function->places[index] = 0;
}

static void hold(struct device *device, u32 index, bool held)
{
    struct pci_function *function = function_of(device);
    if (function->way == PCI_BY_TABLE)
        hold_entry(function, index, held);
    else if (function->way == PCI_BY_MESSAGE)
        hold_message(function, held);
    else
        hold_own_line(function, held);
}

/* What it has sent already arrives before its answer to the last reading. */
static void released(struct device *device)
{
    struct pci_function *function = function_of(device);
    change_command(function, COMMAND_TRANSFERS, COMMAND_NO_LINE);
    stop_messages(function);
    (void)pci_read(function->address, VENDOR, 4);
}

/* Function-level reset: it forgets its registers too, which come back with the next claim. */
static u64 reset(struct device *device)
{
    struct pci_function *function = function_of(device);
    u32 control = function->express_offset + EXPRESS_CONTROL;
    if (!function->can_reset)
        return 0;
    for (u32 i = 0; i < PCI_SAVED_WORDS; i++)
        function->saved[i] = pci_read(function->address, 4 * i, 4);
    function->saved_control = (u16)pci_read(function->address, control, 2);
    pci_change(function->address, control, 0, EXPRESS_RESET);
    return machine_monotonic_ns() + RESET_NS;
}

/* Only what is not the device's own to know: where its regions are, and how it talks to its bridge.
 */
static void restore(struct pci_function *function)
{
    if (function->device.rests_until_ns == 0)
        return;
    for (u32 i = PCI_SAVED_WORDS; i > 0; i--)
        pci_write(function->address, 4 * (i - 1), 4, function->saved[i - 1]);
    pci_write(function->address, function->express_offset + EXPRESS_CONTROL, 2,
              function->saved_control);
}

static void claimed(struct device *device)
{
    struct pci_function *function = function_of(device);
    u16 decode = 0;
    restore(function);
    for (u32 i = 0; i < device->region_count; i++)
        if (device->regions[i].kind != DEVICE_REGION_KIND_NONE)
            decode |= device->regions[i].kind == DEVICE_REGION_KIND_PORTS ? COMMAND_PORTS
                                                                          : COMMAND_MEMORY;
    change_command(function, 0, decode);
    if (function->way == PCI_BY_TABLE)
        start_table(function);
}

static u32 read_configuration(struct device *device, u32 offset, u32 width)
{
    return pci_read(function_of(device)->address, offset, width);
}

static bool write_configuration(struct device *device, u32 offset, u32 width, u32 value)
{
    const struct pci_function *function = function_of(device);
    if (!pci_may_write(function, offset, width))
        return false;
    pci_write(function->address, offset, width, value);
    return true;
}

static const struct device_operations operations = {
    .claimed = claimed,
    .released = released,
    .reset = reset,
    .allow_transfers = allow_transfers,
    .open = open,
    .close = close,
    .hold = hold,
    .read_configuration = read_configuration,
    .write_configuration = write_configuration,
};

/* ---- How its interrupts come ---- */

/* Functions older than PCI 2.3 cannot say whose a line's interrupt is, nor hold it back. */
static bool can_hold_line(struct pci_function *function)
{
    hold_own_line(function, true);
    return function->line != 0 && (pci_read(function->address, COMMAND, 2) & COMMAND_NO_LINE) != 0;
}

static enum pci_way way_of(struct pci_function *function, bool only_lines)
{
    bool has_line = can_hold_line(function);
    if (only_lines || function->device.is_kernels)
        return has_line && !function->device.is_kernels ? PCI_BY_LINE : PCI_BY_NONE;
    if (function->table_count != 0)
        function->table = device_registers(function->table_address,
                                           (u64)function->table_count * TABLE_WORDS * sizeof(u32));
    if (function->table != NULL)
        return PCI_BY_TABLE;
    if (function->message_offset != 0)
        return PCI_BY_MESSAGE;
    return has_line ? PCI_BY_LINE : PCI_BY_NONE;
}

static u32 count_of(const struct pci_function *function)
{
    if (function->way == PCI_BY_TABLE)
        return (u32)u64_min(function->table_count, PCI_INTERRUPTS_MAX);
    return function->way == PCI_BY_NONE ? 0 : 1;
}

static bool keeps(const struct pci_function *function)
{
    return function->way != PCI_BY_MESSAGE || (message_control(function) & MESSAGE_MASKS) != 0;
}

bool pci_operate(struct pci_function *function, bool only_lines)
{
    struct device *device = &function->device;
    function->command = (u16)pci_read(function->address, COMMAND, 2);
    stop_messages(function);
    if (!device->is_kernels)
        change_command(function, COMMAND_TRANSFERS, 0);
    function->way = way_of(function, only_lines);
    function->can_reset =
        function->express_offset != 0 &&
        (pci_read(function->address, function->express_offset + EXPRESS_FEATURES, 4) &
         EXPRESS_CAN_RESET) != 0;
    u32 count = count_of(function);
    struct device_interrupt *interrupts =
        machine_allocate((count + 1) * sizeof(*interrupts)); /* for good */
    if (interrupts == NULL)
        return false;
    for (u32 i = 0; i < count; i++)
        interrupts[i] = (struct device_interrupt){ .keeps = keeps(function) };
    device->interrupts = interrupts;
    device->interrupt_count = count;
    device->operations = &operations;
    device->place = function;
    return true;
}
