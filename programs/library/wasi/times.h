/* The times that fd_filestat_set_times and path_filestat_set_times set. Private to the library. */
#ifndef PROGRAMS_LIBRARY_WASI_TIMES_H
#define PROGRAMS_LIBRARY_WASI_TIMES_H

#include "interface/files.h"
#include "programs/library/wasi/wasi.h"

struct times {
    struct files_new_time accessed;
    struct files_new_time modified;
};

/* From WASI_FSTFLAG_...; WASI_EINVAL if they contradict each other. */
uint32_t times_decode(uint32_t flags, uint64_t accessed, uint64_t modified, struct times *times);

#endif
