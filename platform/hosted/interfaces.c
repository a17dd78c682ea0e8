/* Without an option: the standard streams, clocks, random numbers, the log, and the system itself,
 * which only gives what the silo allows. */
#include "platform/hosted/interfaces.h"

#include "interface/attention.h"
#include "interface/boot.h"
#include "interface/clock.h"
#include "interface/entropy.h"
#include "interface/files.h"
#include "interface/loader.h"
#include "interface/log.h"
#include "interface/machine.h"
#include "interface/names.h"
#include "interface/power.h"
#include "interface/random.h"
#include "interface/statistics.h"
#include "interface/stream.h"
#include "interface/system.h"
#include "interface/tcp.h"
#include "interface/terminal.h"
#include "interface/udp.h"

const struct known_interface known_interfaces[] = {
    { SYSTEM_INTERFACE_NAME, SYSTEM_INTERFACE_HASH, true, "--allow system" },
    { CLOCK_INTERFACE_NAME, CLOCK_INTERFACE_HASH, true, "--allow clock" },
    { RANDOM_INTERFACE_NAME, RANDOM_INTERFACE_HASH, true, "--allow random" },
    { LOG_INTERFACE_NAME, LOG_INTERFACE_HASH, true, "--allow log" },
    { STATISTICS_INTERFACE_NAME, STATISTICS_INTERFACE_HASH, true, "--allow statistics" },
    { STREAM_INTERFACE_NAME, STREAM_INTERFACE_HASH, true, "--allow stream" },
    { BOOT_INTERFACE_NAME, BOOT_INTERFACE_HASH, false, "--allow boot" },
    { LOADER_INTERFACE_NAME, LOADER_INTERFACE_HASH, false, "--handle loader=PROGRAM" },
    { FILES_INTERFACE_NAME, FILES_INTERFACE_HASH, false, "--dir HOST[:GUEST]" },
    { TCP_INTERFACE_NAME, TCP_INTERFACE_HASH, false, "--allow tcp" },
    { UDP_INTERFACE_NAME, UDP_INTERFACE_HASH, false, "--allow udp" },
    { NAMES_INTERFACE_NAME, NAMES_INTERFACE_HASH, false, "--allow names" },
    { POWER_INTERFACE_NAME, POWER_INTERFACE_HASH, false, "--allow power" },
    { ENTROPY_INTERFACE_NAME, ENTROPY_INTERFACE_HASH, false, "--allow entropy" },
    { MACHINE_INTERFACE_NAME, MACHINE_INTERFACE_HASH, false, "--allow machine" },
    { TERMINAL_INTERFACE_NAME, TERMINAL_INTERFACE_HASH, false, "--allow terminal" },
    { ATTENTION_INTERFACE_NAME, ATTENTION_INTERFACE_HASH, false, "--allow attention" },
};

const u32 known_interface_count = BASE_ARRAY_COUNT(known_interfaces);

const struct known_interface *known_interface_find(struct bytes name)
{
    for (u32 i = 0; i < known_interface_count; i++)
        if (bytes_equal(bytes_from_text(known_interfaces[i].name), name))
            return &known_interfaces[i];
    return NULL;
}
