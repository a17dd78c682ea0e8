#include "platform/bare/console.h"

#include "machine/machine.h"
#include "platform/bare/spin.h"

static struct spin lock;
static bool seized;

/* Lines as they are, then the way to the left edge. */
static void send_text(struct bytes text)
{
    usize start = 0;
    for (usize i = 0; i < text.size; i++) {
        if (text.data[i] != '\n')
            continue;
        console_send((struct bytes){ text.data + start, i - start });
        console_send(BYTES_LITERAL("\r\n"));
        start = i + 1;
    }
    console_send((struct bytes){ text.data + start, text.size - start });
}

void console_write(struct bytes bytes, bool text)
{
    bool waits = !__atomic_load_n(&seized, __ATOMIC_ACQUIRE);
    if (waits)
        spin_take(&lock);
    if (text)
        send_text(bytes);
    else
        console_send(bytes);
    if (waits)
        spin_give(&lock);
}

void console_seize(void)
{
    __atomic_store_n(&seized, true, __ATOMIC_RELEASE);
}

/* "[    1.234567] line" */
void machine_log(struct bytes line)
{
    enum { SECONDS_WIDTH = 5, LINE_MAX = 1200 };
    u8 buffer[LINE_MAX];
    u8 seconds_buffer[24];
    struct writer text, seconds;
    u64 now_us = machine_monotonic_ns() / 1000;
    writer_init(&seconds, seconds_buffer, sizeof(seconds_buffer));
    writer_decimal(&seconds, now_us / 1000000);
    writer_init(&text, buffer, sizeof(buffer));
    writer_u8(&text, '[');
    for (usize i = seconds.size; i < SECONDS_WIDTH; i++)
        writer_u8(&text, ' ');
    writer_bytes(&text, (struct bytes){ seconds_buffer, seconds.size });
    writer_u8(&text, '.');
    u64 rest = now_us % 1000000;
    for (u64 unit = 100000; unit > 0; unit /= 10)
        writer_u8(&text, (u8)('0' + rest / unit % 10));
    writer_text(&text, "] ");
    writer_bytes(&text, line);
    usize size = u64_min(text.size, sizeof(buffer) - 1);
    buffer[size] = '\n';
    console_write((struct bytes){ buffer, size + 1 }, true);
}
