/* Dates as the registers of an MC146818 have them, and seconds since 1970 (UTC).
 *
 * Register B says whether numbers are binary or decimal (a digit in four bits), and whether hours
 * count to 24 or to 12, with the top bit for those after noon. The century has a register on
 * nearly all PCs; where that makes no sense, years before 70 are those from 2000 on. */
#ifndef PROGRAMS_DRIVER_RTC_DATE_H
#define PROGRAMS_DRIVER_RTC_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    DATE_B_24_HOURS = 1 << 1,
    DATE_B_BINARY = 1 << 2,
};

/* As read, except for `b`, which says how to understand them. */
struct date_registers {
    uint8_t second;
    uint8_t minute;
    uint8_t hour;
    uint8_t day;
    uint8_t month;
    uint8_t year;
    uint8_t century;
    uint8_t b;
};

/* False: that is no date. */
bool date_to_seconds(const struct date_registers *registers, uint64_t *seconds);
/* `registers->b` is given, and so is the century as it was read: one that made no sense stays.
 * False: a year that the registers cannot show. */
bool date_from_seconds(uint64_t seconds, struct date_registers *registers);
/* Monday is 2: the day of the week, which only the registers want to know. */
uint8_t date_weekday(uint64_t seconds);

#endif
