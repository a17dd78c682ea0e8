/* HPET (IA-PC HPET specification 1.0a, 2.3) and the 8254 timer. */
#include "platform/pc/clock.h"

#include "arch/x86_64/privileged/registers.h"
#include "platform/pc/physical.h"

/* ---- HPET ---- */

enum {
    HPET_BYTES = 0x400,
    HPET_PERIOD = 0x4 / 4, /* femtoseconds */
    HPET_CONFIGURATION = 0x10 / 4,
    HPET_COUNTER = 0xF0 / 4,
    HPET_ENABLED = 1,
    HPET_PERIOD_MAX = 100000000, /* the specification's */
};

static volatile u32 *hpet;

/* The low half: it takes more than 40 seconds to come round. */
static u64 hpet_read(void)
{
    return hpet[HPET_COUNTER];
}

bool hpet_start(u64 address, struct counter *counter)
{
    static const u64 FEMTOSECONDS = 1000000000000000;
    hpet = address == 0 ? NULL : physical_map(address, HPET_BYTES, PHYSICAL_DEVICE);
    u32 period = hpet == NULL ? 0 : hpet[HPET_PERIOD];
    if (period == 0 || period > HPET_PERIOD_MAX)
        return false;
    hpet[HPET_CONFIGURATION] |= HPET_ENABLED;
    *counter = (struct counter){ FEMTOSECONDS / period, UINT32_MAX, hpet_read };
    return true;
}

/* ---- The 8254's second channel, which is free for the speaker ---- */

enum {
    PIT_CHANNEL_2 = 0x42,
    PIT_MODE = 0x43,
    PIT_GATE = 0x61,
    PIT_HZ = 1193182,
    MODE_CHANNEL_2_ONCE = 0xB0, /* both bytes, counts down once */
    MODE_CHANNEL_2_LATCH = 0x80,
    GATE_ON = 0x01,
    GATE_SPEAKER = 0x02,
};

static u64 pit_read(void)
{
    port_write_u8(PIT_MODE, MODE_CHANNEL_2_LATCH);
    u16 low = port_read_u8(PIT_CHANNEL_2);
    u16 high = port_read_u8(PIT_CHANNEL_2);
    return UINT16_MAX - (u64)(high << 8 | low);
}

void pit_start(struct counter *counter)
{
    u8 gate = port_read_u8(PIT_GATE);
    port_write_u8(PIT_GATE, (u8)((gate & ~GATE_SPEAKER) | GATE_ON));
    port_write_u8(PIT_MODE, MODE_CHANNEL_2_ONCE);
    port_write_u8(PIT_CHANNEL_2, UINT8_MAX);
    port_write_u8(PIT_CHANNEL_2, UINT8_MAX);
    *counter = (struct counter){ PIT_HZ, UINT16_MAX, pit_read };
}
