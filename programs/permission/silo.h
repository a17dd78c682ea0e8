/* Silos that this process makes: for the session, and for substitutes. */
#ifndef PROGRAMS_PERMISSION_SILO_H
#define PROGRAMS_PERMISSION_SILO_H

#include "interface/system_program.h"
#include "lib/client.h"

/* 0: there can be none. */
uint64_t silo_create(struct weft_bytes name, struct system_limits limits);
/* With all that is in it. */
void silo_destroy(uint64_t silo);
/* The interface is denied there from now on; what was had by it ends. */
void silo_deny(uint64_t silo, const char *hash);
/* What a row of one's own table says from now on in the silo below. */
typedef enum system_verdict silo_verdict(const struct system_binding *row);
/* False: not all could be set. */
bool silo_narrow(uint64_t silo, silo_verdict *verdict);
/* The interface is handled there by this slot, which is closed. */
bool silo_bind(uint64_t silo, const char *name, const char *hash, int32_t handler);
bool silo_row_is(const struct system_binding *row, const char *hash);

#endif
