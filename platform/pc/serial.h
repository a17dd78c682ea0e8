/* The first serial port (16550), written by waiting for it: for the log, for panics, and for the
 * stream of a program that has no other terminal. Private to the PC platform. */
#ifndef PLATFORM_PC_SERIAL_H
#define PLATFORM_PC_SERIAL_H

#include "base/base.h"

/* 115200 baud, 8 bits, no parity. Without a port there, all that is written goes nowhere. */
void serial_init(void);
/* From one CPU at a time; the caller sees to it. */
void serial_write(struct bytes bytes);
/* What has been typed, without waiting: how many bytes, at most `capacity`. */
usize serial_read(u8 *buffer, usize capacity);

#endif
