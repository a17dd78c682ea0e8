#include "programs/driver/serial/uart.h"

/* Registers. */
enum {
    BYTE = 0,
    DIVISOR_LOW = 0, /* while LINE_DIVISOR is set, and so is the next */
    DIVISOR_HIGH = 1,
    ENABLE = 1,
    CAUSE = 2, /* read */
    QUEUE = 2, /* written */
    LINE = 3,
    MODEM = 4,
    LINE_STATUS = 5,
    MODEM_STATUS = 6,
    SCRATCH = 7,
};

enum {
    ENABLE_RECEIVED = 1 << 0,
    ENABLE_ROOM = 1 << 1,
    ENABLE_LINE_STATUS = 1 << 2,
    ENABLE_MODEM_STATUS = 1 << 3,
    CAUSE_NONE = 1 << 0,
    CAUSE_HAS_QUEUE = 3 << 6,
    QUEUE_ON_EIGHT = 0x81, /* an interrupt when eight bytes are there, or some and no more come */
    LINE_EIGHT_BITS = 3,
    LINE_DIVISOR = 1 << 7,
    MODEM_READY = 1 << 0,
    MODEM_MAY_SEND = 1 << 1,
    MODEM_INTERRUPTS = 1 << 3,
    STATUS_RECEIVED = 1 << 0,
    STATUS_OVERRUN = 1 << 1,
    STATUS_BREAK = 1 << 4,
    STATUS_ROOM = 1 << 5,
    STATUS_IDLE = 1 << 6,
    MODEM_CLEAR_TO_SEND = 1 << 4,
    MARK = 0x5A,
    SPEED_MAX = 115200,
    DRAIN_NS =
        100000000, /* for what was written before; 64 bytes at 9600 bits a second take less */
    POLL_NS = 1000000,
};

static uint8_t get(struct uart *uart, uint64_t at)
{
    return (uint8_t)driver_read(uart->driver, 0, at, 1);
}

static void set(struct uart *uart, uint64_t at, uint8_t value)
{
    driver_write(uart->driver, 0, at, 1, value);
}

bool uart_is_idle(struct uart *uart)
{
    return (get(uart, LINE_STATUS) & STATUS_IDLE) != 0;
}

static bool is_there(struct uart *uart)
{
    set(uart, SCRATCH, MARK);
    return get(uart, SCRATCH) == MARK;
}

/* A change of speed would garble what is still on its way. */
static void drain(struct uart *uart)
{
    uint64_t end = driver_now() + DRAIN_NS;
    while (!uart_is_idle(uart) && driver_now() < end)
        driver_sleep(POLL_NS);
}

static void set_speed(struct uart *uart, uint32_t divisor)
{
    set(uart, LINE, LINE_EIGHT_BITS | LINE_DIVISOR);
    set(uart, DIVISOR_LOW, (uint8_t)divisor);
    set(uart, DIVISOR_HIGH, (uint8_t)(divisor >> 8));
    set(uart, LINE, LINE_EIGHT_BITS);
}

static void enable(struct uart *uart, uint8_t interrupts)
{
    if (uart->enabled != interrupts)
        set(uart, ENABLE, interrupts);
    uart->enabled = interrupts;
}

bool uart_start(struct uart *uart, struct driver *driver, uint32_t bits_per_second)
{
    uart->driver = driver;
    if (bits_per_second == 0 || SPEED_MAX % bits_per_second != 0 ||
        SPEED_MAX / bits_per_second > UINT16_MAX || !is_there(uart))
        return false;
    set(uart, ENABLE, 0);
    drain(uart);
    set_speed(uart, SPEED_MAX / bits_per_second);
    set(uart, QUEUE, QUEUE_ON_EIGHT);
    uart->has_queue = (get(uart, CAUSE) & CAUSE_HAS_QUEUE) == CAUSE_HAS_QUEUE;
    set(uart, MODEM, MODEM_READY | MODEM_MAY_SEND | MODEM_INTERRUPTS);
    uart->enabled = 0;
    enable(uart, (uint8_t)(ENABLE_RECEIVED | ENABLE_LINE_STATUS |
                           (uart->has_flow ? ENABLE_MODEM_STATUS : 0)));
    return true;
}

bool uart_wants(struct uart *uart)
{
    return (get(uart, CAUSE) & CAUSE_NONE) == 0;
}

bool uart_receive(struct uart *uart, struct uart_byte *byte)
{
    uint8_t status = get(uart, LINE_STATUS);
    if ((status & STATUS_RECEIVED) == 0)
        return false;
    *byte = (struct uart_byte){
        .value = get(uart, BYTE),
        .is_break = (status & STATUS_BREAK) != 0,
        .is_behind_lost = (status & STATUS_OVERRUN) != 0,
    };
    return true;
}

uint32_t uart_room(struct uart *uart)
{
    /* Reading this one says, too, that its change was seen. */
    if (uart->has_flow && (get(uart, MODEM_STATUS) & MODEM_CLEAR_TO_SEND) == 0)
        return 0;
    if ((get(uart, LINE_STATUS) & STATUS_ROOM) == 0)
        return 0;
    return uart->has_queue ? UART_QUEUE_BYTES : 1;
}

void uart_send(struct uart *uart, struct weft_bytes bytes)
{
    driver_write_queue(uart->driver, 0, BYTE, bytes);
}

void uart_tell_room(struct uart *uart, bool told)
{
    enable(uart, (uint8_t)(told ? uart->enabled | ENABLE_ROOM : uart->enabled & ~ENABLE_ROOM));
}

void uart_let_send(struct uart *uart, bool allowed)
{
    set(uart, MODEM,
        (uint8_t)(MODEM_READY | MODEM_INTERRUPTS |
                  (allowed || !uart->has_flow ? MODEM_MAY_SEND : 0)));
}
