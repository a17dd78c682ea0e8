# Tools that look at the system: a program a file, on WASI and Weft's own interfaces, in bin/ beside
# toybox's.
tool_programs := $(patsubst programs/tool/%.c,$(BUILD)/programs/bin/%.wasm,\
                 $(filter-out programs/tool/system.c,$(wildcard programs/tool/*.c)))
foreign_programs += $(tool_programs)

$(BUILD)/wasm/programs/tool/%.o: programs/tool/%.c $(SYSROOT)/.made | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(WASI_CFLAGS) $(WARNINGS) -I. -I$(BUILD)/generated -MMD -MP -c -o $@ $<
$(tool_programs): $(BUILD)/programs/bin/%.wasm: $(BUILD)/wasm/programs/tool/%.o \
                  $(BUILD)/wasm/programs/tool/system.o $(BUILD)/wasm/libweft.a
	@mkdir -p $(@D)
	$(CC) $(WASI_LDFLAGS) -o $@ $^
