/* What init starts, and what each may reach. */
#ifndef PROGRAMS_INIT_TABLE_H
#define PROGRAMS_INIT_TABLE_H

#include "abi/body.h"

enum {
    TABLE_DEVICES_MAX = 4,
    TABLE_USES_MAX = 8,
    TABLE_ARGUMENTS_MAX = 4,
    TABLE_HANDLES_MAX = 2,
    TABLE_KINDS_MAX = 2,
};

struct table_interface {
    const char *name;
    const char *hash; /* as text; NULL: none */
};

/* What a PCI device says that it is. */
struct table_kind {
    uint16_t vendor; /* 0: none */
    uint16_t model;
};

struct table_service {
    const char *name;
    uint32_t memory_pages;                      /* of 64 KiB, at most; 0: as usual */
    const char *program;                        /* in the boot bundle */
    const char *arguments[TABLE_ARGUMENTS_MAX]; /* behind its name */
    const char *devices[TABLE_DEVICES_MAX];     /* that it may see */
    /* In their place: each device of these kinds has a service of its own, with that device's name
     * as its first argument. */
    struct table_kind kinds[TABLE_KINDS_MAX];
    struct table_interface uses[TABLE_USES_MAX]; /* besides those that every program has */
    /* For the session, if it is to have it, and for services that use it. One that handles nothing
     * is of use by itself. */
    struct table_interface handles[TABLE_HANDLES_MAX];
    bool is_for_session;
};

extern const struct table_service table_services[];
extern const uint32_t table_service_count;

/* What every service has: its start and end, time, and a place to say what is wrong. */
extern const struct table_interface table_usual[];
extern const uint32_t table_usual_count;

/* What the session, and all that a person starts in it, must not have. */
extern const struct table_interface table_withheld[];
extern const uint32_t table_withheld_count;

#endif
