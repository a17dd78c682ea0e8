/* Services and how they fare. */
#ifndef PROGRAMS_INIT_SERVICE_H
#define PROGRAMS_INIT_SERVICE_H

#include "interface/services.h"
#include "interface/system.h"
#include "lib/bundle.h"
#include "programs/init/devices.h"
#include "programs/init/restart.h"
#include "programs/init/table.h"

enum { SERVICES_MAX = 16 };

struct service {
    const struct table_service *row;
    char device[DEVICES_NAME_BYTES]; /* if the row has kinds: the one that it is for */
    enum services_state state;
    struct bundle_program program;
    uint64_t silo;   /* 0: it has none, and never runs */
    int32_t process; /* a slot, while it runs */
    int64_t ended;   /* the message that its end will answer, while it runs */
    uint64_t due;    /* when it is started, while it waits */
    uint32_t starts;
    struct restart restart;
};

/* All of them, and the silo of those whom they serve. */
struct services {
    struct service list[SERVICES_MAX];
    uint32_t count;
    uint64_t session;
};

/* Of init's own arguments, how many come first that are a service's: `SERVICE:WORD`. Such a service
 * gets the word behind those of its row. */
uint32_t service_argument_count(void);
/* Makes the silos of the table's services, as far as the boot bundle has their programs and
 * somebody uses them; one whose device is not there is given up. */
void service_prepare_all(struct services *services, uint64_t session);
/* Starts those that are due. */
void service_start_due(struct services *services, uint64_t now_ns);
/* When the next one is; -1: none is. */
int64_t service_deadline(const struct services *services);
/* A process has ended, as the answer to message `ended` tells: its service waits, or is given up.
 */
void service_on_end(struct services *services, int64_t ended, const struct system_ending *ending,
                    uint64_t now_ns);
/* NULL: there is none with this name. */
struct service *service_find(struct services *services, struct weft_bytes name);
/* As somebody has asked for: at once, however often it has ended. False: it has given up. */
bool service_restart(struct services *services, struct service *service, uint64_t now_ns);

#endif
