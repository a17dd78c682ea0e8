/* A world with two puppets: `server` is bound to interface alpha in the root silo, `client` has a
 * slot to it. */
#ifndef TESTS_KERNEL_SUPPORT_PAIR_H
#define TESTS_KERNEL_SUPPORT_PAIR_H

#include "tests/simulate/request.h"
#include "tests/simulate/world.h"
#include "tests/tap.h"

struct pair {
    struct puppet *client;
    struct puppet *server;
    i32 slot; /* the client's, to alpha */
};

/* The clock stands still but for deadlines; on one CPU, unless pair_run says otherwise. */
struct pair pair_start(void);
/* Runs the tests on one CPU, and on three that interrupt each other everywhere. */
void pair_run(void (*tests)(void));
struct pair pair_start_with(const struct simulate_options *machine);
/* A puppet in the root silo that is there, or the test stops. */
struct puppet *pair_puppet(void);

/* The client sends a text and wants an answer, the server takes it: the id that the client has and
 * the one that the server has. */
struct delivered {
    i64 sent;
    i64 taken;
};

struct delivered pair_deliver(struct pair *pair, const char *text);

/* The event that `puppet` gets when it polls is a message with that text. */
bool pair_gets(struct puppet *puppet, const char *text);
/* It gets nothing. */
bool pair_gets_nothing(struct puppet *puppet);
/* It gets the answer to `id` with that status. */
bool pair_gets_answer(struct puppet *puppet, i64 id, enum weft_status status);

/* Bytes of the puppet's memory. */
enum { PUPPET_MEMORY_BYTES = 2 << 16 };

#define PAIR_END() TAP_OK(world_end(), "  and nothing is leaked")

#endif
