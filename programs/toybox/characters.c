/* Characters of several bytes, where toybox takes bytes. */
#include <toys.h>

static void turn(char *line, long first, long last)
{
    for (; first < last; first++, last--) {
        char byte = line[first];
        line[first] = line[last];
        line[last] = byte;
    }
}

/* A line whose bytes were turned around, up to `last`: turns those of each character back. */
void rev_characters(char *line, long last)
{
    for (long first = 0; first <= last; first++) {
        long lead = first;
        while (lead < last && (line[lead] & 0xC0) == 0x80)
            lead++;
        if ((line[lead] & 0xC0) == 0xC0)
            turn(line, first, lead);
        first = lead;
    }
}
