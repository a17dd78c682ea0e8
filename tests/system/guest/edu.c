/* Drives QEMU's `edu` device (docs/specs/edu.txt of QEMU): registers, an interrupt, transfers both
 * ways. With the argument `measure` it tells how long an interrupt takes to come here. */
#include "tests/system/guest/edu.h"
#include "interface/clock_program.h"
#include "lib/registers.h"
#include "lib/server.h"
#include "lib/start.h"
#include "tests/system/guest/facts.h"

enum { PAGE = 4096, REGION_BYTES = 1 << 20, MAPPED_BYTES = 64 << 10 };

static _Alignas(PAGE) uint8_t registers[MAPPED_BYTES];
static _Alignas(PAGE) uint8_t shared[4 * PAGE];
static _Alignas(PAGE) uint8_t plain[PAGE];

static uint32_t factorial(uint32_t number)
{
    registers_write32(registers + EDU_FACTORIAL, number);
    while ((registers_read32(registers + EDU_STATUS) & EDU_COMPUTES) != 0)
        continue;
    return registers_read32(registers + EDU_FACTORIAL);
}

static uint32_t address_of(const void *at)
{
    return (uint32_t)(uintptr_t)at;
}

static void test_registers(int32_t slot)
{
    uint64_t value = 0;
    fact(facts_read(slot, 0, EDU_IDENTITY, 4, &value) == FACTS_DONE && (value & 0xFFFF) == 0xED,
         "a register of memory, by a checked call");
    fact(facts_write(slot, 0, EDU_LIVENESS, 4, 0x1234) == FACTS_DONE &&
             facts_read(slot, 0, EDU_LIVENESS, 4, &value) == FACTS_DONE &&
             value == (uint32_t)~0x1234,
         "written and read");
    fact(facts_read(slot, 0, REGION_BYTES, 4, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 0, REGION_BYTES - 2, 4, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 0, 2, 4, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 1, 0, 4, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, 6, 0, 4, &value) == DEVICE_ERROR_INVALID &&
             facts_read(slot, UINT32_MAX, 0, 4, &value) == DEVICE_ERROR_INVALID,
         "but none beyond the region, across its end, between two, or of no region");
    registers[0] = 77;
    fact(facts_map(slot, 0, 0, address_of(registers), MAPPED_BYTES) == FACTS_DONE &&
             registers_read32(registers) == 0x010000ED,
         "the region is mapped into the program's memory");
    registers_write32(registers + EDU_LIVENESS, 1);
    fact(registers_read32(registers + EDU_LIVENESS) == ~1u,
         "where what is read is not what was written");
    fact(factorial(10) == 3628800 && factorial(3) == 6, "and computes factorials");
}

static void test_wrong_maps(int32_t slot)
{
    uint64_t memory = (uint64_t)__builtin_wasm_memory_size(0) << 16;
    uint64_t bus;
    plain[0] = 42;
    uint32_t at = address_of(plain);
    fact(facts_map(slot, 0, 0, at + 1, PAGE) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 0, 1, at, PAGE) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 0, 0, at, PAGE - 1) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 0, 0, at, 0) == DEVICE_ERROR_INVALID,
         "nothing but whole pages is mapped");
    fact(facts_map(slot, 0, 0, memory, PAGE) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 0, 0, memory - PAGE, 2 * PAGE) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 0, 0, UINT64_MAX - PAGE + 1, PAGE) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 0, 0, PAGE, UINT64_MAX - PAGE + 1) == DEVICE_ERROR_INVALID &&
             facts_share(slot, memory, PAGE, &bus) == DEVICE_ERROR_INVALID,
         "nor outside of the program's memory");
    fact(facts_map(slot, 0, REGION_BYTES, at, PAGE) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 0, REGION_BYTES - PAGE, at, 2 * PAGE) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 0, UINT64_MAX - PAGE + 1, at, PAGE) == DEVICE_ERROR_INVALID &&
             facts_map(slot, 3, 0, at, PAGE) == DEVICE_ERROR_INVALID,
         "nor what is no part of a region");
    fact(facts_share(slot, at, PAGE + 1, &bus) == DEVICE_ERROR_INVALID &&
             facts_share(slot, at, 0, &bus) == DEVICE_ERROR_INVALID &&
             facts_share(slot, at + 8, PAGE, &bus) == DEVICE_ERROR_INVALID && plain[0] == 42,
         "and memory is shared by the page; what was there is still there");
}

