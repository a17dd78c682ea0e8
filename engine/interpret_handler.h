/* How a handler begins: a header of its own, so that a build that counts what runs can put another in
 * its place (bench/engine/profile). */
#ifndef ENGINE_INTERPRET_HANDLER_H
#define ENGINE_INTERPRET_HANDLER_H

#define HANDLER(name) void handle_##name(HANDLER_PARAMETERS)

#endif
