# Programs, all WebAssembly: programs/**/FOLDER/*.c becomes BUILD/programs/**/FOLDER.wasm.

# --- Native Weft programs: the three calls, lib/ and the interface stubs, no C library ----------

WASM_CFLAGS := --target=wasm32 -std=gnu11 $(WARNINGS) -O2 -mbulk-memory -msign-ext \
               -mnontrapping-fptoint -ffreestanding -fvisibility=hidden \
               -ffunction-sections -fdata-sections
WASM_LDFLAGS := --target=wasm32 -nostdlib -fuse-ld=lld-19 -Wl,--stack-first -Wl,-z,stack-size=65536
WASM_BUILTINS := $(wildcard /usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a)

weft_folders := $(patsubst programs/%/,%,$(sort $(dir $(wildcard programs/library/*/*.c))))
weft_programs := $(weft_folders:%=$(BUILD)/programs/%.wasm)

$(BUILD)/wasm/%.o: %.c | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(WASM_CFLAGS) -I. -I$(BUILD)/generated -MMD -MP -c -o $@ $<
$(BUILD)/wasm/generated/%.o: $(BUILD)/generated/%.c | $(generated_headers)
	@mkdir -p $(@D)
	$(CC) $(WASM_CFLAGS) -I. -I$(BUILD)/generated -MMD -MP -c -o $@ $<

$(BUILD)/wasm/libweft.a: $(patsubst %.c,$(BUILD)/wasm/%.o,$(wildcard lib/*.c abi/*.c) $(generated_sources))
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

# A library answers an import namespace by its exports and has no start of its own.
$(BUILD)/programs/library/%.wasm: WASM_LDFLAGS += -Wl,--no-entry
define weft_program_rule
$(BUILD)/programs/$(1).wasm: $(patsubst %.c,$(BUILD)/wasm/%.o,$(wildcard programs/$(1)/*.c)) $(BUILD)/wasm/libweft.a
	@mkdir -p $$(@D)
	$$(CC) $$(WASM_LDFLAGS) -o $$@ $$^ $$(WASM_BUILTINS)
endef
$(foreach program,$(weft_folders),$(eval $(call weft_program_rule,$(program))))

programs: $(weft_programs)