static void test_configuration(int32_t slot)
{
    struct device_u32_error_result read;
    struct device_none_error_result written;
    enum { COMMAND = 4, REGION = 0x10, LINE = 0x3C, MESSAGE = 0x40 };
    device_claimed_read_configuration(facts_client(slot), 0, 4, &read);
    fact(!read.failed && read.value == 0x11E81234, "its configuration can be read");
    static const uint8_t offsets[] = { 0, COMMAND, REGION, REGION + 4, LINE, MESSAGE, MESSAGE + 4 };
    bool refused = true;
    for (uint32_t i = 0; i < sizeof(offsets); i++) {
        device_claimed_write_configuration(facts_client(slot), offsets[i], 4, 0, &written);
        refused = refused && written.failed && written.error == DEVICE_ERROR_UNSUPPORTED;
    }
    fact(refused, "but not written where it decides about addresses and interrupts");
    device_claimed_write_configuration(facts_client(slot), 0xF0, 4, 0, &written);
    fact(!written.failed, "only where it is the model's own");
    device_claimed_read_configuration(facts_client(slot), 1, 4, &read);
    bool invalid = read.failed && read.error == DEVICE_ERROR_INVALID;
    device_claimed_read_configuration(facts_client(slot), 4096, 4, &read);
    fact(invalid && read.failed && read.error == DEVICE_ERROR_INVALID, "within it");
}

/* Raises, waits, looks and lets go. */
static bool interrupt_once(int32_t interrupt, uint32_t cause)
{
    uint64_t count;
    registers_write32(registers + EDU_RAISE, cause);
    while (registers_read32(registers + EDU_CAUSE) != cause)
        continue;
    do
        if (facts_wait(interrupt, &count) != FACTS_DONE)
            return false;
    while ((registers_read32(registers + EDU_CAUSE) & cause) == 0);
    registers_write32(registers + EDU_ACKNOWLEDGE, cause);
    return true;
}

static void test_interrupt(int32_t interrupt)
{
    enum { TIMES = 100 };
    uint32_t came = 0;
    for (uint32_t i = 0; i < TIMES; i++)
        came += interrupt_once(interrupt, 1 + i);
    fact(came == TIMES, "a hundred interrupts, none lost");
    registers_write32(registers + EDU_STATUS, EDU_TELLS);
    registers_write32(registers + EDU_FACTORIAL, 5);
    uint64_t count;
    do
        facts_wait(interrupt, &count);
    while ((registers_read32(registers + EDU_CAUSE) & EDU_CAUSE_FACTORIAL) == 0);
    registers_write32(registers + EDU_ACKNOWLEDGE, EDU_CAUSE_FACTORIAL);
    registers_write32(registers + EDU_STATUS, 0);
    fact(registers_read32(registers + EDU_FACTORIAL) == 120, "one comes when a factorial is done");
}

static void transfer(int32_t interrupt, uint64_t from, uint64_t to, uint32_t direction)
{
    uint64_t count;
    registers_write32(registers + EDU_DMA_FROM, (uint32_t)from);
    registers_write32(registers + EDU_DMA_FROM + 4, (uint32_t)(from >> 32));
    registers_write32(registers + EDU_DMA_TO, (uint32_t)to);
    registers_write32(registers + EDU_DMA_TO + 4, (uint32_t)(to >> 32));
    registers_write32(registers + EDU_DMA_COUNT, EDU_BUFFER_BYTES);
    registers_write32(registers + EDU_DMA_COMMAND, EDU_DMA_START | EDU_DMA_TELLS | direction);
    do
        facts_wait(interrupt, &count);
    while ((registers_read32(registers + EDU_CAUSE) & EDU_CAUSE_DMA) == 0);
    registers_write32(registers + EDU_ACKNOWLEDGE, EDU_CAUSE_DMA);
}

