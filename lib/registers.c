/* Compiled with the instructions of threads: programs.mk. A store is plain, as every one is carried
 * out; the loads are what needs care. */
#include "lib/registers.h"

uint8_t registers_read8(const volatile void *at)
{
    return __atomic_load_n((const volatile uint8_t *)at, __ATOMIC_SEQ_CST);
}

uint16_t registers_read16(const volatile void *at)
{
    return __atomic_load_n((const volatile uint16_t *)at, __ATOMIC_SEQ_CST);
}

uint32_t registers_read32(const volatile void *at)
{
    return __atomic_load_n((const volatile uint32_t *)at, __ATOMIC_SEQ_CST);
}

void registers_write8(volatile void *at, uint8_t value)
{
    *(volatile uint8_t *)at = value;
}

void registers_write16(volatile void *at, uint16_t value)
{
    *(volatile uint16_t *)at = value;
}

void registers_write32(volatile void *at, uint32_t value)
{
    *(volatile uint32_t *)at = value;
}
