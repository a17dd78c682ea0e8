/* Gives devices away and takes them back: to a silo that sees one, to one that sees none, to a
 * driver that dies in the middle of a transfer, to one that never looks at its interrupts. The
 * other sides are this program again, told by its argument. */
#include "interface/boot_program.h"
#include "interface/system_program.h"
#include "lib/server.h"
#include "lib/start.h"
#include "tests/system/guest/edu.h"

enum { PAGE = 4096, PROGRAM_MAX = 1 << 18, CID_MAX = 64, HASH_BYTES = 32 };

static uint8_t program[PROGRAM_MAX];
static uint8_t cid[CID_MAX];
static struct weft_bytes cid_bytes;
static _Alignas(PAGE) uint8_t shared[PAGE];

/* ---- The other sides ---- */

static void sees_one(void)
{
    struct device_identity_list list;
    struct device_selection_error_result selection;
    struct weft_bytes rtc = WEFT_BYTES("rtc"), both[] = { rtc, WEFT_BYTES("ps2") };
    int32_t slot;
    fact(device_devices(facts_client(device_slot()), &list) == WEFT_OK && list.count == 1 &&
             list.data[0].name.size == 3 && memcmp(list.data[0].name.data, "rtc", 3) == 0,
         "a silo sees what it was given");
    fact(facts_claim(device_slot(), "ps2", &slot) == DEVICE_ERROR_NOT_FOUND, "and has no other");
    device_only(facts_client(device_slot()), (struct device_string_list){ both, 2 }, &selection);
    fact(selection.failed && selection.error == DEVICE_ERROR_NOT_FOUND, "nor can it take more");
    device_only(facts_client(device_slot()), (struct device_string_list){ &rtc, 1 }, &selection);
    fact(!selection.failed && facts_claim(selection.value, "rtc", &slot) == FACTS_DONE,
         "but give on what it has");
}

static void sees_none(void)
{
    struct device_identity_list list;
    fact(device_devices(facts_client(device_slot()), &list) == WEFT_DENIED,
         "who has no right is denied");
}

static void wait_idle(int32_t slot)
{
    uint64_t state = EDU_DMA_START;
    while ((state & EDU_DMA_START) != 0)
        if (facts_read(slot, 0, EDU_DMA_COMMAND, 8, &state) != FACTS_DONE)
            return;
}

static void transfer(int32_t slot, uint64_t from, uint64_t to, uint32_t bytes, uint32_t direction)
{
    facts_write(slot, 0, EDU_DMA_FROM, 8, from);
    facts_write(slot, 0, EDU_DMA_TO, 8, to);
    facts_write(slot, 0, EDU_DMA_COUNT, 8, bytes);
    facts_write(slot, 0, EDU_DMA_COMMAND, 8, EDU_DMA_START | direction);
    wait_idle(slot);
}

/* A transfer takes a tenth of a second, and the next one begins at once. */
static void dies(void)
{
    uint64_t bus;
    int32_t slot = edu_claim(device_slot());
    facts_share(slot, (uint32_t)(uintptr_t)shared, PAGE, &bus);
    print("the driver is there\n");
    for (;;)
        transfer(slot, EDU_BUFFER, bus, EDU_BUFFER_BYTES, EDU_DMA_FROM_DEVICE);
}

/* ---- This side ---- */

static struct weft_bytes argument(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

static bool add_own_program(void)
{
    uint32_t size = 0;
    struct boot_bytes_option part;
    struct system_bytes_error_result added;
    while (boot_read(facts_client(boot_slot()), argument("keeper.wasm"), size, 16384, &part) ==
               WEFT_OK &&
           part.present && part.value.size != 0 && part.value.size <= PROGRAM_MAX - size) {
        memcpy(program + size, part.value.data, part.value.size);
        size += part.value.size;
    }
    static _Alignas(8) uint8_t large[PROGRAM_MAX + PAGE];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = large,
                                  .capacity = sizeof(large) };
    if (system_add_program(&client, (struct weft_bytes){ program, size }, &added) != WEFT_OK ||
        added.failed)
        return false;
    memcpy(cid, added.value.data, added.value.size);
    cid_bytes = (struct weft_bytes){ cid, added.value.size };
    return true;
}

