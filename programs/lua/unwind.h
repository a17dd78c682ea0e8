/* Errors of Lua without exceptions: ldo.c of Lua is compiled with these in place of longjmp.
 *
 * A throw begins an unwinding and returns. Asyncify, a pass of binaryen's wasm-opt over the linked
 * program, has put a check behind each call that may throw: while the program unwinds it returns at
 * once. So all frames go, up to the function that tries, where the unwinding ends. Nothing is ever
 * resumed, so what Asyncify keeps of the frames is forgotten. */
#ifndef PROGRAMS_LUA_UNWIND_H
#define PROGRAMS_LUA_UNWIND_H

void unwind_begin(void);
/* Asyncify leaves alone who calls this, which is luaD_rawrunprotected: it has to see it there, and
 * nothing else may become part of that function, nor it of another. */
__attribute__((import_module("asyncify"), import_name("stop_unwind"))) void unwind_end(void);
struct lua_State;
__attribute__((noinline)) int luaD_rawrunprotected(struct lua_State *L,
                                                   void (*f)(struct lua_State *, void *), void *ud);

#define LUAI_THROW(L, c) unwind_begin()
#define LUAI_TRY(L, c, a)                                                                          \
    {                                                                                              \
        a unwind_end();                                                                            \
    }
#define luai_jmpbuf int

/* A C library's temporary names: there is no place for such files that everybody has. */
#define LUA_TMPNAMBUFSIZE 1
#define lua_tmpnam(buffer, failed)                                                                 \
    {                                                                                              \
        (void)(buffer);                                                                            \
        (failed) = 1;                                                                              \
    }
#include <stdio.h>
#define tmpfile() NULL

#endif
