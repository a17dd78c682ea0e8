/* A guest that answers each message to alpha with its own body, and an empty one, of any interface, with
 * how many it has answered. */
#include "lib/main.h"
#include "lib/weft.h"
#include "tests/simulate/script.h"

#include <stddef.h>

int weft_main(void)
{
    struct weft_event event;
    uint64_t number, answered = 0;
    for (;;) {
        if (weft_wait(NULL, 0, &event, &number, sizeof(number), -1) != WEFT_EVENT_MESSAGE)
            continue;
        if (event.size == sizeof(number))
            answered++;
        else
            number = answered;
        weft_answer(event.id, WEFT_OK, &number, sizeof(number), NULL, 0);
    }
}
