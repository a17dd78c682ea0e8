#include "platform/pc/lines.h"

#include "arch/x86_64/privileged/io_apic.h"
#include "arch/x86_64/privileged/registers.h"
#include "platform/bare/cpu.h"
#include "platform/bare/pci.h"
#include "platform/bare/spin.h"
#include "platform/pc/physical.h"

enum { MESSAGES = VECTOR_MESSAGES_END - VECTOR_MESSAGES };

/* Whose a vector is. Read by handlers at any time: `device` and `ask` are written last and whole.
 */
struct user {
    struct device *device;
    u32 index;
    line_handler *ask; /* in place of a device */
    u32 openings;      /* of functions that share a line */
    u32 idle;          /* interrupts in a row that were nobody's */
};

static struct user users[ACPI_LINES];

/* Whose the vectors for messages are, of a CPU. */
struct messages {
    struct device_interrupt *users[MESSAGES];
    u32 count; /* that are taken; like taking itself, by the lock of lines_lock */
};
static struct messages *messages; /* of each CPU that there may be; NULL: none can be sent */
static const struct acpi *tables;

/* Where a line comes in. */
static struct input {
    volatile u32 *registers; /* of its I/O APIC; NULL: none has it */
    u32 pin;
} inputs[ACPI_LINES];
static bool are_there;

static struct spin lock;

/* Interrupts that nobody wanted, by vector, and whether that is news. */
static u32 unwanted[VECTOR_COUNT];
static bool is_told[VECTOR_COUNT];
static u32 has_news;

u64 lines_lock(void)
{
    u64 flags = interrupts_save();
    spin_take(&lock);
    return flags;
}

void lines_unlock(u64 flags)
{
    spin_give(&lock);
    interrupts_restore(flags);
}

static struct input find_input(u32 number)
{
    enum { REGISTERS_BYTES = 32 };
    const struct acpi_io_apic *io_apic = acpi_io_apic_of(tables, number);
    struct input input = { 0 };
    if (io_apic == NULL)
        return input;
    input.registers = physical_map(io_apic->registers, REGISTERS_BYTES, PHYSICAL_DEVICE);
    input.pin = number - io_apic->first_input;
    if (input.registers != NULL && input.pin >= io_apic_pins(input.registers))
        input.registers = NULL;
    return input;
}

/* An I/O APIC, or a message, cannot name a CPU of a longer id. */
static bool can_be_reached(u32 cpu)
{
    return cpus[cpu].apic_id <= UINT8_MAX;
}

bool lines_init(const struct acpi *acpi)
{
    u64 cpu_count = u64_min(u64_max(acpi->cpu_count, 1), MACHINE_CPUS_MAX);
    tables = acpi;
    messages = machine_allocate(cpu_count * sizeof(*messages)); /* for good */
    for (u32 line = 0; line < ACPI_LINES && can_be_reached(0); line++) {
        inputs[line] = find_input(acpi->lines[line].input);
        are_there = are_there || inputs[line].registers != NULL;
    }
    return are_there;
}

bool lines_are_there(void)
{
    return are_there;
}

bool line_keeps(u32 line)
{
    return tables->lines[line].level;
}

static u32 entry_of(u32 line)
{
    const struct acpi_line *how = &tables->lines[line];
    return (how->low ? IO_APIC_LOW : 0u) | (how->level ? IO_APIC_LEVEL : 0u) |
           (VECTOR_LINES + line);
}

void line_hold(u32 line, bool held)
{
    u64 flags = lines_lock();
    if (inputs[line].registers != NULL)
        io_apic_set(inputs[line].registers, inputs[line].pin, entry_of(line), held);
    lines_unlock(flags);
}

static void set_user(struct user *user, struct device *device, u32 index, line_handler *ask)
{
    user->index = index;
    __atomic_store_n(&user->ask, ask, __ATOMIC_RELEASE);
    __atomic_store_n(&user->device, device, __ATOMIC_RELEASE);
}

static bool open(u32 line, struct device *device, u32 index, line_handler *ask)
{
    const struct input *input = &inputs[line];
    if (input->registers == NULL)
        return false;
    u64 flags = lines_lock();
    bool is_free = users[line].device == NULL && users[line].ask == NULL;
    if (is_free) {
        io_apic_route(input->registers, input->pin, entry_of(line), cpus[0].apic_id);
        set_user(&users[line], device, index, ask);
    }
    lines_unlock(flags);
    return is_free;
}

bool line_open(u32 line, struct device *device, u32 index)
{
    return open(line, device, index, NULL);
}

bool line_open_own(u32 line, line_handler *handler)
{
    return open(line, NULL, 0, handler);
}

void line_close(u32 line)
{
    line_hold(line, true);
    set_user(&users[line], NULL, 0, NULL);
}

/* Interrupts come with the CPU's own interrupts off. */
static void note_unwanted(u32 vector)
{
    __atomic_add_fetch(&unwanted[vector], 1, __ATOMIC_RELAXED);
    if (!is_told[vector])
        __atomic_store_n(&has_news, 1, __ATOMIC_RELEASE);
}

