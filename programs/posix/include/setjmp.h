/* Long jumps (C11 §7.13) need exceptions, which the engine does not have yet. `setjmp` is the
 * first return; a jump ends the program with a word. */
#ifndef POSIX_SETJMP_H
#define POSIX_SETJMP_H

typedef int jmp_buf[1];
typedef int sigjmp_buf[1];
#define setjmp(buffer) ((void)(buffer), 0)
#define sigsetjmp(buffer, mask) ((void)(buffer), (void)(mask), 0)
_Noreturn void longjmp(jmp_buf buffer, int value);
_Noreturn void siglongjmp(sigjmp_buf buffer, int value);

#endif
