#include "engine/compile/passes.h"

enum {
    /* Working memory for so many instructions is kept for the next function: about half a MB. What is
     * larger has no more of it than the pass at hand needs. */
    KEPT_INSTRUCTIONS = 1 << 13,
};

static bool working_take(struct compiler *compiler)
{
    if (compiler->emitter == NULL) {
        builder_init(&compiler->builder, compiler->source);
        compiler->marker = (struct marker){ .source = compiler->source };
    }
    return (compiler->allocator != NULL ||
            allocator_create(compiler->source, &compiler->allocator) == STATUS_OK) &&
           (compiler->emitter != NULL ||
            compile_target.emitter_create(compiler->source, &compiler->emitter) == STATUS_OK);
}

static void building_give(struct compiler *compiler)
{
    builder_destroy(&compiler->builder);
    builder_init(&compiler->builder, compiler->source);
}

static void marking_give(struct compiler *compiler)
{
    mark_destroy(&compiler->marker);
    compiler->marker = (struct marker){ .source = compiler->source };
}

static void allocating_give(struct compiler *compiler)
{
    allocator_destroy(compiler->allocator);
    compiler->allocator = NULL;
}

void passes_give(struct compiler *compiler)
{
    aside_destroy(&compiler->aside);
    if (compiler->allocator != NULL)
        allocating_give(compiler);
    if (compiler->emitter == NULL)
        return;
    compile_target.emitter_destroy(compiler->emitter);
    building_give(compiler);
    marking_give(compiler);
    ir_destroy(compiler->source, &compiler->ir);
    allocation_give(compiler->source, &compiler->allocation);
    compiler->emitter = NULL;
    compiler->ir = (struct ir){ 0 };
}

void passes_trim(struct compiler *compiler)
{
    if (compiler->ir.is_large || compiler->ir.capacity > KEPT_INSTRUCTIONS)
        passes_give(compiler);
}

enum status passes_run(struct compiler *compiler, const struct module *module, u32 function,
                       struct emission *emission)
{
    struct ir *ir = &compiler->ir;
    if (ir_is_large(module, function))
        passes_give(compiler);
    if (!working_take(compiler))
        return STATUS_NO_MEMORY;
    ir->module = module;
    enum status status = builder_run(&compiler->builder, ir, function);
    if (ir->is_large)
        building_give(compiler);
    if (status == STATUS_OK && !mark_run(&compiler->marker, ir))
        status = STATUS_NO_MEMORY;
    if (status != STATUS_OK)
        return status;
    if (ir->is_large) {
        marking_give(compiler);
        ir_trim(compiler->source, ir);
    }
    compile_target.fold(ir);
    status = allocator_run(compiler->allocator, ir, &compiler->target, &compiler->allocation);
    if (ir->is_large)
        allocating_give(compiler);
    if (status != STATUS_OK)
        return status;
    return aside_emit(&compiler->aside, compiler->emitter, ir, &compiler->allocation, emission);
}
