# QuickJS, as its author released it, with a main of ours: a script runner on WASI.
quickjs := $(BUILD)/quickjs
quickjs_sources := $(BUILD)/sources/quickjs
foreign_programs += $(BUILD)/programs/quickjs.wasm

# The depth of JavaScript's calls is bounded well below what this program's own stack holds.
quickjs_flags := -w -I$(quickjs)/include -I$(quickjs_sources) -include programs/quickjs/unix.h \
    -D_GNU_SOURCE -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_GETPID \
    -DCONFIG_VERSION='"2025-04-26"' -DJS_DEFAULT_STACK_SIZE=262144
quickjs_absent := pthread.h setjmp.h dlfcn.h termios.h sys/wait.h
quickjs_objects := $(patsubst %,$(quickjs)/%.o,quickjs quickjs-libc libregexp libunicode cutils dtoa)

# What these headers would declare is in unix.h.
$(quickjs)/include/.made: $(quickjs_sources)/.unpacked $(SYSROOT)/.made
	@mkdir -p $(quickjs)/include/sys
	touch $(addprefix $(quickjs)/include/,$(quickjs_absent)) $@

$(quickjs)/main.o: programs/quickjs/main.c programs/quickjs/unix.h $(quickjs)/include/.made
	$(CC) $(WASI_CFLAGS) $(quickjs_flags) -c -o $@ $<
$(quickjs)/%.o: programs/quickjs/unix.h $(quickjs)/include/.made
	$(CC) $(WASI_CFLAGS) $(quickjs_flags) -c -o $@ $(quickjs_sources)/$*.c

$(BUILD)/programs/quickjs.wasm: $(quickjs_objects) $(quickjs)/main.o $(CURRENT_DIRECTORY) $(BROKEN_PIPE)
	@mkdir -p $(@D)
	$(CC) $(WASI_LDFLAGS) -o $@ $^ -lwasi-emulated-signal -lwasi-emulated-process-clocks \
	    -lwasi-emulated-getpid
