/* Registers of a battery clock and the seconds that they mean. */
#include "programs/driver/rtc/date.h"
#include "tests/tap.h"

static uint64_t seconds;

static bool means(struct date_registers registers, uint64_t expected)
{
    return date_to_seconds(&registers, &seconds) && seconds == expected;
}

static bool is_none(struct date_registers registers)
{
    return !date_to_seconds(&registers, &seconds);
}

static void test_reading(void)
{
    TAP_OK(
        means((struct date_registers){ 0x56, 0x34, 0x12, 0x29, 0x02, 0x24, 0x20, DATE_B_24_HOURS },
              1709210096),
        "decimal: 2024-02-29 12:34:56");
    TAP_OK(
        means((struct date_registers){ 56, 34, 12, 29, 2, 24, 20, DATE_B_24_HOURS | DATE_B_BINARY },
              1709210096),
        "binary");
    TAP_OK(means((struct date_registers){ 0, 0, 0x92, 1, 1, 0x70, 0x19, 0 }, 43200),
           "noon is 12 in the afternoon");
    TAP_OK(means((struct date_registers){ 0, 0, 0x12, 1, 1, 0x70, 0x19, 0 }, 0) &&
               means((struct date_registers){ 0, 0, 0x81, 1, 1, 0x70, 0x19, 0 }, 46800),
           "midnight is 12 before noon, and 1 follows noon");
    TAP_OK(
        means((struct date_registers){ 0, 0, 0, 1, 1, 0x70, 0xFF, DATE_B_24_HOURS }, 0) &&
            means((struct date_registers){ 0, 0, 0, 1, 1, 0x69, 0, DATE_B_24_HOURS }, 3124224000),
        "without a century, years are from 1970 to 2069");
}

static void test_nonsense(void)
{
    TAP_OK(is_none((struct date_registers){ 0x60, 0, 0, 1, 1, 0x24, 0x20, DATE_B_24_HOURS }) &&
               is_none((struct date_registers){ 0x0A, 0, 0, 1, 1, 0x24, 0x20, DATE_B_24_HOURS }) &&
               is_none((struct date_registers){ 0, 0, 0x24, 1, 1, 0x24, 0x20, DATE_B_24_HOURS }),
           "no time");
    TAP_OK(is_none((struct date_registers){ 0, 0, 0x13, 1, 1, 0x24, 0x20, 0 }) &&
               is_none((struct date_registers){ 0, 0, 0, 1, 1, 0x24, 0x20, 0 }),
           "no hour of twelve");
    TAP_OK(is_none((struct date_registers){ 0, 0, 0, 0x29, 2, 0x23, 0x20, DATE_B_24_HOURS }) &&
               is_none((struct date_registers){ 0, 0, 0, 0x29, 2, 0, 0x21, DATE_B_24_HOURS }) &&
               is_none((struct date_registers){ 0, 0, 0, 1, 0x13, 0x23, 0x20, DATE_B_24_HOURS }) &&
               is_none((struct date_registers){ 0, 0, 0, 0, 1, 0x23, 0x20, DATE_B_24_HOURS }),
           "no day");
    TAP_OK(is_none((struct date_registers){ 0, 0, 0, 1, 1, 0x69, 0x19, DATE_B_24_HOURS }),
           "nothing before 1970");
}

static bool comes_back(uint64_t time, uint8_t b)
{
    struct date_registers registers = { .b = b, .century = (b & DATE_B_BINARY) != 0 ? 20 : 0x20 };
    return date_from_seconds(time, &registers) && means(registers, time);
}

static void test_setting(void)
{
    bool all = true;
    for (uint8_t b = 0; b < 8; b = (uint8_t)(b + 2))
        for (uint64_t time = 0; time < 7258118400; time += 1234567)
            all = all && comes_back(time, b);
    TAP_OK(all, "all that is set is read the same, until 2199, in each form");
    TAP_OK(comes_back(951782399, 2) && comes_back(951782400, 2) && comes_back(4107542399, 2) &&
               comes_back(4107542400, 2),
           "around the ends of February 2000 and 2100");
    struct date_registers plain = { .b = 2, .century = 0xFF };
    TAP_OK(date_from_seconds(3155759999, &plain) && plain.century == 0xFF && plain.year == 0x69 &&
               !date_from_seconds(3155760000, &plain),
           "without a century, until 2069");
    struct date_registers full = { .b = 2, .century = 0x20 };
    TAP_OK(!date_from_seconds(7258118400, &full) && !date_from_seconds(UINT64_MAX, &full),
           "and never beyond what can be shown");
    TAP_OK(date_weekday(0) == 5 && date_weekday(1709210096) == 5 && date_weekday(259200) == 1,
           "days of the week");
}

int main(void)
{
    test_reading();
    test_nonsense();
    test_setting();
    return tap_done();
}
