#include "programs/tool/silo/screen.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "abi/screen_text.h"

/* ^] comes before what is for `silo` itself, since it is a key that few programs know. */
enum { PREFIX = 0x1D, CONTROL = 0x1F, TYPED_MAX = 32 << 10, PART = 4096 };

static struct {
    struct termios before;
    struct screen_text text; /* what the program made of the screen */
    bool is_prefixed;
} screen;

struct terminal_size screen_take(void)
{
    struct winsize size = { 0 };
    struct termios mode;
    tcgetattr(0, &screen.before);
    mode = screen.before;
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(0, TCSANOW, &mode);
    ioctl(0, TIOCGWINSZ, &size);
    fputs("silo: attached; ^] d leaves it alone again, ^] c and ^] z are ^C and ^Z for it\n", stderr);
    return (struct terminal_size){ size.ws_col, size.ws_row };
}

static bool write_all(const uint8_t *bytes, size_t size)
{
    while (size != 0) {
        ssize_t written = write(1, bytes, size);
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

void screen_give(void)
{
    uint8_t bytes[SCREEN_TEXT_RESTORE_MAX];
    write_all(bytes, screen_text_restore(&screen.text, bytes));
    tcsetattr(0, TCSANOW, &screen.before);
}

bool screen_show(struct weft_bytes bytes)
{
    static uint8_t passed[PART + SCREEN_TEXT_HELD_MAX];
    for (uint32_t at = 0; at < bytes.size; at += PART) {
        uint32_t part = bytes.size - at < PART ? bytes.size - at : PART;
        if (!write_all(passed, screen_text_filter(&screen.text, bytes.data + at, part, passed)))
            return false;
    }
    return true;
}

bool screen_return(struct weft_bytes modes)
{
    static const char other[] = "\x1b[?1047h", clear[] = "\x1b[H\x1b[2J";
    screen_show(modes);
    if (memmem(modes.data, modes.size, other, sizeof(other) - 1) == NULL)
        return false;
    return screen_show((struct weft_bytes){ (const uint8_t *)clear, sizeof(clear) - 1 });
}

bool screen_keys(struct weft_bytes *typed)
{
    static uint8_t keys[TYPED_MAX];
    uint32_t size = 0;
    for (uint32_t i = 0; i < typed->size && size < TYPED_MAX; i++) {
        uint8_t key = typed->data[i];
        bool is_command = screen.is_prefixed;
        screen.is_prefixed = !is_command && key == PREFIX;
        if (screen.is_prefixed)
            continue;
        if (is_command && key == 'd')
            return true;
        if (is_command && (key == 'c' || key == 'z'))
            key &= CONTROL;
        keys[size++] = key; /* ^] ^] is ^] */
    }
    *typed = (struct weft_bytes){ keys, size };
    return false;
}
