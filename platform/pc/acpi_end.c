/* The end by ACPI: registers of fixed hardware (4.8.3), of hardware that lacks it (4.8.3.7), and the
 * one that resets (4.8.3.6). */
#include "platform/pc/acpi.h"

#include "arch/x86_64/privileged/registers.h"
#include "platform/pc/clock.h"

static bool is_there(const struct acpi_register *place)
{
    return place->memory != NULL || place->port != 0;
}

static void write_u8(const struct acpi_register *place, u8 value)
{
    if (place->memory != NULL)
        *place->memory = value;
    else
        port_write_u8(place->port, value);
}

static u16 read_u16(const struct acpi_register *place)
{
    return place->memory != NULL ? *(volatile u16 *)place->memory : port_read_u16(place->port);
}

static void write_u16(const struct acpi_register *place, u16 value)
{
    if (place->memory != NULL)
        *(volatile u16 *)place->memory = value;
    else
        port_write_u16(place->port, value);
}

/* Until firmware has handed the machine over, its registers may do nothing. */
static void take_over(const struct acpi *acpi)
{
    enum { HANDED_OVER = 1 << 0, TRIES = 300, TRY_NS = 10000000 };
    if (acpi->mode_port == 0 || acpi->mode_on == 0)
        return;
    if ((read_u16(&acpi->pm1a_control) & HANDED_OVER) != 0)
        return;
    port_write_u8(acpi->mode_port, acpi->mode_on);
    for (u32 i = 0; i < TRIES && (read_u16(&acpi->pm1a_control) & HANDED_OVER) == 0; i++)
        clock_pause_ns(TRY_NS);
}

static void sleep_by(const struct acpi_register *control, u8 type)
{
    enum { TYPE_SHIFT = 10, TYPE_MASK = 7 << TYPE_SHIFT, ENABLE = 1 << 13 };
    u16 rest = (u16)(read_u16(control) & ~(TYPE_MASK | ENABLE));
    write_u16(control, (u16)(rest | (type << TYPE_SHIFT & TYPE_MASK) | ENABLE));
}

void acpi_power_off(const struct acpi *acpi)
{
    enum { TYPE_SHIFT = 2, TYPE_MASK = 7 << TYPE_SHIFT, ENABLE = 1 << 5, LAST_NS = 100000000 };
    if (!acpi->can_power_off)
        return;
    if (is_there(&acpi->pm1a_control)) {
        take_over(acpi);
        sleep_by(&acpi->pm1a_control, acpi->sleep_a);
        if (is_there(&acpi->pm1b_control))
            sleep_by(&acpi->pm1b_control, acpi->sleep_b);
    } else if (is_there(&acpi->sleep_control)) {
        write_u8(&acpi->sleep_control, (u8)((acpi->sleep_a << TYPE_SHIFT & TYPE_MASK) | ENABLE));
    }
    clock_pause_ns(LAST_NS); /* it need not be at once */
}

void acpi_restart(const struct acpi *acpi)
{
    enum { LAST_NS = 100000000 };
    if (!is_there(&acpi->reset))
        return;
    write_u8(&acpi->reset, acpi->reset_value);
    clock_pause_ns(LAST_NS);
}
