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
/* While a service is replaced there are two of it. */
bool silo_widen(uint64_t silo, const struct manifest_service *service, bool is_doubled);
/* For the session: one that has all that init has, where services are bound, and within it one for
 * people's programs, in which some of that is withheld, or asked about. */
bool silo_create_session(const struct manifest_session *session, uint64_t *silo, uint64_t *people);
void silo_destroy(uint64_t silo);

/* In this silo the interface is handled by whom the slot leads to. */
bool silo_bind(uint64_t silo, const struct manifest_handle *handle, int32_t handler);
/* Nobody there may use it any more, or messages wait. */
bool silo_set(uint64_t silo, const struct manifest_handle *handle, enum system_verdict verdict);
/* The message that is answered when one waits there. */
int64_t silo_await(uint64_t silo, const struct manifest_handle *handle);

/* `device`, for these devices only. */
bool silo_bind_devices(uint64_t silo, struct manifest_string_list devices);

enum { SILO_SLOTS_MAX = WEFT_GIFTS_MAX }; /* that one message can give */

struct silo_start {
    uint64_t silo;
    const struct bundle_program *program;
    struct manifest_string_list arguments;
    bool is_session;   /* it gets init's environment */
    bool with_streams; /* and copies of init's own slots: streams, directories */
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
