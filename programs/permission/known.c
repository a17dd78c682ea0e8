#include "programs/permission/known.h"

#include "interface/boot.h"
#include "interface/clock.h"
#include "interface/device.h"
#include "interface/entropy.h"
#include "interface/files.h"
#include "interface/framebuffer.h"
#include "interface/input.h"
#include "interface/loader.h"
#include "interface/log.h"
#include "interface/machine.h"
#include "interface/manifest.h"
#include "interface/mounts.h"
#include "interface/names.h"
#include "interface/permissions.h"
#include "interface/pipe.h"
#include "interface/power.h"
#include "interface/random.h"
#include "interface/rtc.h"
#include "interface/screen.h"
#include "interface/serial.h"
#include "interface/services.h"
#include "interface/statistics.h"
#include "interface/stream.h"
#include "interface/system.h"
#include "interface/tcp.h"
#include "interface/terminal.h"
#include "interface/udp.h"
#include "lib/interface.h"
#include "lib/memory.h"

#define NAMED(name) name##_INTERFACE_NAME, name##_INTERFACE_HASH
#define NO_SUBSTITUTE NULL, NULL

const struct known known_interfaces[] = {
    { NAMED(SYSTEM), "start other programs and divide its rights among them",
      "end the processes that it started, and never has more rights than it was given", true,
      NO_SUBSTITUTE },
    { NAMED(CLOCK), "read the clock", "measure how long things take, and learn what day it is",
      true, "substitute/clock", "a clock that shows whole seconds only" },
    { NAMED(RANDOM), "have random numbers", "make keys and games of chance", true, NO_SUBSTITUTE },
    { NAMED(LOG), "write into the system's log and read it",
      "leave lines there, and learn what other programs have told", true, NO_SUBSTITUTE },
    { NAMED(STREAM), "write to where the whole system does",
      "print text, and read what is typed there", true, NO_SUBSTITUTE },
    { NAMED(PIPE), "make pipes", "pass bytes between programs that it starts", true,
      NO_SUBSTITUTE },
    { NAMED(BOOT), "read the programs that the system came with",
      "copy them; there is nothing of yours among them", true, NO_SUBSTITUTE },
    { NAMED(TERMINAL), "use your terminal", "show anything on it, and read what you type to it",
      true, NO_SUBSTITUTE },
    { NAMED(FILES), "open all folders that this session has",
      "read, change and delete what is in them", true, "substitute/files",
      "an empty folder" },
    { NAMED(TCP), "connect to other computers and wait for their calls (TCP)",
      "send anywhere what it can read here, and fetch anything", false, "substitute/tcp",
      "a network on which every connection is refused" },
    { NAMED(UDP), "send packets to other computers and receive theirs (UDP)",
      "send anywhere what it can read here, and fetch anything", false, "substitute/udp",
      "a network that is not available" },
    { NAMED(NAMES), "look up names of computers", "tell by what it asks for what you are doing",
      false, "substitute/names", "a directory in which no name is found" },
    { NAMED(POWER), "turn the machine off, or start it again", "end all of your programs", false,
      NO_SUBSTITUTE },
    { NAMED(ENTROPY), "add to what the system's random numbers are made of",
      "not learn anything of them", false, NO_SUBSTITUTE },
    { NAMED(MACHINE), "read which CPUs, memory and devices this machine has",
      "tell this machine from others, and change nothing", false, NO_SUBSTITUTE },
    { NAMED(DEVICE), "drive the machine's hardware itself",
      "read and change everything on this machine", false, NO_SUBSTITUTE },
    { NAMED(FRAMEBUFFER), "draw on the whole screen", "cover what others show, and read it", false,
      NO_SUBSTITUTE },
    { NAMED(INPUT), "have every key and movement of the mouse",
      "read your passwords while you type them", false, NO_SUBSTITUTE },
    { NAMED(SCREEN), "read the pixels of your screen and draw on it",
      "read all that other programs show, and draw what looks like theirs", false, NO_SUBSTITUTE },
    { NAMED(SERIAL), "have the machine's serial line",
      "send anything to what is connected there, and read what comes from it", false,
      NO_SUBSTITUTE },
    { NAMED(RTC), "read the machine's own clock", "learn what day it is", false, NO_SUBSTITUTE },
    { NAMED(LOADER), "fetch programs by their hashes", "learn which programs there are", false,
      NO_SUBSTITUTE },
    { NAMED(MANIFEST), "read what the system is made of", "learn which services there are", false,
      NO_SUBSTITUTE },
    { NAMED(SERVICES), "list the system's services, start and stop them",
      "interrupt what they do", false, NO_SUBSTITUTE },
    { NAMED(STATISTICS), "see how busy the programs of this session are",
      "learn what runs when, and not what it says", true, NO_SUBSTITUTE },
    { NAMED(MOUNTS), "list what is mounted here, mount and unmount",
      "put other files in the place of some", false, NO_SUBSTITUTE },
    { NAMED(PERMISSIONS), "see and take away what programs may do",
      "learn what your programs did; to give rights it needs your word each time", true,
      NO_SUBSTITUTE },
};

const uint32_t known_interface_count = sizeof(known_interfaces) / sizeof(known_interfaces[0]);

const struct known *known_by_hash(struct weft_bytes hash)
{
    for (uint32_t i = 0; i < known_interface_count; i++) {
        struct interface_hash row = interface_hash(known_interfaces[i].hash);
        if (hash.size == INTERFACE_HASH_BYTES && memcmp(row.bytes, hash.data, hash.size) == 0)
            return &known_interfaces[i];
    }
    return NULL;
}

const struct known *known_by_name(const char *name)
{
    for (uint32_t i = 0; i < known_interface_count; i++)
        if (strcmp(known_interfaces[i].name, name) == 0)
            return &known_interfaces[i];
    return NULL;
}
