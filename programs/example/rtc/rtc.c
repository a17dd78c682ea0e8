/* Prints the seconds since 1970 that the battery clock shows, or sets it: to its first argument,
 * and then waits for the next second. */
#include "interface/rtc_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/start.h"

static const char *const errors[] = {
    [RTC_ERROR_NO_DATE] = "it has no date\n",
    [RTC_ERROR_IO] = "it does not work\n",
    [RTC_ERROR_INVALID] = "it cannot show that\n",
};

static uint64_t number_of(struct weft_bytes text)
{
    uint64_t number = 0;
    for (uint32_t i = 0; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        number = number * 10 + text.data[i] - '0';
    return number;
}

static int show(enum weft_status status, const struct rtc_u64_error_result *result)
{
    if (status != WEFT_OK || result->failed) {
        print(status == WEFT_OK ? errors[result->error] : "nobody answers\n");
        return 1;
    }
    print_number(result->value);
    print("\n");
    return 0;
}

int weft_main(void)
{
    uint8_t buffer[64];
    struct weft_client client = { .slot = rtc_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    const struct system_start_record *start = start_record();
    struct rtc_u64_error_result now;
    struct rtc_none_error_result set;
    if (start == NULL || start->arguments.count < 2) {
        enum weft_status status = rtc_now(&client, &now);
        return show(status, &now);
    }
    if (rtc_set(&client, number_of(start->arguments.data[1]), &set) != WEFT_OK || set.failed) {
        print("not set\n");
        return 1;
    }
    enum weft_status status = rtc_tick(&client, &now);
    return show(status, &now);
}
