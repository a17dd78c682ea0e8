/* The clock with the battery (MC146818): seconds, minutes, hours, day, month and year. */
#include "platform/pc/clock.h"

#include "arch/x86_64/privileged/registers.h"

enum {
    PORT_INDEX = 0x70,
    PORT_DATA = 0x71,
    STATUS_A = 0x0A,
    STATUS_B = 0x0B,
    A_UPDATING = 0x80,
    B_24_HOURS = 0x02,
    B_BINARY = 0x04,
    HOUR_PM = 0x80,
    FIELDS = 6,
    TURNS_MAX = 1 << 16, /* an update takes 2 ms; a clock that never ends one is no clock */
    READS_MAX = 8,
};

enum field { SECOND, MINUTE, HOUR, DAY, MONTH, YEAR };

static u8 read_register(u8 number)
{
    port_write_u8(PORT_INDEX, number);
    return port_read_u8(PORT_DATA);
}

static void read_fields(u8 fields[FIELDS])
{
    static const u8 numbers[FIELDS] = { 0, 2, 4, 7, 8, 9 };
    for (u32 i = 0; i < TURNS_MAX && (read_register(STATUS_A) & A_UPDATING) != 0; i++)
        cpu_pause();
    for (u32 i = 0; i < FIELDS; i++)
        fields[i] = read_register(numbers[i]);
}

/* Twice the same, so that no update came in between. */
static bool read_stable(u8 fields[FIELDS])
{
    u8 again[FIELDS];
    read_fields(fields);
    for (u32 i = 0; i < READS_MAX; i++) {
        read_fields(again);
        if (__builtin_memcmp(fields, again, FIELDS) == 0)
            return true;
        __builtin_memcpy(fields, again, FIELDS);
    }
    return false;
}

static u32 from_decimal(u8 digits)
{
    return (u32)(digits >> 4) * 10 + (digits & 15);
}

/* Days since 1970-01-01 of a date of this century. */
static u64 days_of(u32 year, u32 month, u32 day)
{
    static const u16 before[12] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    enum { DAYS_TO_2000 = 10957 };
    u32 leap_days = year / 4 + (year % 4 != 0 || month > 2 ? 1 : 0);
    return DAYS_TO_2000 + 365 * (u64)year + leap_days + before[month - 1] + day - 1;
}

u64 rtc_read(void)
{
    u8 fields[FIELDS];
    if (!read_stable(fields))
        return 0;
    u8 format = read_register(STATUS_B);
    bool afternoon = (format & B_24_HOURS) == 0 && (fields[HOUR] & HOUR_PM) != 0;
    u32 values[FIELDS];
    if ((format & B_24_HOURS) == 0)
        fields[HOUR] &= (u8)~HOUR_PM;
    for (u32 i = 0; i < FIELDS; i++)
        values[i] = (format & B_BINARY) != 0 ? fields[i] : from_decimal(fields[i]);
    if ((format & B_24_HOURS) == 0)
        values[HOUR] = values[HOUR] % 12 + (afternoon ? 12 : 0);
    bool valid = values[MONTH] >= 1 && values[MONTH] <= 12 && values[DAY] >= 1 &&
                 values[DAY] <= 31 && values[YEAR] < 100;
    if (!valid)
        return 0;
    u64 days = days_of(values[YEAR], values[MONTH], values[DAY]);
    return ((days * 24 + values[HOUR]) * 60 + values[MINUTE]) * 60 + values[SECOND];
}
