/* How commands are run. Private to run*.c, simple.c and subshell.c. */
#ifndef PROGRAMS_SHELL_RUN_H
#define PROGRAMS_SHELL_RUN_H

#include "programs/shell/language/tree.h"
#include "programs/shell/shell.h"

int run_simple(const struct node *node);
/* Runs a command whose words are known. */
int run_words(struct words *words, bool no_functions);
/* A program, though there is a builtin of its name; the builtin, if there is no program. */
int run_as_program(struct words *words);
/* Starts the command as a process of the job, with these streams: a program if it is one, another
 * shell otherwise, which takes signals if it runs behind. 0 or an exit status, told. */
int run_start(const struct node *node, struct stream **streams, struct job *job, bool is_behind);

#endif
