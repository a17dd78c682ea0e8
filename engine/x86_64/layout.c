/* Holds layout.h to the structures. */
#include "engine/x86_64/layout.h"

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
AT(execution, resumed, EXECUTION_RESUMED);
AT(instance, memory_base, INSTANCE_MEMORY_BASE);
AT(instance, own_globals, INSTANCE_OWN_GLOBALS);
AT(instance, tag, INSTANCE_TAG);
AT(instance, table0, INSTANCE_TABLE0);
AT(function, type, FUNCTION_TYPE);
AT(function, instance, FUNCTION_INSTANCE);
AT(function, native, FUNCTION_NATIVE);
AT(function, far, FUNCTION_FAR);
AT(function, stack_words, FUNCTION_STACK_WORDS);
AT(function, host, FUNCTION_HOST);
AT(function, host_context, FUNCTION_HOST_CONTEXT);
AT(function_type, id, TYPE_ID);
AT(interrupted, general, STOPPED_GENERAL);
AT(interrupted, vector, STOPPED_VECTOR);
AT(interrupted, vector_control, STOPPED_CONTROL);
_Static_assert(TRAP_INDIRECT_CALL_TYPE == TRAP_OF_INDIRECT_CALL, "the trap's number");
/* Copied two at a time by enter_instance. */
_Static_assert(EXECUTION_TAG == EXECUTION_OWN_GLOBALS + 8 && INSTANCE_TAG == INSTANCE_OWN_GLOBALS + 8,
               "side by side");
