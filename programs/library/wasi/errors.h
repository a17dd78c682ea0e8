/* What went wrong, in WASI's numbers: one table for each interface. Private to the library. */
#ifndef PROGRAMS_LIBRARY_WASI_ERRORS_H
#define PROGRAMS_LIBRARY_WASI_ERRORS_H

#include "interface/files.h"
#include "interface/stream.h"
#include "interface/tcp.h"
#include "programs/library/wasi/wasi.h"

/* Of a call that brought no answer. */
uint32_t errno_of_status(enum weft_status status);
/* Of an answer that says no. */
uint32_t errno_of_files(enum files_error error);
uint32_t errno_of_stream(enum stream_error error);
uint32_t errno_of_tcp(enum tcp_error error);

/* The errno of a whole call of that interface: its status, and the result if there is one. */
#define ERRNO_OF_CALL(interface, status, result)                                                   \
    ((status) != WEFT_OK ? errno_of_status(status)                                                 \
     : (result).failed   ? errno_of_##interface((result).error)                                    \
                         : WASI_SUCCESS)

#endif
