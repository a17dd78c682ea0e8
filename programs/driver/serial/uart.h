/* A 16550 and what imitates it (National Semiconductor PC16550D): registers, and nothing that waits
 * but its start. */
#ifndef PROGRAMS_DRIVER_SERIAL_UART_H
#define PROGRAMS_DRIVER_SERIAL_UART_H

#include "lib/driver.h"

/* Of 16: the kernel, which writes its lines to the same port, puts one there when all are free. */
enum { UART_QUEUE_BYTES = 15 };

struct uart {
    struct driver *driver;
    bool has_queue;
    bool has_flow;   /* the other side says when it can take bytes, and is told when it may send */
    uint8_t enabled; /* which interrupts it raises */
};

struct uart_byte {
    uint8_t value;
    bool is_break;       /* the line was held down; no byte */
    bool is_behind_lost; /* the queue was full before it */
};

/* 8 bits, no parity, one stop bit. What came before stays to be read. False: nothing is there, or
 * the speed is none of its own. */
bool uart_start(struct uart *uart, struct driver *driver, uint32_t bits_per_second);
/* What it wants; false: nothing, and its next wish comes as an interrupt. */
bool uart_wants(struct uart *uart);
bool uart_receive(struct uart *uart, struct uart_byte *byte);
/* Whether all bytes have left it. */
bool uart_is_idle(struct uart *uart);
/* How many bytes it takes now. */
uint32_t uart_room(struct uart *uart);
void uart_send(struct uart *uart, struct weft_bytes bytes);
/* Whether it is to interrupt when it has room. */
void uart_tell_room(struct uart *uart, bool told);
/* Whether the other side may send, if that is minded. */
void uart_let_send(struct uart *uart, bool allowed);

#endif
