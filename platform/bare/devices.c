/* An interrupt's handler and whoever waits for it meet in two words, without a lock: `held` is set
 * before `came` is counted up, so what is held back is always seen as having come, and the next who
 * waits lets it through again. */
#include "platform/bare/devices.h"

#include "platform/bare/spin.h"

static struct device *devices[DEVICES_MAX];
static u32 device_count;

static struct spin lock; /* owners, and who waits */
static struct list open_interrupts = { { &open_interrupts.head, &open_interrupts.head } };
static u64 openings;

/* ---- The list ---- */

bool devices_add(struct device *device)
{
    if (device_count == DEVICES_MAX)
        return false;
    for (u32 i = 0; i < device->interrupt_count; i++) {
        device->interrupts[i].device = device;
        device->interrupts[i].index = i;
    }
    list_init(&device->memory);
    device->index = device_count;
    devices[device_count++] = device;
    return true;
}

u32 devices_count(void)
{
    return device_count;
}

struct device *devices_at(u32 index)
{
    return devices[index];
}

struct device *devices_find(struct bytes name)
{
    for (u32 i = 0; i < device_count; i++)
        if (bytes_equal(bytes_from_text(devices[i]->name), name))
            return devices[i];
    return NULL;
}

bool device_claim(struct device *device, u64 owner)
{
    spin_take(&lock);
    bool is_free = !device->is_claimed && !device->is_kernels &&
                   machine_monotonic_ns() >= device->rests_until_ns;
    if (is_free) {
        device->is_claimed = true;
        device->owner = owner;
    }
    spin_give(&lock);
    if (is_free && device->operations->claimed != NULL)
        device->operations->claimed(device);
    return is_free;
}

void device_stop(struct device *device)
{
    for (u32 i = 0; i < device->interrupt_count; i++)
        device_interrupt_close(&device->interrupts[i], device->interrupts[i].opening);
    if (device->operations->released != NULL)
        device->operations->released(device);
}

bool device_reset(struct device *device)
{
    u64 until = device->operations->reset == NULL ? 0 : device->operations->reset(device);
    device->rests_until_ns = until;
    return until != 0;
}

void device_release(struct device *device)
{
    spin_take(&lock);
    device->is_claimed = false;
    device->owner = 0;
    spin_give(&lock);
}

u64 device_owner(struct device *device)
{
    spin_take(&lock);
    u64 owner = device->owner;
    spin_give(&lock);
    return owner;
}

/* ---- Interrupts ---- */

static u32 take_came(struct device_interrupt *interrupt)
{
    return __atomic_exchange_n(&interrupt->came, 0, __ATOMIC_ACQ_REL);
}

/* One that would be lost while it is held is held at its second coming only; the first may be the
 * last for long. */
void device_interrupt_came(struct device *device, u32 index)
{
    struct device_interrupt *interrupt = &device->interrupts[index];
    if (interrupt->keeps || __atomic_load_n(&interrupt->came, __ATOMIC_ACQUIRE) != 0) {
        device->operations->hold(device, index, true);
        __atomic_store_n(&interrupt->held, 1, __ATOMIC_RELEASE);
    }
    __atomic_add_fetch(&interrupt->came, 1, __ATOMIC_ACQ_REL);
}

/* If one may have been lost meanwhile, that counts as one that has come. */
static void let_through(struct device_interrupt *interrupt)
{
    if (__atomic_exchange_n(&interrupt->held, 0, __ATOMIC_ACQ_REL) == 0)
        return;
    interrupt->device->operations->hold(interrupt->device, interrupt->index, false);
    if (!interrupt->keeps)
        __atomic_add_fetch(&interrupt->came, 1, __ATOMIC_ACQ_REL);
}

u64 device_interrupt_open(struct device_interrupt *interrupt, bool *failed)
{
    struct device *device = interrupt->device;
    spin_take(&lock);
    u64 opening = interrupt->opening == 0 ? ++openings : 0;
    *failed = opening != 0 && !device->operations->open(device, interrupt->index);
    if (*failed)
        opening = 0;
    if (opening != 0) {
        interrupt->opening = opening;
        interrupt->came = 0;
        interrupt->held = 1;
        list_push_back(&open_interrupts, &interrupt->link);
    }
    spin_give(&lock);
    return opening;
}

void device_interrupt_close(struct device_interrupt *interrupt, u64 opening)
{
    i64 message = 0;
    spin_take(&lock);
    if (opening != 0 && interrupt->opening == opening) {
        interrupt->device->operations->close(interrupt->device, interrupt->index);
        list_remove(&interrupt->link);
        message = interrupt->waiting;
        interrupt->waiting = 0;
        interrupt->opening = 0;
    }
    spin_give(&lock);
    if (message != 0)
        device_answer_gone(message);
}

/* With the lock: the message to be answered, if there is one. */
static i64 take_waiting(struct device_interrupt *interrupt, u64 *count)
{
    if (interrupt->waiting == 0)
        return 0;
    *count = take_came(interrupt);
    i64 message = *count == 0 ? 0 : interrupt->waiting;
    if (message != 0)
        interrupt->waiting = 0;
    return message;
}

enum device_wait device_interrupt_wait(struct device_interrupt *interrupt, u64 opening, i64 message)
{
    u64 count = 0;
    i64 due = 0;
    enum device_wait result = DEVICE_WAIT_LATER;
    spin_take(&lock);
    if (interrupt->opening != opening) {
        result = DEVICE_WAIT_GONE;
    } else if (interrupt->waiting != 0) {
        result = DEVICE_WAIT_BUSY;
    } else {
        interrupt->waiting = message;
        if (__atomic_load_n(&interrupt->came, __ATOMIC_ACQUIRE) == 0)
            let_through(interrupt);
        due = take_waiting(interrupt, &count);
    }
    spin_give(&lock);
    if (due != 0)
        device_answer_wait(due, count);
    return result;
}

void device_interrupt_withdraw(i64 message)
{
    spin_take(&lock);
    struct list_link *link = list_first(&open_interrupts);
    for (; link != NULL; link = list_next(&open_interrupts, link)) {
        struct device_interrupt *interrupt = BASE_CONTAINER_OF(link, struct device_interrupt, link);
        if (interrupt->waiting == message)
            interrupt->waiting = 0;
    }
    spin_give(&lock);
}

static i64 take_due(u64 *count)
{
    i64 message = 0;
    spin_take(&lock);
    struct list_link *link = list_first(&open_interrupts);
    for (; link != NULL && message == 0; link = list_next(&open_interrupts, link))
        message = take_waiting(BASE_CONTAINER_OF(link, struct device_interrupt, link), count);
    spin_give(&lock);
    return message;
}

void devices_look(void)
{
    u64 count;
    i64 message;
    while ((message = take_due(&count)) != 0)
        device_answer_wait(message, count);
}
