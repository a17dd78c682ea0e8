/* The first serial port (16550), written by waiting for it: for the log, for panics, and for the
 * stream of a program that has no other terminal. Private to the PC platform. */
#ifndef PLATFORM_PC_SERIAL_H
#define PLATFORM_PC_SERIAL_H

#include "base/base.h"

/* 115200 baud, 8 bits, no parity. Without a port there, all that is written goes nowhere. */
void serial_init(void);
/* Its interrupt comes from now on, if there is a way for it. */
void serial_listen(void);
bool serial_is_there(void);
/* Somebody else may use it: nothing is read of it, and what is written goes there nonetheless, a byte
 * at a time, between `serial_leave` and `serial_enter` of who has it. */
void serial_lend(void);
void serial_enter(void);
void serial_leave(void);
/* As it was before, whatever has been done to it. */
void serial_take_back(void);
/* For the last lines of all: it can be written to, whoever had it. No lock. */
void serial_seize(void);
/* From one CPU at a time; the caller sees to it. */
void serial_write(struct bytes bytes);
/* What has been typed, without waiting: how many bytes, at most `capacity`. */
usize serial_read(u8 *buffer, usize capacity);

#endif
