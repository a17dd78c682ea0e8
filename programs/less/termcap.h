/* What less asks of a terminal (X/Open Curses, termcap calls). There is one kind of terminal here:
 * one that understands ECMA-48 as xterm does, be it the system's own or the one that it was started
 * in. `dumb` in TERM is one that understands nothing. */
#ifndef PROGRAMS_LESS_TERMCAP_H
#define PROGRAMS_LESS_TERMCAP_H

/* 1: it is known; the buffer is not used. */
int tgetent(char *buffer, const char *terminal);
int tgetflag(const char *name);
/* -1: it has no such number. */
int tgetnum(const char *name);
/* NULL: it cannot do that. The string is copied to *place, which is moved behind it, unless `place`
 * is NULL. */
char *tgetstr(const char *name, char **place);
/* Where the cursor is to go, in a buffer until the next call. */
char *tgoto(const char *motion, int column, int row);
int tputs(const char *text, int lines, int (*put)(int));

#endif
