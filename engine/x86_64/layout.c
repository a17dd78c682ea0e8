/* Holds layout.h to the structures. */
#include "engine/x86_64/layout.h"

#include "engine/compile/ir.h"
#include "engine/compile/native.h"

#define AT(structure, member, place)                                                              \
    _Static_assert(offsetof(struct structure, member) == (place), #structure "." #member)

AT(execution, instance, EXECUTION_INSTANCE);
AT(execution, own_globals, EXECUTION_OWN_GLOBALS);
AT(execution, tag, EXECUTION_TAG);
AT(execution, table0, EXECUTION_TABLE0);
AT(execution, host_sp, EXECUTION_HOST_SP);
AT(execution, guest_sp, EXECUTION_GUEST_SP);
AT(execution, native_pc, EXECUTION_NATIVE_PC);
AT(execution, native_sp, EXECUTION_NATIVE_SP);
AT(execution, stopped, EXECUTION_STOPPED);
AT(execution, interrupt, EXECUTION_INTERRUPT);
AT(execution, far, EXECUTION_FAR);
AT(execution, in_host, EXECUTION_IN_HOST);
AT(execution, has_record, EXECUTION_HAS_RECORD);
AT(execution, front.resumed, EXECUTION_RESUMED);
AT(instance, memory_base, INSTANCE_MEMORY_BASE);
AT(instance, own_globals, INSTANCE_OWN_GLOBALS);
AT(instance, tag, INSTANCE_TAG);
AT(instance, table0, INSTANCE_TABLE0);
AT(instance, memories, INSTANCE_MEMORIES);
AT(instance, module, INSTANCE_MODULE);
AT(module, types, MODULE_TYPES);
AT(memory, size_bytes, MEMORY_SIZE_BYTES);
AT(function, instance, FUNCTION_INSTANCE);
AT(function, native, FUNCTION_NATIVE);
AT(function, far, FUNCTION_FAR);
AT(function, stack_words, FUNCTION_STACK_WORDS);
AT(function, host, FUNCTION_HOST);
AT(function, host_context, FUNCTION_HOST_CONTEXT);
AT(function, host_copy.to, FUNCTION_COPY_TO);
AT(function, host_copy.from, FUNCTION_COPY_FROM);
AT(function, type_id, FUNCTION_TYPE_ID);
AT(function_type, id, TYPE_ID);
AT(interrupted, general, STOPPED_GENERAL);
AT(interrupted, vector, STOPPED_VECTOR);
AT(interrupted, vector_control, STOPPED_CONTROL);
_Static_assert((int)RUNTIME_MEMORY_FILL == BULK_FILL && (int)RUNTIME_MEMORY_COPY == BULK_COPY,
               "bits of an IR_RUNTIME of memory 0");
_Static_assert(TRAP_INDIRECT_CALL_TYPE == TRAP_OF_INDIRECT_CALL, "the trap's number");
_Static_assert(STUB_NOWHERE == (int)NATIVE_BACK_NOWHERE && STUB_KEPT == (int)NATIVE_BACK_KEPT &&
                   STUB_FAR == (int)NATIVE_BACK_FAR &&
                   STUB_FAR_STACK == (int)NATIVE_BACK_FAR_STACK &&
                   STUB_RCX == (int)NATIVE_BACK_RCX,
               "as the rows have it");
_Static_assert(EXECUTION_HAS_RECORD == EXECUTION_IN_HOST + 1, "cleared together by host_plain");
/* Copied two at a time by enter_instance. */
_Static_assert(EXECUTION_TAG == EXECUTION_OWN_GLOBALS + 8 && INSTANCE_TAG == INSTANCE_OWN_GLOBALS + 8,
               "side by side");
