/* Memory for machine code of platform/hosted, and faults of code that runs there on a stack of its
 * own. */
#include "platform/hosted/machine_cpu.h"
#include "platform/hosted/machine_fault.h"
#include "tests/machine/support/kernel.h"
#include "tests/tap.h"

#include <string.h>

enum { CODE_BYTES = 64 << 10, GUEST_STACK_WORDS = 1024 };

static struct code_memory code;

/* Code that takes a place in memory to read, and a stack to run on. */
static const u8 reads_on_stack[] = {
    0x48, 0x89, 0xE0,       /* mov rax, rsp */
    0x48, 0x89, 0xF4,       /* mov rsp, rsi */
    0x48, 0x8B, 0x3F,       /* mov rdi, [rdi] */
    0x48, 0x89, 0xC4,       /* mov rsp, rax */
    0x48, 0x89, 0xF8, 0xC3, /* mov rax, rdi; ret */
};
/* Not at the very beginning: a sanitized caller looks at what is before a function. */
enum { READER_AT = 64, READ_OFFSET = 6 };

static usize emit(usize offset, const void *bytes, usize size)
{
    memcpy(code.write + offset, bytes, size);
    return offset;
}

/* The rights of the mapping that `address` is in, as /proc/self/maps words them. */
static bool has_rights(const void *address, const char *rights)
{
    char line[512];
    char found[5] = "";
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && found[0] == '\0' && fgets(line, sizeof(line), maps) != NULL) {
        unsigned long start, end;
        char here[5];
        if (sscanf(line, "%lx-%lx %4s", &start, &end, here) == 3 && (usize)address >= start &&
            (usize)address < end)
            memcpy(found, here, sizeof(found));
    }
    if (maps != NULL)
        fclose(maps);
    return strcmp(found, rights) == 0;
}

static void test_memory(void)
{
    static const u8 gives_42[] = { 0xB8, 42, 0, 0, 0, 0xC3 }; /* mov eax, 42; ret */
    static const u8 gives_43[] = { 0xB8, 43, 0, 0, 0, 0xC3 };
    int (*function)(void);
    TAP_OK(machine_code_reserve(CODE_BYTES, &code) && code.size == CODE_BYTES,
           "there is memory for machine code");
    bool zero = code.write[CODE_BYTES - 1] == 0 && code.run[CODE_BYTES - 1] == 0;
    emit(CODE_BYTES - 64, gives_42, sizeof(gives_42));
    const u8 *run = code.run + CODE_BYTES - 64;
    memcpy(&function, &run, sizeof(function));
    TAP_OK(zero && function() == 42, "what is written in one mapping runs in the other");
    emit(CODE_BYTES - 64, gives_43, sizeof(gives_43));
    TAP_OK(function() == 43, "and again when it is written anew");
    TAP_OK(has_rights(code.write, "rw-s") && has_rights(code.run, "r-xs"),
           "no mapping may be both written and run");
}

/* ---- Faults ---- */

static struct machine_fault seen;
static u8 *forbidden;

static bool fault_is_seen(const struct machine_fault *fault)
{
    seen = *fault;
    return true;
}

static u64 *stack_given;

static void run_reader(void *argument)
{
    void (*function)(const void *place, void *stack);
    memcpy(&function, argument, sizeof(function));
    function(forbidden, stack_given);
}

static void test_faults(void)
{
    static u64 guest_stack[GUEST_STACK_WORDS];
    const u8 *run = code.run + emit(READER_AT, reads_on_stack, sizeof(reads_on_stack));
    forbidden = machine_reserve(CODE_BYTES);
    test_kernel.fault = fault_is_seen;
    stack_given = guest_stack + GUEST_STACK_WORDS;
    bool returned = machine_guarded_call(run_reader, &run);
    TAP_OK(!returned && seen.address == forbidden,
           "a fault on a guest's own stack unwinds to the native one");
    TAP_OK(seen.pc == (u64)(usize)(run + READ_OFFSET) && seen.sp == (u64)(usize)stack_given,
           "it tells at which instruction it was, and the stack pointer there");
    stack_given = (u64 *)(void *)forbidden;
    TAP_OK(!machine_guarded_call(run_reader, &run) && seen.sp == (u64)(usize)forbidden,
           "its handler needs nothing of that stack");
    machine_release(forbidden, CODE_BYTES);
}

static struct machine_context *context;

static void faults_entry(void *argument)
{
    (void)argument;
    test_faults();
    machine_context_switch(context, machine_context_of_cpu());
}

int main(void)
{
    cpu_set_count(1);
    fault_init();
    cpu_init();
    test_memory();
    test_faults();
    context = machine_context_create(faults_entry, NULL);
    machine_context_switch(machine_context_of_cpu(), context);
    machine_context_destroy(context);
    machine_code_release(&code);
    TAP_OK(code.write == NULL && code.run == NULL, "memory for code can be given back");
    TAP_OK(!machine_code_reserve((usize)1 << 60, &code), "more than there is cannot be had");
    return tap_done();
}