static void test_transfers(int32_t slot, int32_t interrupt)
{
    uint64_t bus = 0;
    shared[0] = 99;
    fact(facts_share(slot, address_of(shared), sizeof(shared), &bus) == FACTS_DONE && bus != 0 &&
             bus % PAGE == 0 && bus + sizeof(shared) <= (uint64_t)1 << 32 && shared[0] == 0 &&
             shared[sizeof(shared) - 1] == 0,
         "memory that the device reaches, zeroed, below 4 GiB");
    for (uint32_t i = 0; i < PAGE; i++)
        shared[i] = (uint8_t)(i * 7);
    transfer(interrupt, bus, EDU_BUFFER, EDU_DMA_TO_DEVICE);
    transfer(interrupt, EDU_BUFFER, bus + 2 * PAGE, EDU_DMA_FROM_DEVICE);
    fact(memcmp(shared, shared + 2 * PAGE, EDU_BUFFER_BYTES) == 0 &&
             shared[2 * PAGE + EDU_BUFFER_BYTES] == 0,
         "it goes to the device and comes back, and nowhere else");
    uint64_t limit = 0;
    while (facts_share(slot, address_of(plain), PAGE, &bus) == FACTS_DONE)
        limit++;
    fact(limit > 16 && facts_share(slot, address_of(plain), PAGE, &bus) == DEVICE_ERROR_LIMIT,
         "as often as there is room for it");
}

/* ---- Measuring ---- */

static uint64_t now(void)
{
    uint64_t ns = 0;
    clock_monotonic(facts_client(clock_slot()), &ns);
    return ns;
}

/* A driver that waits already: from the write that raises the interrupt to where it goes on. A
 * reading of the clock is in it, and told beside it. */
static uint64_t measure_once(int32_t interrupt)
{
    struct weft_event event;
    uint8_t body[64];
    int64_t waiting = device_interrupt_wait_send(facts_client(interrupt), WEFT_WANT_ANSWER);
    uint64_t start = now();
    registers_write32(registers + EDU_RAISE, 1);
    weft_wait(&waiting, 1, &event, body, sizeof(body), -1);
    uint64_t took = now() - start;
    registers_write32(registers + EDU_ACKNOWLEDGE, 1);
    return took;
}

static uint64_t middle_of(uint64_t *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t j = i; j > 0 && values[j] < values[j - 1]; j--) {
            uint64_t value = values[j];
            values[j] = values[j - 1];
            values[j - 1] = value;
        }
    return values[count / 2];
}

static void measure(int32_t interrupt)
{
    enum { TIMES = 1000 };
    static uint64_t took[TIMES], clock_ns[TIMES];
    interrupt_once(interrupt, 1);
    for (uint32_t i = 0; i < TIMES; i++) {
        uint64_t start = now();
        clock_ns[i] = now() - start;
        took[i] = measure_once(interrupt);
    }
    print("interrupt to driver, ns: middle ");
    print_number(middle_of(took, TIMES));
    print(", least ");
    print_number(took[0]);
    print(", of which the clock ");
    print_number(middle_of(clock_ns, TIMES));
    print("\n");
}

int weft_main(void)
{
    int32_t slot = edu_claim(device_slot());
    int32_t interrupt = WEFT_NO_SLOT;
    fact(slot != WEFT_NO_SLOT, "there is such a device");
    if (start_record()->arguments.count > 1) {
        facts_map(slot, 0, 0, address_of(registers), MAPPED_BYTES);
        facts_interrupt(slot, 0, &interrupt);
        measure(interrupt);
        return 0;
    }
    test_registers(slot);
    test_wrong_maps(slot);
    test_configuration(slot);
    fact(facts_interrupt(slot, 0, &interrupt) == FACTS_DONE, "its interrupt can be had");
    test_interrupt(interrupt);
    test_transfers(slot, interrupt);
    server_close(&slot, 1);
    fact(registers_read32(registers) == 0 && shared[0] == 0,
         "when the claim goes, what was mapped and shared is zero");
    registers[0] = 1;
    slot = edu_claim(device_slot());
    fact(slot != WEFT_NO_SLOT && facts_map(slot, 0, 0, address_of(registers), PAGE) == FACTS_DONE &&
             registers_read32(registers) == 0x010000ED,
         "and it can be claimed again");
    return 0;
}
