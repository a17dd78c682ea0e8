/* Where there is no compiler: everything is interpreted. */
#include "engine/compiler.h"

enum status compiler_create(struct engine *engine, struct compiler **compiler)
{
    (void)engine;
    *compiler = NULL;
    return STATUS_OK;
}

void compiler_destroy(struct engine *engine, struct compiler *compiler)
{
    (void)engine, (void)compiler;
}

void compiled_create(struct module *module)
{
    (void)module;
}

void compiled_destroy(struct module *module)
{
    (void)module;
}

void compiled_at_load(struct module *module)
{
    (void)module;
}

bool compiled_image_take(struct module *module, struct bytes image)
{
    (void)module, (void)image;
    return false;
}

usize compiled_image_size(const struct module *module)
{
    (void)module;
    return 0;
}

bool compiled_image_write(const struct module *module, void *image, usize size)
{
    (void)module, (void)image, (void)size;
    return false;
}

struct module_code compiled_count(const struct module *module)
{
    (void)module;
    return (struct module_code){ 0 };
}

void compiled_function_prepare(struct function *function)
{
    (void)function;
}

enum status compiled_execution_prepare(struct execution *execution)
{
    (void)execution;
    return STATUS_OK;
}

void compiled_execution_end(struct execution *execution)
{
    (void)execution;
}

bool compiled_has(const struct execution *execution, u64 pc)
{
    (void)execution, (void)pc;
    return false;
}

bool compiled_preempt(struct execution *execution, struct interrupted *interrupted)
{
    (void)execution, (void)interrupted;
    return false;
}

/* Nobody calls these: no module has compiled code. */

enum trap compiled_call(struct execution *execution, struct function *function, u64 *slots)
{
    (void)execution, (void)function, (void)slots;
    BASE_ASSERT(false);
    return TRAP_HOST_FAULT;
}

void native_walk_begin(struct native_walk *walk)
{
    walk->pc = 0;
}

void native_walk_outwards(struct native_walk *walk)
{
    walk->pc = 0;
}

u32 compiled_positions(const struct module *module, u32 function, u64 pc,
                       struct compiled_position positions[COMPILED_POSITIONS_MAX])
{
    (void)pc;
    positions[0] = (struct compiled_position){ function, module->functions[function].body_offset };
    return 1;
}
