# Figures: one question a file, one line an answer. What measures the kernel or the engine alone is
# a native program, linked like a test program but built for speed.

bench_objects = $(call archives,release,$(1) tests/support)

kernel_benches := $(BUILD)/bench/ipc $(BUILD)/bench/calls $(BUILD)/bench/preempt
$(kernel_benches): $(BUILD)/bench/%: $(BUILD)/release/bench/%.o \
                   $(patsubst %,$(BUILD)/release/bench/%.o,kernel linux) \
                   $(call bench_objects,$(tested_hosted))
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(patsubst %,$(BUILD)/release/bench/%.o,ipc calls preempt kernel): | $(generated_headers)

$(BUILD)/bench/engine/guest: $(BUILD)/release/bench/engine/guest.o $(call bench_objects,$(tested_engine))
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/bench/compile/measure: $(BUILD)/release/bench/compile/measure.o \
                                $(call room_objects,release,tests/engine/support) \
                                $(call bench_objects,$(tested_engine))
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

ipc_guests := $(patsubst bench/ipc/%.c,$(BUILD)/bench/ipc.guests/%.wasm,$(wildcard bench/ipc/*.c))
preempt_guests := $(patsubst bench/preempt/%.c,$(BUILD)/bench/preempt.guests/%.wasm,\
                  $(wildcard bench/preempt/*.c))
$(ipc_guests): $(BUILD)/bench/ipc.guests/%.wasm: $(BUILD)/wasm/bench/ipc/%.o $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(WASM_LINK) -o $@ $^ $(WASM_BUILTINS)
$(preempt_guests): $(BUILD)/bench/preempt.guests/%.wasm: $(BUILD)/wasm/bench/preempt/%.o \
                   $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(WASM_LINK) -o $@ $^ $(WASM_BUILTINS)
calls_guests := $(patsubst bench/calls/%.c,$(BUILD)/bench/calls.guests/%.wasm,$(wildcard bench/calls/*.c))
$(calls_guests): $(BUILD)/bench/calls.guests/%.wasm: $(BUILD)/wasm/bench/calls/%.o $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(WASM_LINK) -o $@ $^ $(WASM_BUILTINS)
$(BUILD)/bench/calls.guests/library.wasm: WASM_LINK += -Wl,--no-entry

$(BUILD)/bench/start: $(BUILD)/release/bench/start.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^
$(BUILD)/bench/hello: programs/example/wasi/hello_c.c
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -O2 -o $@ $<

# A first program that says when it began, and two processes that send each other messages.
metal_sources := $(wildcard bench/boot/*.c bench/metal/*.c)
metal_guests := $(patsubst %.c,$(BUILD)/%.wasm,$(metal_sources))
$(metal_guests): $(BUILD)/%.wasm: $(BUILD)/wasm/%.o $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(WASM_LINK) -o $@ $^ $(WASM_BUILTINS)
$(patsubst %.c,$(BUILD)/wasm/%.o,$(metal_sources)): | $(generated_headers)

# A kernel that does nothing, beside which booting is measured.
$(BUILD)/bench/empty.elf: bench/boot/empty.S platform/pc/image.ld
	@mkdir -p $(@D)
	$(CC) -c -o $(@:.elf=.o) $<
	ld.lld-19 -nostdlib -static -z max-page-size=4096 --defsym=multiboot2_entry=entry \
	    -T platform/pc/image.ld -o $@ $(@:.elf=.o)

bench: export XDG_CACHE_HOME := $(abspath $(BUILD))/bench/cache
bench: $(BUILD)/weft programs $(kernel_benches) $(BUILD)/bench/engine/guest $(BUILD)/bench/compile/measure \
       pc $(system_guests) $(ipc_guests) $(calls_guests) $(preempt_guests) $(BUILD)/bench/start $(BUILD)/bench/hello \
       $(BUILD)/bench/empty.elf $(metal_guests)
	@for question in $(sort $(wildcard bench/*/run)); do echo; $$question || exit 1; done
	@echo
	@$(BUILD)/bench/ipc $(BUILD)/bench/ipc.guests
	@echo
	@$(BUILD)/bench/preempt $(BUILD)/bench/preempt.guests
	@echo
	@$(BUILD)/bench/calls $(BUILD)/bench/calls.guests
	@echo
	@$(BUILD)/bench/start "native hello" $(BUILD)/bench/hello
	@$(BUILD)/bench/start "... without kept code" $(BUILD)/weft run --no-cache \
	    $(BUILD)/programs/example/wasi/hello_c.wasm
	@$(BUILD)/bench/start "weft run hello.wasm" $(BUILD)/weft run \
	    $(BUILD)/programs/example/wasi/hello_c.wasm
	@$(BUILD)/bench/start "weft run sqlite.wasm" $(BUILD)/weft run --env HOME=/ \
	    $(BUILD)/programs/sqlite.wasm -version
