/* A whole program: the choices are shared out to its parts, so that none of them uses up all. */
#include "tests/fuzz/engine/generate.h"

enum { CALLS_OF_FUNCTION_MAX = 2 };

/* From here on, one part in `parts` of what choices there are. */
static struct fuzz_choices share(struct fuzz_choices *choices, u32 parts)
{
    struct fuzz_choices part = *choices;
    part.limit = part.at + (part.limit - part.at) / parts;
    choices->at = part.limit;
    return part;
}

static void shape(struct fuzz_program *program, struct fuzz_choices choices)
{
    program->module_count = 1 + (fuzz_choose(&choices, 3) == 2);
    program->is_interrupted = fuzz_choose(&choices, 4) == 3;
    for (u32 i = 0; i < program->module_count; i++) {
        struct fuzz_choices part = share(&choices, program->module_count - i);
        generate_module(program, i, &part);
    }
}

static u32 bodies_of(const struct fuzz_module *module)
{
    return module->function_count - module->own_functions;
}

static void bodies(struct fuzz_program *program, struct fuzz_choices choices)
{
    u32 left = 0;
    for (u32 i = 0; i < program->module_count; i++)
        left += bodies_of(&program->modules[i]);
    for (u32 i = 0; i < program->module_count; i++) {
        struct fuzz_module *module = &program->modules[i];
        for (u32 index = module->own_functions; index < module->function_count; index++) {
            struct fuzz_choices part = share(&choices, left--);
            struct generator g = { .choices = &part, .program = program, .module = module };
            generate_body(&g, index);
        }
    }
}

static u64 argument(struct fuzz_choices *choices, value_type type)
{
    if (type == TYPE_FUNCREF)
        return 0;
    return type == TYPE_EXTERNREF ? fuzz_choose(choices, 4) : fuzz_choose_constant(choices, type);
}

static void call_add(struct fuzz_program *program, u32 module, u32 function,
                     struct fuzz_choices *choices)
{
    const struct fuzz_type *type = &program->modules[module].functions[function].type;
    if (program->call_count == FUZZ_CALLS_MAX)
        return;
    struct fuzz_call *call = &program->calls[program->call_count++];
    *call = (struct fuzz_call){ .module = module, .function = function };
    for (u32 i = 0; i < type->parameter_count; i++)
        call->arguments[i] = argument(choices, type->parameters[i]);
}

static void calls(struct fuzz_program *program, struct fuzz_choices choices)
{
    program->call_count = 0;
    for (u32 i = program->module_count; i-- != 0;) {
        const struct fuzz_module *module = &program->modules[i];
        for (u32 index = module->function_count; index-- != module->own_functions;)
            for (u32 k = fuzz_choose(&choices, CALLS_OF_FUNCTION_MAX) + 1; k != 0; k--)
                call_add(program, i, index, &choices);
    }
}

void fuzz_generate(struct fuzz_program *program, const u8 *bytes, usize count)
{
    struct fuzz_choices choices = { .bytes = bytes, .limit = count };
    __builtin_memset(program->generated, 0, sizeof(program->generated));
    shape(program, share(&choices, 6));
    calls(program, share(&choices, 20));
    bodies(program, choices);
}

void fuzz_program_free(struct fuzz_program *program)
{
    for (u32 i = 0; i < FUZZ_MODULES_MAX; i++)
        fuzz_buffer_free(&program->modules[i].code);
}
