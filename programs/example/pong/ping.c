/* Plays `ball` with whoever handles it:  weft run --handle ball=pong/pong.wasm pong/ping.wasm 5 */
#include "interface/ball_program.h"
#include "lib/main.h"
#include "lib/print.h"
#include "lib/start.h"

static uint32_t rounds(void)
{
    const struct system_start_record *start = start_record();
    uint32_t number = 0;
    if (start == NULL || start->arguments.count < 2)
        return 3;
    struct weft_bytes text = start->arguments.data[1];
    for (uint32_t i = 0; i < text.size && i < 6 && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        number = number * 10 + (uint32_t)(text.data[i] - '0');
    return number;
}

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[256];
    struct weft_client client = { .slot = ball_slot(), .buffer = buffer, .capacity = 256 };
    uint32_t strokes = 0;
    for (uint32_t round = rounds(); round > 0; round--) {
        print("ping ");
        print_number(++strokes);
        print("\n");
        if (ball_play(&client, strokes, &strokes) != WEFT_OK) {
            print("the ball does not come back\n");
            return 1;
        }
    }
    return 0;
}
