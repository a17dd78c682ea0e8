/* What a terminal can show: styles, colours, characters of many languages. With a number, so many
 * lines instead. Ends with the enter key. */
#include "interface/stream_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/start.h"

static void print_colour(const char *before, uint32_t colour, const char *after)
{
    print(before);
    print_number(colour);
    print(after);
}

static void show_styles(void)
{
    print("\x1B[1mbold\x1B[m \x1B[4munderlined\x1B[m \x1B[7mreversed\x1B[m \x1B[9mstruck\x1B[m "
          "\x1B[1;4;33mall of it\x1B[m\n\n");
}

static void show_colours(void)
{
    enum { FIRST = 16, CUBE_SIDE = 6, CUBE_ROW = 36, GREYS = 232, END = 256, TRUE_STEPS = 72 };
    for (uint32_t i = 0; i < FIRST; i++)
        print_colour("\x1B[48;5;", i, "m    ");
    print("\x1B[m\n");
    for (uint32_t row = 0; row < CUBE_SIDE; row++) {
        for (uint32_t i = 0; i < CUBE_ROW; i++)
            print_colour("\x1B[48;5;", FIRST + row * CUBE_ROW + i, "m  ");
        print("\x1B[m\n");
    }
    for (uint32_t i = GREYS; i < END; i++)
        print_colour("\x1B[48;5;", i, "m   ");
    print("\x1B[m\n");
    for (uint32_t i = 0; i < TRUE_STEPS; i++) {
        print_colour("\x1B[48;2;", 255 - i * 255 / TRUE_STEPS, ";");
        print_colour("", i * 255 / TRUE_STEPS, ";128m ");
    }
    print("\x1B[m\n\n");
}

static void show_languages(void)
{
    print("Grüße aus Köln · Ça va, Noël ? · ¿Qué tal, señor? · Źdźbło · Příliš žluťoučký kůň\n"
          "Καλημέρα κόσμε · Привет, мир · €5 ≤ £6 ≠ ¥7 · ½ × ¼ ± 3° µm · cafe\u0301, x\u0302\n\n");
}

static void show_boxes(void)
{
    print("┌─────────┬─────────┐ ╔═════════╦═════════╗  ▁▂▃▄▅▆▇█ ░▒▓█\n"
          "│  send   │ answer  │ ║  slots  ║  silos  ║  ▏▎▍▌▋▊▉█ ▀▄▐▌\n"
          "├─────────┼─────────┤ ╠═════════╬═════════╣  ▖▗▘▙▚▛▜▝▞▟\n"
          "│  wait   │         │ ║ badges  ║  gifts  ║\n"
          "└─────────┴─────────┘ ╚═════════╩═════════╝\n");
}

static uint32_t number_of(struct weft_bytes text)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < text.size && number < 100000000; i++)
        number = number * 10 + (text.data[i] - '0') % 10u;
    return number;
}

static void show_lines(uint32_t count)
{
    for (uint32_t i = 1; i <= count; i++) {
        print("line ");
        print_number(i);
        print("\n");
    }
}

static void show_all(void)
{
    show_styles();
    show_colours();
    show_languages();
    show_boxes();
}

static void await_line(void)
{
    uint8_t buffer[512];
    int32_t slot = start_slot("stdin");
    struct weft_client client = { .slot = slot != WEFT_NO_SLOT ? slot : stream_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct stream_bytes_error_result result;
    stream_read(&client, 256, &result);
}

int weft_main(void)
{
    const struct system_start_record *record = start_record();
    if (record != NULL && record->arguments.count > 1)
        show_lines(number_of(record->arguments.data[1]));
    else
        show_all();
    await_line();
    return 0;
}
