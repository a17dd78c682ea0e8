#include "programs/less/termcap.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
    char name[3];
    const char *text;
} strings[] = {
    { "cm", "\033[%i%d;%dH" }, { "ho", "\033[H" },      { "cl", "\033[H\033[2J" },
    { "cd", "\033[J" },        { "ce", "\033[K" },      { "sr", "\033M" },
    { "al", "\033[L" },        { "cr", "\r" },          { "so", "\033[7m" },
    { "se", "\033[27m" },      { "us", "\033[4m" },     { "ue", "\033[24m" },
    { "md", "\033[1m" },       { "mb", "\033[5m" },     { "me", "\033[m" },
    { "ti", "\033[?1049h" },   { "te", "\033[?1049l" }, { "ks", "\033[?1h\033=" },
    { "ke", "\033[?1l\033>" }, { "ku", "\033OA" },      { "kd", "\033OB" },
    { "kr", "\033OC" },        { "kl", "\033OD" },      { "kh", "\033OH" },
    { "@7", "\033OF" },        { "kP", "\033[5~" },     { "kN", "\033[6~" },
    { "kD", "\033[3~" },       { "kb", "\177" },        { "@8", "\033OM" },
};

static bool is_dumb;

int tgetent(char *buffer, const char *terminal)
{
    (void)buffer;
    is_dumb = strcmp(terminal, "dumb") == 0;
    return 1;
}

/* It wraps lines, but not before the character behind the last column; it can go back. */
int tgetflag(const char *name)
{
    if (is_dumb)
        return strcmp(name, "hc") == 0;
    return strcmp(name, "am") == 0 || strcmp(name, "xn") == 0 || strcmp(name, "bs") == 0;
}

/* Its size is asked of itself. */
int tgetnum(const char *name)
{
    (void)name;
    return -1;
}

char *tgetstr(const char *name, char **place)
{
    static char own[32];
    for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]) && !is_dumb; i++) {
        if (strcmp(strings[i].name, name) != 0)
            continue;
        char *copy = strcpy(place == NULL ? own : *place, strings[i].text);
        if (place != NULL)
            *place += strlen(copy) + 1;
        return copy;
    }
    return NULL;
}

char *tgoto(const char *motion, int column, int row)
{
    static char text[32];
    (void)motion; /* there is one */
    snprintf(text, sizeof(text), "\033[%d;%dH", row + 1, column + 1);
    return text;
}

int tputs(const char *text, int lines, int (*put)(int))
{
    (void)lines; /* no terminal takes its time any more */
    while (*text != '\0')
        put((unsigned char)*text++);
    return 0;
}
