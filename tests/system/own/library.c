/* What the tests ask of a C library beyond what the suite's runner does (tests/system/spec). */
#include "machine/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *getenv(const char *name)
{
    (void)name;
    return NULL;
}

void _Exit(int status)
{
    machine_stop(status);
}

void exit(int status)
{
    machine_stop(status);
}

void abort(void)
{
    machine_stop(1);
}

char *strstr(const char *text, const char *part)
{
    usize size = strlen(part);
    for (; *text != 0; text++)
        if (strncmp(text, part, size) == 0)
            return (char *)(usize)text;
    return NULL;
}
