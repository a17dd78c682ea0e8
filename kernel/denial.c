#include "kernel/denial.h"

#include "kernel/block.h"
#include "kernel/happening.h"
#include "kernel/options.h"
#include "kernel/process.h"
#include "kernel/program.h"

struct denial {
    struct process_id process;
    usize program_size; /* of `text`: the program's name, then NAME@HASH */
    usize size;
    u8 text[2 * NAME_MAX_BYTES + 128];
};

struct denial *denial_note(struct process *process, const struct binding *binding)
{
    if (!program_note_denial(process_program(process), &binding->hash))
        return NULL;
    struct denial *denial = block_take(sizeof(*denial));
    if (denial == NULL)
        return NULL;
    struct writer text;
    writer_init(&text, denial->text, sizeof(denial->text));
    writer_bytes(&text, process->end.program);
    denial->program_size = text.size;
    binding_write(binding, &text);
    BASE_ASSERT(writer_ok(&text));
    denial->size = text.size;
    denial->process.value = process->party.id;
    usize from = denial->program_size;
    happening_of_process(HAPPENING_DENIED, process,
                         (struct bytes){ denial->text + from, denial->size - from });
    return denial;
}

void denial_tell(struct denial *denial)
{
    struct bytes program = { denial->text, denial->program_size };
    struct bytes interface = { denial->text + program.size, denial->size - program.size };
    u8 line[sizeof(denial->text) + 64];
    struct writer text;
    writer_init(&text, line, sizeof(line));
    writer_bytes(&text, program);
    writer_text(&text, ": denied ");
    writer_bytes(&text, interface);
    writer_text(&text, ": no binding of its silo allows it");
    log_line(LOG_INFO, denial->process, (struct bytes){ line, text.size });
    const struct kernel_options *options = options_of_kernel();
    if (options->denied != NULL)
        options->denied(options->context, program, interface);
    block_give(denial, sizeof(*denial));
}
