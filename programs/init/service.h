/* Services: what the manifest says of each, and how it fares.
 *
 *              message            ends, and is to run                too often
 *   listening ---------> running ---------------------> waiting ---------------> given up
 *        ^                | ^ |  told to end                 | time
 *        |   ends         | | |-------------> ending         v
 *        +----------------+ | '---> replacing   |         running
 *                           '-----------'       v
 *                                            stopped, or what was asked for
 *
 * What it handles is bound to its process in the silos of its clients: while it waits or ends for a
 * new process messages wait, in `stopped` and `given up` they are denied. */
#ifndef PROGRAMS_INIT_SERVICE_H
#define PROGRAMS_INIT_SERVICE_H

#include "interface/manifest.h"
#include "interface/services.h"
#include "interface/system.h"
#include "programs/init/devices.h"
#include "programs/init/program.h"
#include "programs/init/restart.h"

enum {
    SERVICES_MAX = 96, /* of the manifest's, and more for devices of a kind */
    SERVICE_NAME_BYTES = 48,
    SERVICE_END_BYTES = 96,
    SERVICE_EARLIER_MAX = 8,
    SERVICE_WORDS_MAX = 8, /* of init's arguments, for one service */
};

/* A process of a service. */
struct life {
    int32_t process; /* a slot; WEFT_NO_SLOT: none */
    uint64_t id;
    uint64_t silo; /* of this process and what it starts; 0: that is the service's */
};

/* What happens when a process that was told to end has ended. */
enum purpose {
    PURPOSE_NONE, /* nobody told it: as the manifest says */
    PURPOSE_STOP,
    PURPOSE_RESTART,
    PURPOSE_REPLACE,
    PURPOSE_LAST, /* the system ends */
};

struct service {
    const struct manifest_service *row;
    uint8_t name[SERVICE_NAME_BYTES];
    uint32_t name_size;
    uint32_t number;                 /* among those of its row */
    char device[DEVICES_NAME_BYTES]; /* if the row has kinds: the one that it is for */
    enum services_state state;
    uint64_t since; /* its state */
    enum purpose purpose;
    struct program program;
    bool has_program;
    uint64_t silo; /* where its processes are; 0: nowhere, it never runs */
    struct life life;
    uint64_t seed; /* random; 0: it may not use random numbers */
    uint32_t starts;
    struct restart restart;
    char last_end[SERVICE_END_BYTES];
    uint64_t earlier[SERVICE_EARLIER_MAX]; /* ids of processes, the last one first */
    uint32_t earlier_count;
    int64_t asked; /* a message of `services` that is answered when it is done; 0: none */
    uint64_t until; /* when it is to have ended, after it was told to */
    bool is_doomed; /* it was, and cannot go on */
    bool has_failed; /* init has ended it for what it did, or did not do */
    /* While it is replaced. */
    struct life next;
    struct program next_program;
    bool is_next_up; /* it has waited for messages */
};

/* All of them, in the order in which they are started, and the silo of those whom they serve. */
struct services {
    struct service list[SERVICES_MAX];
    uint32_t count;
    uint64_t session; /* where they are bound for people */
    uint64_t people;  /* where people's programs are, within it */
    bool is_ending; /* nothing is started any more */
};

extern struct services services;

/* Makes the silos of the manifest's services; one whose program or device is not there is given up. */
void service_prepare_all(const struct manifest_system *system);
/* Starts those that start at once, and has the others listen. */
void service_begin_all(void);

/* NULL: there is none with this name. */
struct service *service_find(struct weft_bytes name);
/* The one that people reach by this interface, if it runs or will; NULL: there is none. */
struct service *service_for_session(const char *interface_hash);

/* Whether its row says that it uses this. */
bool service_uses(const struct service *service, const struct manifest_handle *handle);

static inline struct weft_bytes service_name(const struct service *service)
{
    return (struct weft_bytes){ service->name, service->name_size };
}

/* How many of init's own arguments come first that are a service's: `SERVICE:WORD`. Such a service
 * gets the word behind those of its row. */
uint32_t service_argument_count(void);
/* The words for this one: how many there are. */
uint32_t service_words(const struct service *service, struct weft_bytes words[SERVICE_WORDS_MAX]);

/* ---- What else of init drives services (run.c, replace.c, stop.c) ---- */

void service_set_state(struct service *service, enum services_state state);
/* What it handles, in all silos of its clients: bound to this process, or with a verdict. */
void service_bind(const struct service *service, int32_t process);
void service_set(const struct service *service, enum system_verdict verdict);
/* Calls `each` for each silo and handle of its clients. */
typedef void service_row(struct service *service, uint64_t silo,
                         const struct manifest_handle *handle);
void service_each_row(struct service *service, service_row *each);

#endif