static int32_t spawn(uint64_t silo, const char *role)
{
    struct weft_bytes arguments[] = { argument("keeper"), argument(role) };
    struct system_process_error_result result;
    struct system_spawn_options options = {
        .program = cid_bytes,
        .silo = silo,
        .arguments = { arguments, 2 },
    };
    enum weft_status status = system_spawn(facts_client(system_slot()), options,
                                           (struct system_named_slot_list){ 0 }, &result);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

static void wait_end(int32_t process)
{
    struct system_ending ending;
    fact(system_process_ended(facts_client(process), &ending) == WEFT_OK, "it has ended");
    server_close(&process, 1);
}

static uint64_t create_silo(const char *name)
{
    struct system_u64_error_result result;
    system_create_silo(facts_client(system_slot()), 0, argument(name), (struct system_limits){ 0 },
                       &result);
    return result.failed ? 0 : result.value;
}

static uint8_t from_hex(char digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

static struct weft_bytes device_hash(void)
{
    static uint8_t hash[HASH_BYTES];
    const char *text = DEVICE_INTERFACE_HASH;
    for (uint32_t i = 0; i < HASH_BYTES; i++)
        hash[i] = (uint8_t)(from_hex(text[2 * i]) << 4 | from_hex(text[2 * i + 1]));
    return (struct weft_bytes){ hash, HASH_BYTES };
}

static void test_subset(void)
{
    struct weft_bytes rtc = WEFT_BYTES("rtc");
    struct device_selection_error_result selection;
    struct system_none_error_result bound;
    uint64_t silo = create_silo("clock");
    device_only(facts_client(device_slot()), (struct device_string_list){ &rtc, 1 }, &selection);
    int32_t slot = selection.failed ? WEFT_NO_SLOT : selection.value;
    system_bind(facts_client(system_slot()), silo, device_hash(), argument("device"), argument(""),
                slot, &bound);
    fact(!bound.failed, "one device is given to a silo");
    server_close(&slot, 1);
    wait_end(spawn(silo, "sees-one"));
    silo = create_silo("none");
    system_set_verdict(facts_client(system_slot()), silo, device_hash(), argument(""),
                       SYSTEM_VERDICT_DENY, &bound);
    wait_end(spawn(silo, "sees-none"));
}

static uint64_t owner_of_edu(void)
{
    struct device_identity_list list;
    device_devices(facts_client(device_slot()), &list);
    for (uint32_t i = 0; i < list.count; i++)
        if (list.data[i].vendor == 0x1234)
            return list.data[i].owner;
    return 0;
}

static void test_death(void)
{
    enum { COMMAND = 4, TRANSFERS = 4 };
    struct device_u32_error_result command;
    struct system_none_error_result killed;
    uint64_t bus;
    int32_t process = spawn(0, "dies");
    while (owner_of_edu() == 0)
        continue;
    fact(edu_claim(device_slot()) == WEFT_NO_SLOT, "the device is the driver's");
    for (uint32_t i = 0; i < 2000; i++)
        owner_of_edu();
    system_process_kill(facts_client(process), &killed);
    wait_end(process);
    while (owner_of_edu() != 0)
        continue;
    int32_t slot = edu_claim(device_slot());
    fact(slot != WEFT_NO_SLOT, "when it is killed, another one can have it");
    device_claimed_read_configuration(facts_client(slot), COMMAND, 2, &command);
    fact(!command.failed && (command.value & TRANSFERS) == 0, "which begins without transfers");
    wait_idle(slot); /* or it would go on with what the other one began, in the same memory */
    facts_share(slot, (uint32_t)(uintptr_t)shared, PAGE, &bus);
    shared[0] = 1;
    transfer(slot, bus, EDU_BUFFER, EDU_BUFFER_BYTES, EDU_DMA_TO_DEVICE);
    transfer(slot, EDU_BUFFER, bus + PAGE / 2, EDU_BUFFER_BYTES, EDU_DMA_FROM_DEVICE);
    fact(shared[PAGE / 2] == 1, "and has its own");
    server_close(&slot, 1);
}

/* It raises and never asks: that costs as many interrupts as there are questions. */
static void test_storm(void)
{
    enum { TIMES = 2000 };
    uint64_t count, value;
    int32_t interrupt, slot = edu_claim(device_slot());
    facts_interrupt(slot, 0, &interrupt);
    facts_write(slot, 0, EDU_RAISE, 4, 1);
    facts_wait(interrupt, &count);
    for (uint32_t i = 0; i < TIMES; i++)
        facts_write(slot, 0, EDU_RAISE, 4, 1);
    fact(facts_read(slot, 0, EDU_CAUSE, 4, &value) == FACTS_DONE && value == 1,
         "a device storms, and the system goes on");
    fact(facts_wait(interrupt, &count) == FACTS_DONE && count <= 3, "it cost two interrupts");
    facts_write(slot, 0, EDU_ACKNOWLEDGE, 4, 1);
    server_close(&interrupt, 1);
    server_close(&slot, 1);
}

/* A device that may begin transfers can send any interrupt: one that nobody has asked for is told.
 */
static void test_unwanted(void)
{
    enum { VECTOR = 0xE0, MESSAGES = 0xFEE00000 };
    uint64_t bus;
    int32_t slot = edu_claim(device_slot());
    facts_share(slot, (uint32_t)(uintptr_t)shared, PAGE, &bus);
    *(volatile uint32_t *)(void *)shared = VECTOR;
    transfer(slot, bus, EDU_BUFFER, 4, EDU_DMA_TO_DEVICE);
    for (uint32_t i = 0; i < 3; i++)
        transfer(slot, EDU_BUFFER, MESSAGES, 4, EDU_DMA_FROM_DEVICE);
    server_close(&slot, 1);
}

static bool is_told(const char *role)
{
    struct weft_bytes told = start_record()->arguments.data[1];
    return told.size == strlen(role) && memcmp(told.data, role, told.size) == 0;
}

int weft_main(void)
{
    if (start_record()->arguments.count > 1) {
        if (is_told("sees-one"))
            sees_one();
        else if (is_told("sees-none"))
            sees_none();
        else if (is_told("dies"))
            dies();
        return 0;
    }
    fact(add_own_program(), "the keeper has its program");
    test_subset();
    test_storm();
    test_death();
    test_unwanted();
    return 0;
}