/* ---- PCI functions on lines ---- */

/* One that was nobody's may have gone again; a thousand in a row will not. */
static void pci_came(u32 line)
{
    enum { IDLE_MAX = 1000 };
    struct user *user = &users[line];
    user->idle = pci_line_came(line) ? 0 : user->idle + 1;
    if (user->idle < IDLE_MAX)
        return;
    user->idle = 0;
    line_hold(line, true);
    note_unwanted(VECTOR_LINES + line);
}

bool pci_open_line(u32 line)
{
    if (users[line].openings == 0 && !open(line, NULL, 0, pci_came))
        return false;
    users[line].openings++;
    line_hold(line, false);
    return true;
}

void pci_close_line(u32 line)
{
    if (--users[line].openings == 0)
        line_close(line);
}

/* ---- Messages ---- */

/* One that waits for its first work serves interrupts, and is woken for them. */
static bool can_take(u32 cpu)
{
    u32 state = cpu_state(&cpus[cpu]);
    return can_be_reached(cpu) && (state == CPU_RUNS || state == CPU_WAITS) &&
           messages[cpu].count < MESSAGES;
}

/* The one with the fewest, under the lock; MACHINE_NO_CPU: none has one left. */
static u32 find_cpu(void)
{
    u32 best = MACHINE_NO_CPU;
    for (u32 i = 0; i < machine_cpu_count() && messages != NULL; i++)
        if (can_take(i) && (best == MACHINE_NO_CPU || messages[i].count < messages[best].count))
            best = i;
    return best;
}

static u32 take_from(struct messages *own, struct device_interrupt *interrupt)
{
    u32 i = 0;
    while (own->users[i] != NULL)
        i++;
    own->count++;
    __atomic_store_n(&own->users[i], interrupt, __ATOMIC_RELEASE);
    return i;
}

struct line_vector line_take_vector(struct device *device, u32 index)
{
    struct device_interrupt *interrupt = &device->interrupts[index];
    struct line_vector vector = { 0 };
    u64 flags = lines_lock();
    u32 cpu = find_cpu();
    if (cpu != MACHINE_NO_CPU)
        vector = (struct line_vector){
            .number = (u8)(VECTOR_MESSAGES + take_from(&messages[cpu], interrupt)),
            .apic_id = (u8)cpus[cpu].apic_id,
            .cpu = cpu,
        };
    lines_unlock(flags);
    if (cpu != MACHINE_NO_CPU && cpu_state(&cpus[cpu]) == CPU_WAITS)
        machine_cpu_wake(cpu);
    return vector;
}

void line_give_vector(u32 cpu, u8 number)
{
    u64 flags = lines_lock();
    __atomic_store_n(&messages[cpu].users[number - VECTOR_MESSAGES], NULL, __ATOMIC_RELEASE);
    messages[cpu].count--;
    lines_unlock(flags);
}

/* ---- Handlers ---- */

static bool message_came(u32 number)
{
    if (messages == NULL)
        return false;
    struct device_interrupt *interrupt =
        __atomic_load_n(&messages[cpu_here()->index].users[number], __ATOMIC_ACQUIRE);
    if (interrupt != NULL)
        device_interrupt_came(interrupt->device, interrupt->index);
    return interrupt != NULL;
}

static bool line_came(u32 line)
{
    const struct user *user = &users[line];
    struct device *device = __atomic_load_n(&user->device, __ATOMIC_ACQUIRE);
    line_handler *ask = __atomic_load_n(&user->ask, __ATOMIC_ACQUIRE);
    if (device != NULL)
        device_interrupt_came(device, user->index);
    else if (ask != NULL)
        ask(line);
    return device != NULL || ask != NULL;
}

bool lines_came(u32 vector)
{
    if (vector < VECTOR_LINES || vector >= VECTOR_MESSAGES_END)
        return false;
    bool is_line = vector < VECTOR_MESSAGES;
    u32 line = vector - VECTOR_LINES;
    if (is_line ? line_came(line) : message_came(vector - VECTOR_MESSAGES))
        return true;
    if (is_line)
        line_hold(line, true);
    note_unwanted(vector);
    return true;
}

static void tell(u32 vector)
{
    u8 buffer[96];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    writer_text(&text, "an interrupt came that nobody has asked for: vector ");
    writer_decimal(&text, vector);
    if (vector < VECTOR_MESSAGES) {
        writer_text(&text, ", line ");
        writer_decimal(&text, vector - VECTOR_LINES);
    }
    log_line(LOG_WARNING, (struct process_id){ 0 }, (struct bytes){ buffer, text.size });
}

void lines_tell(void)
{
    if (__atomic_exchange_n(&has_news, 0, __ATOMIC_ACQ_REL) == 0)
        return;
    for (u32 vector = VECTOR_LINES; vector < VECTOR_MESSAGES_END; vector++) {
        if (__atomic_load_n(&unwanted[vector], __ATOMIC_RELAXED) == 0 || is_told[vector])
            continue;
        is_told[vector] = true;
        tell(vector);
    }
}
