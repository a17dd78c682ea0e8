/* Every bound of the engine, with its reason. A module beyond one is refused with STATUS_LIMIT;
 * the counts that other engines fix alike follow the limits of the JavaScript API (WebAssembly
 * JavaScript Interface, "Implementation-defined Limits"), so what loads in a browser loads here. */
#ifndef ENGINE_LIMITS_H
#define ENGINE_LIMITS_H

enum {
    /* Offsets of a module and of its lowered code fit 32 bits with room to spare. */
    LIMIT_MODULE_BYTES = 256 << 20,
    LIMIT_TYPES = 1000000,
    LIMIT_FUNCTIONS = 1000000,
    LIMIT_IMPORTS = 1000000,
    LIMIT_EXPORTS = 1000000,
    LIMIT_GLOBALS = 1000000,
    LIMIT_DATA_SEGMENTS = 1000000,
    LIMIT_ELEMENT_SEGMENTS = 1000000,
    /* Programs have one or two. Small ones are taken uncounted, 8 KiB each. */
    LIMIT_TABLES = 100,
    /* Each memory reserves 8 GiB of address space, and 47 bits hold 16 thousand of those. */
    LIMIT_MEMORIES = 16,
    /* A function with more would not fit its frame's 16-bit slot numbers. */
    LIMIT_PARAMETERS = 1000,
    LIMIT_RESULTS = 1000,
    LIMIT_LOCALS = 50000,
    LIMIT_FUNCTION_BYTES = 7654321,
    /* Locals, operands and the header of a frame: slots have 16-bit numbers. */
    LIMIT_FRAME_SLOTS = 65000,
    /* Blocks within blocks: each takes about 150 bytes while its function is loaded. */
    LIMIT_BLOCK_DEPTH = 100000,
    /* A value stack larger than this is a mistake of who asks. */
    LIMIT_STACK_BYTES = 256 << 20,
    /* Calls from the host that have not returned: each takes some of the native stack. */
    LIMIT_HOST_DEPTH = 64,
    LIMIT_ELEMENTS_IN_SEGMENT = 10000000,
    /* What a table may grow to, whatever maximum it declares: 80 MB, the size of its reservation. */
    LIMIT_TABLE_ELEMENTS = 10000000,
    /* Operands a constant expression may have pending: it is evaluated on the native stack. */
    LIMIT_CONST_OPERANDS = 64,
};

#endif
