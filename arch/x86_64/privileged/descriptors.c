/* Layouts: Intel's manual, volume 3: segment descriptors 3.4.5, the task state 8.7, gates 6.14. */
#include "arch/x86_64/privileged/descriptors.h"

enum {
    SELECTOR_CODE = 8,
    SELECTOR_TASK_STATE = 24,
    TASK_STATE_BYTES = 104,
    TASK_STATE_STACKS = 36,
    TASK_STATE_PORTS =
        102, /* where its port permissions begin: beyond its end, so there are none */
    GATE_PRESENT_INTERRUPT = 0x8E, /* interrupts go off */
    VECTOR_ENTRY_BYTES = 16,
};

#define SEGMENT_CODE_64 0x00209B0000000000ull
#define SEGMENT_DATA 0x0000930000000000ull

struct gate {
    u16 offset_low;
    u16 selector;
    u8 stack;
    u8 type;
    u16 offset_middle;
    u32 offset_high;
    u32 unused;
};

_Static_assert(sizeof(struct gate) == 16, "as the CPU reads it");

struct __attribute__((packed)) table_pointer {
    u16 last_byte;
    u64 address;
};

extern const u8 vector_entries[]; /* vectors.S: VECTOR_ENTRY_BYTES each */

static struct gate gates[VECTOR_COUNT];

static enum interrupt_stack stack_of(u32 vector)
{
    switch (vector) {
    case VECTOR_NMI:
        return INTERRUPT_STACK_NMI;
    case VECTOR_DOUBLE_FAULT:
    case VECTOR_MACHINE_CHECK:
        return INTERRUPT_STACK_BROKEN;
    default:
        return vector < VECTOR_INTERRUPTS ? INTERRUPT_STACK_FAULT : INTERRUPT_STACK_INTERRUPT;
    }
}

/* The same for all CPUs, and written the same by each. */
static void fill_gates(void)
{
    for (u32 i = 0; i < VECTOR_COUNT; i++) {
        u64 entry = (usize)vector_entries + (usize)i * VECTOR_ENTRY_BYTES;
        gates[i] = (struct gate){
            .offset_low = (u16)entry,
            .selector = SELECTOR_CODE,
            .stack = (u8)(stack_of(i) + 1),
            .type = GATE_PRESENT_INTERRUPT,
            .offset_middle = (u16)(entry >> 16),
            .offset_high = (u32)(entry >> 32),
        };
    }
}

static void fill_task_state(struct descriptors *descriptors, u8 *const tops[INTERRUPT_STACK_COUNT])
{
    enum { TYPE_AVAILABLE_PRESENT = 0x89 };
    u64 base = (usize)descriptors->task_state;
    u16 ports = TASK_STATE_BYTES;
    for (u32 i = 0; i < INTERRUPT_STACK_COUNT; i++)
        __builtin_memcpy(descriptors->task_state + TASK_STATE_STACKS + 8 * i, &tops[i], 8);
    __builtin_memcpy(descriptors->task_state + TASK_STATE_PORTS, &ports, sizeof(ports));
    descriptors->segments[3] = (TASK_STATE_BYTES - 1) | (base & 0xFFFFFF) << 16 |
                               (u64)TYPE_AVAILABLE_PRESENT << 40 | (base >> 24 & 0xFF) << 56;
    descriptors->segments[4] = base >> 32;
}

void descriptors_load(struct descriptors *descriptors, u8 *const tops[INTERRUPT_STACK_COUNT])
{
    *descriptors = (struct descriptors){ .segments = { 0, SEGMENT_CODE_64, SEGMENT_DATA } };
    fill_task_state(descriptors, tops);
    fill_gates();
    struct table_pointer segments = { sizeof(descriptors->segments) - 1,
                                      (usize)descriptors->segments };
    struct table_pointer vectors = { sizeof(gates) - 1, (usize)gates };
    __asm__ volatile("lgdt %0\n\tlidt %1\n\tltr %w2"
                     :
                     : "m"(segments), "m"(vectors), "r"(SELECTOR_TASK_STATE)
                     : "memory");
}
