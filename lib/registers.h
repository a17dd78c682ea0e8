/* Registers of a device that are mapped into the program's memory (`map` of interface `device`).
 *
 * Each call is one access of that width, in the order of the program. A plain load would not do: what
 * is not used is not loaded, and the engine takes two loads of one place for one, and one after a
 * store for what was stored, as long as nothing is stored elsewhere in between. */
#ifndef LIB_REGISTERS_H
#define LIB_REGISTERS_H

#include <stdint.h>

uint8_t registers_read8(const volatile void *at);
uint16_t registers_read16(const volatile void *at);
uint32_t registers_read32(const volatile void *at);
void registers_write8(volatile void *at, uint8_t value);
void registers_write16(volatile void *at, uint16_t value);
void registers_write32(volatile void *at, uint32_t value);

#endif
