/* A store ends what the engine knows of memory, and every store is carried out: so one before each
 * load makes it a load, and one of its value after it makes it needed. */
#include "lib/registers.h"

static volatile uint32_t seen;

uint8_t registers_read8(const volatile void *at)
{
    seen = 0;
    uint8_t value = *(const volatile uint8_t *)at;
    seen = value;
    return value;
}

uint16_t registers_read16(const volatile void *at)
{
    seen = 0;
    uint16_t value = *(const volatile uint16_t *)at;
    seen = value;
    return value;
}

uint32_t registers_read32(const volatile void *at)
{
    seen = 0;
    uint32_t value = *(const volatile uint32_t *)at;
    seen = value;
    return value;
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
