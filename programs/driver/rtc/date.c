#include "programs/driver/rtc/date.h"

enum {
    HOUR_AFTERNOON = 1 << 7,
    DAY_SECONDS = 86400,
    CENTURY_FIRST = 19,
    CENTURY_LAST = 21,
    YEAR_FIRST = 1970,
    YEAR_END = 2200,
    DAYS_BEFORE_1970 = 719468, /* from 0000-03-01 on */
    BAD = 0xFF,                /* what is no number */
};

/* ---- Numbers in registers ----------------------------------------------------------------------
 */

static uint8_t decode(uint8_t value, uint8_t b)
{
    if ((b & DATE_B_BINARY) != 0)
        return value;
    return (value & 15) > 9 || value >> 4 > 9 ? BAD : (uint8_t)((value >> 4) * 10 + (value & 15));
}

static uint8_t encode(uint32_t value, uint8_t b)
{
    return (uint8_t)((b & DATE_B_BINARY) != 0 ? value : value / 10 << 4 | value % 10);
}

static uint8_t decode_hour(uint8_t value, uint8_t b)
{
    if ((b & DATE_B_24_HOURS) != 0)
        return decode(value, b);
    uint8_t hour = decode(value & (HOUR_AFTERNOON - 1), b);
    if (hour < 1 || hour > 12)
        return BAD;
    return (uint8_t)(hour % 12 + ((value & HOUR_AFTERNOON) != 0 ? 12 : 0));
}

static uint8_t encode_hour(uint32_t hour, uint8_t b)
{
    if ((b & DATE_B_24_HOURS) != 0)
        return encode(hour, b);
    uint8_t value = encode((hour + 11) % 12 + 1, b);
    return (uint8_t)(hour >= 12 ? value | HOUR_AFTERNOON : value);
}

static bool has_century(const struct date_registers *registers)
{
    uint8_t century = decode(registers->century, registers->b);
    return century >= CENTURY_FIRST && century <= CENTURY_LAST;
}

static uint32_t year_of(const struct date_registers *registers)
{
    uint32_t year = decode(registers->year, registers->b);
    if (year > 99)
        return 0;
    if (has_century(registers))
        return decode(registers->century, registers->b) * 100u + year;
    return year < YEAR_FIRST % 100 ? 2000 + year : 1900 + year;
}

/* ---- The calendar -------------------------------------------------------------------------------
 * A year that begins in March has its leap day at its end, and its months' lengths are those of
 * (153 * month + 2) / 5. */

static uint32_t days_of(uint32_t year, uint32_t month, uint32_t day)
{
    uint32_t from_march = (month + 9) % 12;
    uint32_t years = month <= 2 ? year - 1 : year;
    return years * 365 + years / 4 - years / 100 + years / 400 + (153 * from_march + 2) / 5 + day -
           1 - DAYS_BEFORE_1970;
}

static bool is_leap(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint32_t month_days(uint32_t year, uint32_t month)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0);
}

bool date_to_seconds(const struct date_registers *registers, uint64_t *seconds)
{
    uint8_t b = registers->b;
    uint32_t second = decode(registers->second, b);
    uint32_t minute = decode(registers->minute, b);
    uint32_t hour = decode_hour(registers->hour, b);
    uint32_t day = decode(registers->day, b);
    uint32_t month = decode(registers->month, b);
    uint32_t year = year_of(registers);
    if (second > 59 || minute > 59 || hour > 23 || month < 1 || month > 12 || year < YEAR_FIRST ||
        day < 1 || day > month_days(year, month))
        return false;
    *seconds =
        (uint64_t)days_of(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second;
    return true;
}

uint8_t date_weekday(uint64_t seconds)
{
    return (uint8_t)((seconds / DAY_SECONDS + 4) % 7 + 1); /* it was a Thursday */
}

bool date_from_seconds(uint64_t seconds, struct date_registers *registers)
{
    uint8_t b = registers->b;
    bool with_century = has_century(registers);
    if (seconds >= (uint64_t)days_of(with_century ? YEAR_END : 2070, 1, 1) * DAY_SECONDS)
        return false;
    uint32_t days = (uint32_t)(seconds / DAY_SECONDS);
    uint32_t rest = (uint32_t)(seconds % DAY_SECONDS);
    uint32_t year = YEAR_FIRST + days / 366; /* or a later one */
    while (days_of(year + 1, 1, 1) <= days)
        year++;
    uint32_t month = 12;
    while (days_of(year, month, 1) > days)
        month--;
    registers->second = encode(rest % 60, b);
    registers->minute = encode(rest / 60 % 60, b);
    registers->hour = encode_hour(rest / 3600, b);
    registers->day = encode(days - days_of(year, month, 1) + 1, b);
    registers->month = encode(month, b);
    registers->year = encode(year % 100, b);
    if (with_century)
        registers->century = encode(year / 100, b);
    return true;
}
