# Figures: one question a file, one line an answer. What measures the kernel or the engine alone is
# a native program, linked like a test program but built for speed.

bench_objects = $(call archives,release,$(1) tests/support)

$(BUILD)/bench/ipc $(BUILD)/bench/preempt: $(BUILD)/bench/%: $(BUILD)/release/bench/%.o \
                    $(BUILD)/release/bench/linux.o $(BUILD)/release/bench/weft.o \
                    $(call bench_objects,$(tested_hosted))
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/release/bench/ipc.o $(BUILD)/release/bench/preempt.o $(BUILD)/release/bench/weft.o: | $(generated_headers)

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

$(BUILD)/bench/start: $(BUILD)/release/bench/start.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^
$(BUILD)/bench/hello: programs/example/wasi/hello_c.c
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -O2 -o $@ $<

bench: export XDG_CACHE_HOME := $(abspath $(BUILD))/bench/cache
bench: $(BUILD)/weft programs $(BUILD)/bench/ipc $(BUILD)/bench/engine/guest $(BUILD)/bench/compile/measure \
       $(ipc_guests) $(BUILD)/bench/preempt $(preempt_guests) $(BUILD)/bench/start $(BUILD)/bench/hello
	@for question in $(sort $(wildcard bench/*/run)); do echo; $$question || exit 1; done
	@echo
	@$(BUILD)/bench/ipc $(BUILD)/bench/ipc.guests
	@echo
	@$(BUILD)/bench/preempt $(BUILD)/bench/preempt.guests
	@echo
	@$(BUILD)/bench/start "native hello" $(BUILD)/bench/hello
	@$(BUILD)/bench/start "... without kept code" $(BUILD)/weft run --no-cache \
	    $(BUILD)/programs/example/wasi/hello_c.wasm
	@$(BUILD)/bench/start "weft run hello.wasm" $(BUILD)/weft run \
	    $(BUILD)/programs/example/wasi/hello_c.wasm
	@$(BUILD)/bench/start "weft run sqlite.wasm" $(BUILD)/weft run --env HOME=/ \
	    $(BUILD)/programs/sqlite.wasm -version
