/* Silos, as init makes them: what is in them may reach what it is given and nothing else. Each
 * gives false, and says in the log what went wrong. */
#ifndef PROGRAMS_INIT_SILO_H
#define PROGRAMS_INIT_SILO_H

#include "interface/manifest.h"
#include "interface/system.h"
#include "lib/bundle.h"

/* For a service: for as many processes as the manifest says, which may use the interfaces that it
 * names, and those every service has. */
bool silo_create_narrow(const struct manifest_service *service, uint64_t *silo);
/* One below that, for a process of the service and all that it starts: they end together. */
bool silo_create_below(uint64_t parent, const struct manifest_service *service, uint64_t *silo);
/* While a service is replaced there are two of it. */
bool silo_widen(uint64_t silo, const struct manifest_service *service, bool is_doubled);
/* For the session: one that has all that init has, where services are bound. */
bool silo_create_session(const struct manifest_session *session, uint64_t *silo);
/* Cabins of that program, in the silo and below, may take no more. */
bool silo_limit_program(uint64_t silo, struct weft_bytes cid, const struct manifest_limits *limits,
                        struct weft_bytes name);
/* Within it one for people's programs, in which some of that is withheld, or asked about. */
bool silo_create_people(const struct manifest_session *session, uint64_t parent, uint64_t *people);
void silo_destroy(uint64_t silo);
/* Init's own. */
uint64_t silo_of_init(void);

/* In this silo the interface is handled by whom the slot leads to. */
bool silo_bind(uint64_t silo, const struct manifest_handle *handle, int32_t handler);
/* Nobody there may use it any more, or messages wait. */
bool silo_set(uint64_t silo, const struct manifest_handle *handle, enum system_verdict verdict);
/* The message that is answered when one waits there. */
int64_t silo_await(uint64_t silo, const struct manifest_handle *handle);

/* `device`, for these devices only. */
bool silo_bind_devices(uint64_t silo, struct manifest_string_list devices);

struct silo_start {
    uint64_t silo;
    const struct bundle_program *program;
    struct manifest_string_list arguments;
    struct system_string_string_tuple_list environment;
    struct system_named_slot_list slots; /* they are given away */
};

/* Starts a process: a slot to it, and its id. */
bool silo_spawn(const struct silo_start *start, int32_t *process, uint64_t *id);
/* The message that is answered when it ends. */
int64_t silo_await_end(int32_t process);
void silo_kill(int32_t process);
void silo_close(int32_t slot);

/* The monotonic clock. */
uint64_t silo_now(void);

#endif
