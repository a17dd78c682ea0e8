#include "platform/pc/serial.h"

#include "arch/x86_64/privileged/registers.h"
#include "platform/bare/spin.h"
#include "platform/pc/lines.h"

/* Registers, from the port's base (PC16550D data sheet). */
enum {
    SERIAL_BASE = 0x3F8,
    SERIAL_DATA = 0,
    SERIAL_INTERRUPTS = 1,
    SERIAL_FIFO = 2,
    SERIAL_LINE = 3,
    SERIAL_MODEM = 4,
    SERIAL_STATUS = 5,
    SERIAL_SCRATCH = 7,
};

enum {
    INTERRUPT_RECEIVED = 0x01,
    LINE_8_BITS = 0x03,
    LINE_DIVISOR = 0x80,
    FIFO_ON_AND_CLEAR = 0x07, /* and an interrupt at the first byte */
    MODEM_READY = 0x0B,       /* data terminal ready, request to send, interrupts led out */
    STATUS_RECEIVED = 0x01,
    STATUS_MAY_SEND = 0x20,
    DIVISOR_115200 = 1,
    SERIAL_INTERRUPT_LINE = 4,
    /* A port that never gets ready is no port; a byte takes under 100 us, a look some 100 ns. */
    TURNS_MAX = 1 << 20,
};

static bool is_there;
static bool is_lent;
static bool is_seized;
static struct spin lock;

static void write_register(u16 number, u8 value)
{
    port_write_u8((u16)(SERIAL_BASE + number), value);
}

static u8 read_register(u16 number)
{
    return port_read_u8((u16)(SERIAL_BASE + number));
}

void serial_init(void)
{
    enum { PATTERN = 0x5A };
    write_register(SERIAL_SCRATCH, PATTERN);
    is_there = read_register(SERIAL_SCRATCH) == PATTERN;
    if (!is_there)
        return;
    write_register(SERIAL_INTERRUPTS, 0);
    write_register(SERIAL_LINE, LINE_DIVISOR);
    write_register(SERIAL_DATA, DIVISOR_115200);
    write_register(SERIAL_INTERRUPTS, 0);
    write_register(SERIAL_LINE, LINE_8_BITS);
    write_register(SERIAL_FIFO, FIFO_ON_AND_CLEAR);
    write_register(SERIAL_MODEM, MODEM_READY);
    write_register(SERIAL_INTERRUPTS, INTERRUPT_RECEIVED);
}

bool serial_is_there(void)
{
    return is_there;
}

/* ---- Whose turn it is ---- */

void serial_enter(void)
{
    if (!__atomic_load_n(&is_seized, __ATOMIC_ACQUIRE))
        spin_take(&lock);
}

void serial_leave(void)
{
    if (!__atomic_load_n(&is_seized, __ATOMIC_ACQUIRE))
        spin_give(&lock);
}

/* ---- Its interrupt ---- */

/* There is something to read, as whoever attends to devices sees. */
static void came(u32 line)
{
    (void)line;
}

void serial_listen(void)
{
    if (line_open_own(SERIAL_INTERRUPT_LINE, came))
        line_hold(SERIAL_INTERRUPT_LINE, false);
}

void serial_lend(void)
{
    line_close(SERIAL_INTERRUPT_LINE);
    __atomic_store_n(&is_lent, true, __ATOMIC_SEQ_CST);
}

void serial_take_back(void)
{
    if (!__atomic_exchange_n(&is_lent, false, __ATOMIC_SEQ_CST))
        return;
    serial_enter();
    serial_init();
    serial_leave();
    serial_listen();
}

void serial_seize(void)
{
    __atomic_store_n(&is_seized, true, __ATOMIC_RELEASE);
    if (__atomic_load_n(&is_lent, __ATOMIC_SEQ_CST))
        serial_init();
}

/* ---- Its bytes ---- */

/* Whoever has it may be about to set its speed: then its first register is not for bytes. */
static void put(u8 byte)
{
    u8 line = read_register(SERIAL_LINE);
    bool sets_speed = (line & LINE_DIVISOR) != 0;
    if (sets_speed)
        write_register(SERIAL_LINE, line & (u8)~LINE_DIVISOR);
    write_register(SERIAL_DATA, byte);
    if (sets_speed)
        write_register(SERIAL_LINE, line);
}

static bool try_to_send(u8 byte)
{
    serial_enter();
    bool may = (read_register(SERIAL_STATUS) & STATUS_MAY_SEND) != 0;
    if (may)
        put(byte);
    serial_leave();
    return may;
}

void serial_write(struct bytes bytes)
{
    for (usize i = 0; i < bytes.size && is_there; i++) {
        u32 turns = 0;
        while (!try_to_send(bytes.data[i]) && is_there)
            is_there = turns++ < TURNS_MAX;
    }
}

usize serial_read(u8 *buffer, usize capacity)
{
    usize count = 0;
    if (__atomic_load_n(&is_lent, __ATOMIC_SEQ_CST))
        return 0;
    while (count < capacity && is_there && (read_register(SERIAL_STATUS) & STATUS_RECEIVED) != 0)
        buffer[count++] = read_register(SERIAL_DATA);
    return count;
}
