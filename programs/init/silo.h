/* Silos, as init makes them: what is in them may reach what it is given and nothing else. Each
 * gives false, and says in the log what went wrong. */
#ifndef PROGRAMS_INIT_SILO_H
#define PROGRAMS_INIT_SILO_H

#include "lib/bundle.h"
#include "programs/init/table.h"

/* For one process that may use the interfaces listed and those every service has. */
bool silo_create_narrow(const struct table_service *service, uint64_t *silo);
/* For the session: all that init has but what is withheld. */
bool silo_create_session(uint64_t *silo);

/* In this silo the interface is handled by whom the slot leads to. */
bool silo_bind(uint64_t silo, const struct table_interface *interface, int32_t handler);
/* Nobody there may use it any more; or may again. */
bool silo_deny(uint64_t silo, const struct table_interface *interface);

/* `device`, for these devices only; TABLE_DEVICES_MAX, or fewer and then NULL. */
bool silo_bind_devices(uint64_t silo, const char *const *devices);

struct silo_start {
    uint64_t silo;
    const struct bundle_program *program;
    const struct weft_bytes *arguments;
    uint32_t argument_count;
    bool with_streams; /* it gets copies of init's own */
};

/* Starts a process: a slot to it, and the message that is answered when it ends. */
bool silo_spawn(const struct silo_start *start, int32_t *process, int64_t *ended);
/* The id of a process that was spawned; 0 if it is none any more. */
uint64_t silo_process_id(int32_t process);
void silo_kill(int32_t process);
void silo_close(int32_t slot);

#endif
