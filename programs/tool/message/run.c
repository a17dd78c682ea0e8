#include "programs/tool/message/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "interface/system_program.h"
#include "programs/tool/message/rows.h"

extern char **environ;

enum { EXIT_NOT_FOUND = 127 };

/* Nothing in it runs before `resume`. */
static bool create_suspended(uint64_t *silo)
{
    static const struct system_limits none;
    struct system_u64_error_result created;
    struct system_none_error_result suspended;
    if (system_create_silo(system_client(), 0, WEFT_BYTES("traced"), none, &created) != WEFT_OK ||
        created.failed)
        return false;
    *silo = created.value;
    return system_suspend_silo(system_client(), *silo, &suspended) == WEFT_OK && !suspended.failed;
}

static int64_t ask_for_end(pid_t process)
{
    struct system_process_error_result found = { .failed = true };
    if (system_find(system_client(), (uint64_t)process, &found) != WEFT_OK || found.failed)
        return 0;
    return system_process_ended_send(system_client_of(found.value), WEFT_WANT_ANSWER);
}

int run_traced(char **arguments, int64_t *ended)
{
    static const int streams[] = { 0, 1, 2 };
    struct system_none_error_result resumed;
    uint64_t silo;
    if (!create_suspended(&silo)) {
        fprintf(stderr, "message: %s: there can be no silo for it\n", arguments[0]);
        return EXIT_FAILED;
    }
    posix_set_silo(silo);
    pid_t process = posix_start(arguments[0], arguments, environ, streams);
    if (process < 0) {
        fprintf(stderr, "message: %s: %s\n", arguments[0],
                errno == ENOENT ? "it is not found" : strerror(errno));
        return EXIT_NOT_FOUND;
    }
    *ended = ask_for_end(process);
    int failed = *ended > 0 ? rows_trace_all(silo) : tell_error("message", SYSTEM_ERROR_NOT_FOUND);
    system_resume_silo(system_client(), silo, &resumed);
    return failed;
}
