# Figures: one question a file, one line an answer. What measures the kernel or the engine alone is
# a native program, linked like a test program but built for speed.

bench_objects = $(call archives,release,$(1) tests/support)

$(BUILD)/bench/ipc: $(BUILD)/release/bench/ipc.o $(BUILD)/release/bench/linux.o \
                    $(call bench_objects,$(tested_hosted))
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/release/bench/ipc.o: | $(generated_headers)

$(BUILD)/bench/engine/guest: $(BUILD)/release/bench/engine/guest.o $(call bench_objects,$(tested_engine))
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

ipc_guests := $(patsubst bench/ipc/%.c,$(BUILD)/bench/ipc.guests/%.wasm,$(wildcard bench/ipc/*.c))
$(ipc_guests): $(BUILD)/bench/ipc.guests/%.wasm: $(BUILD)/wasm/bench/ipc/%.o $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(WASM_LINK) -o $@ $^ $(WASM_BUILTINS)

$(BUILD)/bench/start: $(BUILD)/release/bench/start.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^
$(BUILD)/bench/hello: programs/example/wasi/hello_c.c
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -O2 -o $@ $<

bench: $(BUILD)/weft programs $(BUILD)/bench/ipc $(BUILD)/bench/engine/guest \
       $(ipc_guests) $(BUILD)/bench/start $(BUILD)/bench/hello
	@for question in $(sort $(wildcard bench/*/run)); do echo; $$question || exit 1; done
	@echo
	@$(BUILD)/bench/ipc $(BUILD)/bench/ipc.guests
	@echo
	@$(BUILD)/bench/start "native hello" $(BUILD)/bench/hello
	@$(BUILD)/bench/start "weft run hello.wasm" $(BUILD)/weft run \
	    $(BUILD)/programs/example/wasi/hello_c.wasm
	@$(BUILD)/bench/start "weft run sqlite.wasm" $(BUILD)/weft run --env HOME=/ \
	    $(BUILD)/programs/sqlite.wasm -version
