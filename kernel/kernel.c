#include "kernel/kernel.h"

#include "kernel/alarm.h"
#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/decided.h"
#include "kernel/decision.h"
#include "kernel/engine_place.h"
#include "kernel/finish.h"
#include "kernel/handlers.h"
#include "kernel/happening.h"
#include "kernel/log.h"
#include "kernel/native.h"
#include "kernel/options.h"
#include "kernel/pending.h"
#include "kernel/permission.h"
#include "kernel/process.h"
#include "kernel/program.h"
#include "kernel/random.h"
#include "kernel/schedule.h"
#include "kernel/silo.h"
#include "kernel/statistics.h"

static struct kernel_options kernel_options;

const struct kernel_options *options_of_kernel(void)
{
    return &kernel_options;
}

static void init_tables(void)
{
    schedule_init();
    alarm_init();
    binding_init();
    decisions_init();
    decided_init();
    messages_init();
    native_init();
    pending_init();
    finish_init();
    happenings_init();
    statistics_init();
    program_init();
    random_questions_init();
}

enum status kernel_start(const struct kernel_options *options)
{
    kernel_options = *options;
    init_tables();
    enum status status = log_init() ? engine_place_init(options->interprets)
                                    : STATUS_NO_MEMORY;
    if (status == STATUS_OK && !silo_init_root())
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = handlers_init();
    if (status == STATUS_OK)
        status = permission_init();
    if (status != STATUS_OK)
        (void)kernel_end();
    return status;
}

void kernel_stop(void)
{
    lock_take();
    struct silo *root = silo_root();
    for (struct silo *silo = root; silo != NULL; silo = silo_walk(root, silo))
        process_kill_silo(silo);
    schedule_stop();
    lock_give();
}

bool kernel_end(void)
{
    permission_deinit();
    handlers_deinit();
    if (silo_root() != NULL)
        silo_deinit_root();
    bool is_clean = program_deinit();
    if (is_clean)
        engine_place_deinit();
    messages_deinit();
    log_deinit();
    return is_clean && block_taken_bytes() == 0;
}
