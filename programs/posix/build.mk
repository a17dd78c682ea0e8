# What WASI's C library lacks of POSIX, for programs that were written for Unix: programs/posix. They
# are compiled with POSIX_CFLAGS and linked with POSIX_LIBRARIES.
POSIX_HEADERS := $(wildcard programs/posix/include/*.h programs/posix/include/*/*.h)
POSIX_CFLAGS := -Iprograms/posix/include -include posix.h -D_WASI_EMULATED_SIGNAL \
                -D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_GETPID -D_WASI_EMULATED_MMAN
# What has relative paths begin at PWD, and what has a program end when nobody reads it any more, for programs that
# need nothing else of this, too. Nobody names what they do, so they would not be taken from an archive.
CURRENT_DIRECTORY := $(BUILD)/wasm/programs/posix/start.o
BROKEN_PIPE := $(BUILD)/wasm/programs/posix/broken_pipe.o
POSIX_OBJECTS := $(CURRENT_DIRECTORY) $(BROKEN_PIPE) $(BUILD)/wasm/libposix.a $(BUILD)/wasm/libweft.a
POSIX_LIBRARIES := $(POSIX_OBJECTS) -lwasi-emulated-signal \
                   -lwasi-emulated-process-clocks -lwasi-emulated-getpid \
                   -lwasi-emulated-mman -lc-printscan-long-double

posix_objects := $(patsubst %.c,$(BUILD)/wasm/%.o,$(wildcard programs/posix/*.c))
$(posix_objects): $(BUILD)/wasm/%.o: %.c $(POSIX_HEADERS) $(SYSROOT)/.made | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) $(WARNINGS) $(POSIX_CFLAGS) -I. -I$(BUILD)/generated -MMD -MP -c -o $@ $<
$(BUILD)/wasm/libposix.a: $(posix_objects)
	rm -f $@
	$(AR) rcs $@ $^

# Tools that start others: programs/posix/tool/NAME.c.
posix_tools := $(patsubst programs/posix/tool/%.c,$(BUILD)/programs/bin/%.wasm,$(wildcard programs/posix/tool/*.c))
foreign_programs += $(posix_tools)
$(BUILD)/wasm/programs/posix/tool/%.o: programs/posix/tool/%.c $(POSIX_HEADERS) $(SYSROOT)/.made | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) $(WARNINGS) $(POSIX_CFLAGS) -I. -I$(BUILD)/generated -MMD -MP -c -o $@ $<
$(posix_tools): $(BUILD)/programs/bin/%.wasm: $(BUILD)/wasm/programs/posix/tool/%.o $(POSIX_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(WASI_LDFLAGS) -Wl,--gc-sections -o $@ $< $(POSIX_LIBRARIES)
